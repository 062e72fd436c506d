import { type ReactNode } from 'react'

import { useTranslate } from '../i18n/use-translate.tsx'
import { classNames } from './class-names.ts'
import styles from './pill.module.css'

export function Pill({
  look = 'plain',
  children,
}: {
  look?: 'plain' | 'line' | 'accent' | 'calm'
  children: ReactNode
}) {
  return (
    <span className={classNames(styles.pill, look !== 'plain' && styles[look])}>{children}</span>
  )
}

/** How many are unread. */
export function UnreadCount({ count }: { count: number }) {
  const t = useTranslate()
  return (
    <span className={styles.count} role="img" aria-label={t('row.unread', { count })}>
      {count > 99 ? '99+' : count}
    </span>
  )
}
