import { type ComponentPropsWithRef, type ReactNode } from 'react'

import { useTranslate } from '../i18n/use-translate.tsx'
import { classNames } from '../ui/class-names.ts'
import { Count } from '../ui/count.tsx'
import { OnlyRead } from '../ui/only-read.tsx'
import { SlaShape } from '../ui/sla-shape.tsx'
import text from '../ui/text.module.css'
import styles from './rail.module.css'

export function RailGroup({ heading, children }: { heading?: string; children: ReactNode }) {
  return (
    <>
      {heading !== undefined && <h2 className={styles.heading}>{heading}</h2>}
      <ul className={styles.list}>{children}</ul>
    </>
  )
}

interface RailItemProps extends ComponentPropsWithRef<'button'> {
  icon: ReactNode
  label: string
  isShown?: boolean
  /** How many wait there. */
  count?: number | undefined
  /** There may be more: only the server knows. */
  isAtLeast?: boolean
  /** In how many of those something is unread. */
  unread?: number | undefined
  /** The worst of what waits there. */
  due?: 'warning' | 'overdue' | undefined
  /** Something there is not saved. */
  isUnsaved?: boolean
}

/** A line of the rail; in a narrow window its icon, with the words for those who cannot see it. */
export function RailItem({
  icon,
  label,
  isShown = false,
  count,
  isAtLeast = false,
  unread = 0,
  due,
  isUnsaved = false,
  ...rest
}: RailItemProps) {
  const t = useTranslate()
  return (
    <button
      type="button"
      {...rest}
      className={styles.item}
      title={label}
      {...(isShown ? { 'aria-current': 'page' as const } : {})}
    >
      {icon}
      <span
        className={classNames(styles.label, text.grow, text.cut, unread > 0 && styles.hasUnread)}
        data-unread={unread}
      >
        {label}
        {unread > 0 && <OnlyRead> {t('row.unread', { count: unread })}</OnlyRead>}
      </span>
      {due !== undefined && <DueMark of={due} />}
      {isUnsaved && <UnsavedMark />}
      {count !== undefined && (
        <span className={styles.count}>
          <Count of={count} isAtLeast={isAtLeast} />
        </span>
      )}
    </button>
  )
}

function DueMark({ of }: { of: 'warning' | 'overdue' }) {
  const t = useTranslate()
  return (
    <span className={classNames(styles.due, styles[of])} data-due={of}>
      <SlaShape of={of === 'overdue' ? 'breached' : 'warning'} ground="var(--bg-chrome)" />
      <OnlyRead>{t(`rail.${of}`)}</OnlyRead>
    </span>
  )
}

function UnsavedMark() {
  const t = useTranslate()
  return (
    <span className={styles.unsaved} data-unsaved>
      <OnlyRead>{t('form.unsaved')}</OnlyRead>
    </span>
  )
}
