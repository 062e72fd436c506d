import type { UnsentWords } from '@parley/contracts'
import { Copy } from 'lucide-react'
import { type ReactNode } from 'react'

import { useTranslate } from '../i18n/use-translate.tsx'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import text from '../ui/text.module.css'
import { useTimeOrDate } from '../ui/use-time-or-date.ts'
import styles from './unsent-lines.module.css'

/** A person's own words that no server has: to be read whole, and taken elsewhere. */
export function UnsentLines({
  unsent,
  children,
}: {
  unsent: readonly UnsentWords[]
  /** What else can be done with them. */
  children?: ReactNode
}) {
  const t = useTranslate()
  const at = useTimeOrDate()
  const titleOf = ({ kind, customerName }: UnsentWords): string =>
    t(kind === null ? 'unsent.draft' : 'unsent.intent', {
      name: customerName ?? t('unsent.unknownCustomer'),
    })
  const asText = unsent.map((one) => `${titleOf(one)} · ${at(one.at)}\n${one.text ?? ''}`)
  return (
    <>
      <ul className={styles.lines}>
        {unsent.map((one) => (
          <li key={`${one.kind} ${one.conversationId} ${one.at}`} className={styles.line}>
            <span className={text.line}>
              <span className={`${text.grow} ${text.cut}`}>{titleOf(one)}</span>
              <span className={`${text.meta} ${text.digits}`}>{at(one.at)}</span>
            </span>
            {one.text !== null && (
              <p className={styles.words} dir="auto">
                {one.text}
              </p>
            )}
          </li>
        ))}
      </ul>
      <div className={styles.acts}>
        <Button
          look="line"
          size="small"
          onClick={() => void navigator.clipboard.writeText(asText.join('\n\n'))}
        >
          <Icon of={Copy} size={14} />
          {t('unsent.copy')}
        </Button>
        {children}
      </div>
    </>
  )
}
