import { type Operator } from '../../feature.ts'

/**
 * `due:overdue` and `due:warning`, which what is overdue is, too. By the columns of running clocks: no row is
 * parsed for it.
 */
export const dueOperator: Operator = (value, { nowMs }) => {
  const column = COLUMNS.get(value)
  if (column === undefined) return null
  return { sql: `${column} <= ?`, parameters: [new Date(nowMs).toISOString()] }
}

const COLUMNS = new Map([
  ['overdue', 'c.due_at'],
  ['warning', 'c.warns_at'],
])
