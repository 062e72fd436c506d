import { type KeyboardEvent, type ReactNode, useEffect, useEffectEvent, useRef } from 'react'

import { useCommand } from '../app/commands.ts'
import { type KeyPress } from '../app/key-press.ts'
import { isPressOf } from '../app/keys.ts'
import { classNames } from './class-names.ts'
import styles from './selected-rows.module.css'

interface SelectedRowsProps<Row> {
  /** Of the list; its rows' begin with it. */
  id: string
  label: string
  rows: readonly Row[]
  keyOf: (row: Row) => string
  /** Null: nobody has chosen yet; the first row has the keys. */
  chosen: string | null
  onChoose: (key: string) => void
  onOpen: (row: Row) => void
  /** Keys of its own, before those that move. */
  onKey: (event: KeyPress) => (() => void) | null
  /** Its own keys act also while nothing has the focus, as when the screen has just come or one clicked beside it. */
  actsFromNowhere?: boolean
  scrolls?: boolean
  lookOf: (row: Row) => string | undefined
  /** What tests find a row by. */
  dataOf: (row: Row) => Readonly<Record<`data-${string}`, string>>
  children: (row: Row, index: number) => ReactNode
}

/** Who presses a key means the row that was marked when they looked, and not one that has come since. */
const LOOKED_AT_MS = 700

const rowId = (listId: string, key: string) => `${listId}-${key}`

/** A row that is gone leaves the choice with whoever is first now. */
export function indexOfChosen<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  chosen: string | null,
): number {
  return Math.max(
    0,
    rows.findIndex((row) => keyOf(row) === chosen),
  )
}

/** Rows of which one has the keys. From elsewhere the first key only enters the list. */
export function SelectedRows<Row>({
  id,
  label,
  rows,
  keyOf,
  chosen,
  onChoose,
  onOpen,
  onKey,
  actsFromNowhere = false,
  scrolls = false,
  lookOf,
  dataOf,
  children,
}: SelectedRowsProps<Row>) {
  const list = useRef<HTMLDivElement>(null)
  const index = indexOfChosen(rows, keyOf, chosen)
  const current = rows[index]
  useEffect(() => {
    if (chosen !== null)
      document.getElementById(rowId(id, chosen))?.scrollIntoView({ block: 'nearest' })
  }, [id, chosen])

  const enter = () => list.current?.focus({ preventScroll: true })
  const currentKey = current === undefined ? null : keyOf(current)
  const marked = useRef<{ key: string | null; at: number }>({ key: null, at: 0 })
  useEffect(() => {
    marked.current = { key: currentKey, at: performance.now() }
  }, [currentKey])
  const runFromNowhere = useEffectEvent((event: globalThis.KeyboardEvent) => {
    if (event.defaultPrevented || event.target !== document.body) return
    const run = onKey(event)
    if (run === null) return
    event.preventDefault()
    const isMeant = performance.now() - marked.current.at > LOOKED_AT_MS
    enter()
    if (currentKey !== null) onChoose(currentKey)
    if (isMeant) run()
  })
  useEffect(() => {
    if (!actsFromNowhere) return
    const run = (event: globalThis.KeyboardEvent) => runFromNowhere(event)
    window.addEventListener('keydown', run)
    return () => window.removeEventListener('keydown', run)
  }, [actsFromNowhere])

  const moveTo = (to: number) => {
    const next = rows[Math.min(rows.length - 1, Math.max(0, to))]
    if (next !== undefined) onChoose(keyOf(next))
  }
  const moveFromElsewhere = (step: 1 | -1) => () => {
    enter()
    moveTo(chosen === null ? index : index + step)
  }
  useCommand('list.down', rows.length > 0 ? moveFromElsewhere(1) : null)
  useCommand('list.up', rows.length > 0 ? moveFromElsewhere(-1) : null)
  const keyAction = (event: KeyboardEvent): (() => void) | null => {
    const own = onKey(event)
    if (own !== null) return own
    if (event.altKey || event.ctrlKey || event.metaKey) return null
    if (isPressOf('list.down', event) || event.key === 'ArrowDown') return () => moveTo(index + 1)
    if (isPressOf('list.up', event) || event.key === 'ArrowUp') return () => moveTo(index - 1)
    if (event.key === 'Home') return () => moveTo(0)
    if (event.key === 'End') return () => moveTo(rows.length - 1)
    if (isPressOf('list.open', event) && current !== undefined) return () => onOpen(current)
    return null
  }
  return (
    <div
      ref={list}
      id={id}
      className={classNames(styles.rows, scrolls && styles.scrolls)}
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={currentKey === null ? undefined : rowId(id, currentKey)}
      data-pane-focus
      onKeyDown={(event) => {
        const run = keyAction(event)
        if (run === null) return
        event.preventDefault()
        run()
      }}
    >
      {rows.map((row, place) => (
        <div
          key={keyOf(row)}
          id={rowId(id, keyOf(row))}
          role="option"
          aria-selected={row === current}
          className={classNames(styles.row, lookOf(row))}
          {...dataOf(row)}
          onClick={() => {
            onChoose(keyOf(row))
            enter()
          }}
          onDoubleClick={() => onOpen(row)}
        >
          {children(row, place)}
        </div>
      ))}
    </div>
  )
}
