import type { OutboxView } from '@parley/contracts'
import { TriangleAlert } from 'lucide-react'
import { type ReactNode } from 'react'

import { useDirectory } from '../../bridge/views.ts'
import { clockTime } from '../../i18n/moments.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import text from '../../ui/text.module.css'
import styles from './outbox.module.css'
import { outboxTitle, outboxWords, refusalWords } from './outbox-words.ts'

/** What waits to be sent and what was refused, in order. */
export function OutboxLines({
  intents,
  actions,
}: {
  intents: readonly OutboxView[]
  actions?: (intent: OutboxView) => ReactNode
}) {
  const t = useTranslate()
  const { people } = useDirectory()
  return (
    <ul className={styles.lines}>
      {intents.map((intent) => {
        const refused = intent.state === 'refused'
        const detail = refused
          ? refusalWords(intent, t, people).detail
          : intent.isHeld
            ? t('outbox.held')
            : intent.text
              ? t('quoted', { text: intent.text })
              : intent.state === 'sending'
                ? t('outbox.sending')
                : t('outbox.waiting')
        return (
          <li
            key={intent.intentId}
            className={classNames(styles.line, refused && styles.refused)}
            data-intent-id={intent.intentId}
          >
            <Icon
              of={refused ? TriangleAlert : outboxWords(intent.kind).icon}
              className={styles.icon}
            />
            <span className={styles.words}>
              <span className={text.cut}>{outboxTitle(intent, t)}</span>
              <span className={classNames(styles.detail, !refused && text.cut)}>{detail}</span>
            </span>
            <span className={styles.end}>
              <span className={classNames(text.meta, text.digits)}>
                {clockTime(Date.parse(intent.createdAt))}
              </span>
              {actions?.(intent)}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
