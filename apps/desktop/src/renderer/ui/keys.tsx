import { Fragment } from 'react'

import { type CommandId } from '../contributions/contributed.ts'
import { commandTable } from '../app/command-table.ts'
import { keyLabels } from '../app/keys.ts'
import { useDerived } from '../contributions/registry.ts'
import { classNames } from './class-names.ts'
import styles from './keys.module.css'

/** The keys of a command, as the table of shortcuts has them. Decoration: the name says them too. */
export function Keys({ of, inherit = false }: { of: CommandId; inherit?: boolean }) {
  useDerived(commandTable)
  const labels = keyLabels(of)
  return labels.length === 0 ? null : <KeyCaps labels={labels} inherit={inherit} />
}

export function KeyCaps({
  labels,
  inherit = false,
}: {
  labels: readonly string[]
  inherit?: boolean
}) {
  return (
    <span className={classNames(styles.keys, inherit && styles.inherit)} aria-hidden="true">
      {labels.map((label, index) => (
        <kbd key={index} className={styles.key}>
          {label.split('⏎').map((part, piece) => (
            <Fragment key={piece}>
              {piece > 0 && <EnterArrow />}
              {part}
            </Fragment>
          ))}
        </kbd>
      ))}
    </span>
  )
}

/** The sign is in none of our fonts, and every system draws its own. */
const EnterArrow = () => (
  <svg
    className={styles.enter}
    viewBox="0 0 11 9"
    width="11"
    height="9"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.2"
    strokeLinecap="round"
    strokeLinejoin="round"
  >
    <path d="M9.5 1.5V5H2M4.3 2.7 2 5l2.300 2.300" />
  </svg>
)
