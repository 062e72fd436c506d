import { type SlaClockRow } from '@parley/contracts'

import { type EngineFeature, type Operator } from '../../feature.ts'

export { instantsOf, isPromise } from './clock-instants.ts'
export { dueFirst, orderedClocks, shownClock } from './clocks.ts'

/**
 * `due:overdue` and `due:warning`, which what is overdue is, too. By the columns of running clocks: no row is
 * parsed for it.
 */
const DUE_COLUMNS = new Map([
  ['overdue', 'c.due_at'],
  ['warning', 'c.warns_at'],
])

const dueOperator: Operator = (value, { nowMs }) => {
  const column = DUE_COLUMNS.get(value)
  if (column === undefined) return null
  const parameters = [new Date(nowMs).toISOString()]
  return {
    // Asked of rows that are gone through in another order, and so no reason to take them in this one.
    sql: `+${column} <= ?`,
    parameters,
    among: {
      sql: `SELECT c.id FROM conversations c WHERE ${column} < '9' AND ${column} <= ?`,
      parameters,
    },
  }
}

/** Service levels: the clocks that conversations bring along, and what only the server knows of them. */
export const sla = {
  name: 'sla',
  rowMarks: {
    clock: (_cache, conversations) =>
      conversations.map(({ clock }) =>
        clock === null ? null : (JSON.parse(clock) as SlaClockRow),
      ),
  },
  operators: { due: dueOperator },
  handlers: ({ ask }) => ({
    'sla.settings': (input) => ask((trpc) => trpc.sla.settings.query(input)),
    'sla.previewSettings': (input) => ask((trpc) => trpc.sla.previewSettings.query(input)),
    'sla.saveSettings': (input) => ask((trpc) => trpc.sla.saveSettings.mutate(input)),
    'sla.violations': (input) => ask((trpc) => trpc.reports.violations.query(input)),
    'sla.hourFigures': () => ask((trpc) => trpc.reports.hourFigures.query()),
    'businessHours.get': (input) => ask((trpc) => trpc.businessHours.get.query(input)),
    'businessHours.preview': (input) => ask((trpc) => trpc.businessHours.preview.query(input)),
    'businessHours.save': (input) => ask((trpc) => trpc.businessHours.save.mutate(input)),
  }),
} satisfies EngineFeature
