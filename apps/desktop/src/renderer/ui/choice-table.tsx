import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'

import styles from './choice-table.module.css'
import { classNames } from './class-names.ts'
import { TwoLines } from './side-pane.tsx'
import text from './text.module.css'

/** Rows of which one is chosen, and shown beside the list. By Tab they are one stop, and from there the arrows go. */
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
  const rows = useRef<HTMLTableSectionElement>(null)
  useEffect(() => {
    if (rows.current !== null) leaveOneStop(rows.current)
  })
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
      <tbody ref={rows} onKeyDown={moveFocus}>
        {children}
      </tbody>
    </table>
  )
}

const choicesIn = (rows: HTMLElement): HTMLButtonElement[] => [
  ...rows.querySelectorAll<HTMLButtonElement>('th > button'),
]

/** The one that has the focus, else the chosen one, else the first. */
function leaveOneStop(rows: HTMLElement): void {
  const choices = choicesIn(rows)
  const stop =
    choices.find((choice) => choice === document.activeElement) ??
    choices.find((choice) => choice.closest('[aria-current]')) ??
    choices[0]
  for (const choice of choices) choice.tabIndex = choice === stop ? 0 : -1
}

const STEPS: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowDown: (at, last) => Math.min(at + 1, last),
  ArrowUp: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_at, last) => last,
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const choices = choicesIn(event.currentTarget)
  const at = choices.findIndex((choice) => choice === document.activeElement)
  const step = STEPS[event.key]
  if (step === undefined || at === -1 || event.altKey || event.ctrlKey || event.metaKey) return
  event.preventDefault()
  choices[step(at, choices.length - 1)]?.focus()
  leaveOneStop(event.currentTarget)
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
