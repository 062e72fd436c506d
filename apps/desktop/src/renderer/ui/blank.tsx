import type { AppError } from '@parley/contracts'
import { Copy, type LucideIcon, TriangleAlert } from 'lucide-react'
import { type ReactNode } from 'react'

import { useTranslate } from '../i18n/use-translate.tsx'
import styles from './blank.module.css'
import { Button, IconButton } from './button.tsx'
import { Icon } from './icon.tsx'

/** A region with nothing in it: what is so, and what comes next. */
export function Blank({
  icon,
  title,
  children,
  actions,
  height,
}: {
  icon: LucideIcon
  title: string
  /** Where nothing else gives it one. */
  height?: number
  children?: ReactNode
  actions?: ReactNode
}) {
  return (
    <div className={styles.blank} style={{ height }}>
      <Icon of={icon} size={24} className={styles.icon} />
      <strong className={styles.title}>{title}</strong>
      {children && <p className={styles.words}>{children}</p>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  )
}

/** A region that could not be read: what failed, a way on, and a short code for support. */
export function FailedBlank({
  title,
  error,
  onRetry,
}: {
  title: string
  error: AppError
  onRetry: () => void
}) {
  const t = useTranslate()
  const code = [error.code, error.requestId?.slice(0, 8)].filter(Boolean).join(' ')
  return (
    <div className={styles.blank} role="alert">
      <Icon of={TriangleAlert} size={24} className={styles.icon} />
      <strong className={styles.title}>{title}</strong>
      <p className={styles.words}>{t('failed.local')}</p>
      <div className={styles.actions}>
        <Button look="primary" onClick={onRetry}>
          {t('action.retry')}
        </Button>
      </div>
      <p className={styles.code}>
        {code}
        <IconButton
          label={t('failed.copyCode')}
          size="small"
          onClick={() => void navigator.clipboard.writeText(code)}
        >
          <Icon of={Copy} size={14} />
        </IconButton>
      </p>
    </div>
  )
}
