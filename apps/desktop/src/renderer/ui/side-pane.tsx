import { X } from 'lucide-react'
import { type ReactNode } from 'react'

import { useTranslate } from '../i18n/use-translate.tsx'
import { IconButton } from './button.tsx'
import { classNames } from './class-names.ts'
import { Icon } from './icon.tsx'
import text from './text.module.css'
import styles from './side-pane.module.css'

/** A list's tools over it. */
export const ListTools = ({ children }: { children: ReactNode }) => (
  <div className={styles.tools}>{children}</div>
)

/** A list, and what is beside it. */
export const ListWithPane = ({ list, children }: { list: ReactNode; children: ReactNode }) => (
  <div className={styles.columns}>
    <div className={styles.list}>{list}</div>
    {children}
  </div>
)

/** What is beside the list: it shows or edits, and the list stays in sight. Escape closes it. */
export function SidePane({
  title,
  detail,
  foot,
  onClose,
  children,
}: {
  title: string
  detail?: string | undefined
  foot?: ReactNode
  onClose: () => void
  children: ReactNode
}) {
  const t = useTranslate()
  return (
    <section
      className={styles.pane}
      aria-label={title}
      onKeyDown={({ key, nativeEvent }) =>
        key === 'Escape' && !nativeEvent.isComposing && onClose()
      }
    >
      <header className={styles.head}>
        <div className={styles.names}>
          <h2 className={classNames(text.title, text.cut)}>{title}</h2>
          {detail !== undefined && (
            <span className={classNames(text.meta, text.cut)}>{detail}</span>
          )}
        </div>
        <IconButton label={t('dialog.close')} onClick={onClose}>
          <Icon of={X} />
        </IconButton>
      </header>
      <div className={styles.body}>{children}</div>
      {foot && <footer className={styles.foot}>{foot}</footer>}
    </section>
  )
}

/** A name over what is said of it, either of which may be cut. */
export const TwoLines = ({ children }: { children: ReactNode }) => (
  <span className={styles.names}>{children}</span>
)

/** One thing of a pane under its name. */
export function PanePart({
  label,
  action,
  children,
}: {
  label: string
  action?: ReactNode
  children?: ReactNode
}) {
  return (
    <div className={styles.part} role="group" aria-label={label}>
      <div className={styles.label}>
        <span>{label}</span>
        {action}
      </div>
      {children}
    </div>
  )
}
