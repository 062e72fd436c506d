import { type InboxList, type InboxSection, type InboxView } from '@parley/contracts'
import { parseSearch, printSearch } from '@parley/domain'

import { type Condition } from '../../feature.ts'
import { refusal } from '../../session/server-client.ts'
import { type Cache } from '../../store/cache.ts'
import { all, understand } from '../search/index.ts'
import { readInboxRows } from './inbox-row.ts'
import { DUE_FIRST, selectionsOf, type Selection } from './selections.ts'

/** Lists of conversations as the inbox shows them. */

/** Which rows, and in what order: see `inbox.list`. */
export interface InboxChoice {
  filter: string
  order: 'queue' | 'due'
  /** By the server's clock, epoch milliseconds. */
  nowMs: number
}

/** @throws Refusal `invalid_input` for a filter that nobody knows */
export function listInbox(
  cache: Cache,
  view: InboxView,
  limit: number,
  choice: InboxChoice,
): InboxList {
  const among = all(conditionsOf(cache, choice))
  const order = choice.order === 'due' ? { order: DUE_FIRST } : {}
  const sections = selectionsOf(cache, view)
    .map((selection) => readSection(cache, { ...selection, ...order }, among, limit))
    .filter((section) => section.total > 0 || section.key === 'queue')
  return { view, sections, total: sections.reduce((sum, { total }) => sum + total, 0) }
}

/** All that is asked for has to be known: a list that is narrowed by less than its reader thinks misleads. */
function conditionsOf(cache: Cache, { filter, nowMs }: InboxChoice): Condition[] {
  const { conditions, others } = understand(cache, parseSearch(filter), nowMs)
  if (others.length > 0) {
    throw refusal('invalid_input', { field: 'filter', problem: printSearch(others) })
  }
  return conditions
}

function readSection(
  cache: Cache,
  { key, teamId, where, parameters, order }: Selection,
  among: Condition,
  limit: number,
): InboxSection {
  const [chosen, given] = [`${where} AND ${among.sql}`, [...parameters, ...among.parameters]]
  const total = cache.store.value<number>(
    `SELECT COUNT(*) FROM conversations c WHERE ${chosen}`,
    ...given,
  )
  // Chosen by their columns first: what a row shows is read for those alone.
  const rows = readInboxRows(
    cache,
    `WHERE c.id IN (SELECT c.id FROM conversations c WHERE ${chosen} ORDER BY ${order} LIMIT ${limit})
     ORDER BY ${order}`,
    ...given,
  )
  return { key, teamId: teamId ?? null, total: total ?? 0, rows }
}
