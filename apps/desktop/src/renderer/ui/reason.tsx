import { Check, type LucideIcon } from 'lucide-react'
import { type ComponentPropsWithoutRef, type ReactNode } from 'react'

import { Icon } from './icon.tsx'
import styles from './reason.module.css'

interface ReasonProps extends ComponentPropsWithoutRef<'div'> {
  /** What settled it; null: nobody knows any more. */
  because: string | null
}

/** Why the machine decided as it did: what settled it, and then what it looked at. */
export function Reason({ because, children, ...rest }: ReasonProps) {
  return (
    <div {...rest} className={styles.reason}>
      {because !== null && (
        <p className={styles.because}>
          <Icon of={Check} size={14} />
          <strong>{because}</strong>
        </p>
      )}
      {children}
    </div>
  )
}

export function ReasonPart({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <section>
      <h3 className={styles.heading}>{heading}</h3>
      {children}
    </section>
  )
}

/** Steps or obstacles, one a line. */
export const ReasonLines = ({ children }: { children: ReactNode }) => (
  <ul className={styles.lines}>{children}</ul>
)

export function ReasonLine({ icon, children }: { icon: LucideIcon; children: ReactNode }) {
  return (
    <li className={styles.line}>
      <Icon of={icon} size={14} />
      <div>{children}</div>
    </li>
  )
}
