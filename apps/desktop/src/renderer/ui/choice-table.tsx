import { type ReactNode } from 'react'

import styles from './choice-table.module.css'
import { classNames } from './class-names.ts'
import { TwoLines } from './side-pane.tsx'
import text from './text.module.css'

/** Rows of which one is chosen, and shown beside the list. */
export function ChoiceTable({
  heads,
  first = styles.wide,
  children,
}: {
  /** What stands over the columns; by what is in the first one a row is chosen. */
  heads: readonly [string, ...string[]]
  /** The first column's width, as a class. */
  first?: string | undefined
  children: ReactNode
}) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col" className={head === heads[0] ? first : undefined}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  )
}

export function ChoiceRow({
  id,
  label,
  isChosen,
  onChoose,
  children,
}: {
  /** What tests find it by. */
  id: string | number
  /** What it is chosen by. */
  label: ReactNode
  isChosen: boolean
  onChoose: () => void
  /** The other columns' cells. */
  children: ReactNode
}) {
  return (
    <tr className={styles.row} aria-current={isChosen ? 'true' : undefined} data-row={id}>
      <th scope="row">
        <button type="button" className={styles.choose} onClick={onChoose}>
          {label}
        </button>
      </th>
      {children}
    </tr>
  )
}

/** What stands below the rows. */
export const BelowRows = ({ children }: { children: ReactNode }) => (
  <div className={classNames(styles.below, text.line)}>{children}</div>
)

/** A name, and under it what tells it from others of the same. */
export function NameCell({
  mark,
  name,
  detail,
}: {
  mark?: ReactNode
  name: string
  detail?: string | null
}) {
  return (
    <>
      {mark}
      <TwoLines>
        <span className={classNames(text.cut, styles.name)}>{name}</span>
        {detail && <span className={classNames(text.cut, text.meta)}>{detail}</span>}
      </TwoLines>
    </>
  )
}
