import type { LinkOutput } from '@parley/contracts'
import { Check, Copy } from 'lucide-react'
import { useState } from 'react'

import { useSession } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import field from '../../ui/field.module.css'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import text from '../../ui/text.module.css'
import { useTimeOrDate } from '../../ui/use-time-or-date.ts'
import styles from './people.module.css'

/** Shown once, to be handed over: whoever has it is let in. */
export function OneTimeLink({ link: { token, expiresAt } }: { link: LinkOutput }) {
  const t = useTranslate()
  const session = useSession()
  const timeOrDate = useTimeOrDate()
  const [isCopied, setCopied] = useState(false)
  const server = session?.state === 'signed_in' ? session.serverUrl : ''
  const link = `${server}/join#${token}`
  return (
    <div className={styles.link} role="status">
      <p>{t('people.linkWords')}</p>
      <input
        className={classNames(field.input, styles.linkText)}
        readOnly
        value={link}
        aria-label={t('people.link')}
        data-link
        onFocus={({ target }) => target.select()}
      />
      <div className={text.line}>
        <Button
          look="primary"
          autoFocus
          onClick={() => void navigator.clipboard.writeText(link).then(() => setCopied(true))}
        >
          <Icon of={isCopied ? Check : Copy} />
          {t(isCopied ? 'people.copied' : 'people.copy')}
        </Button>
        <span className={text.meta}>{t('people.linkUntil', { at: timeOrDate(expiresAt) })}</span>
      </div>
    </div>
  )
}
