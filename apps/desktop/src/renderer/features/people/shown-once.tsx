import { Check, Copy } from 'lucide-react'
import { useState } from 'react'

import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import field from '../../ui/field.module.css'
import { Icon } from '../../ui/icon.tsx'
import text from '../../ui/text.module.css'
import styles from './people.module.css'

/** What lets whoever has it in: to be copied now, since nothing of ours keeps it. */
export function ShownOnce({
  label,
  value,
  words,
  until,
}: {
  label: string
  value: string
  words: string
  until: string
}) {
  const t = useTranslate()
  const [isCopied, setCopied] = useState(false)
  return (
    <div className={styles.link} role="status">
      <p>{words}</p>
      <input
        className={classNames(field.input, styles.linkText)}
        readOnly
        value={value}
        aria-label={label}
        data-link
        onFocus={({ target }) => target.select()}
      />
      <div className={text.line}>
        <Button
          look="primary"
          autoFocus
          onClick={() => void navigator.clipboard.writeText(value).then(() => setCopied(true))}
        >
          <Icon of={isCopied ? Check : Copy} />
          {t(isCopied ? 'people.copied' : 'people.copy')}
        </Button>
        <span className={text.meta}>{until}</span>
      </div>
    </div>
  )
}
