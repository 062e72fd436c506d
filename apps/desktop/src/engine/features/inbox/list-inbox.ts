import { type InboxList, type InboxSection, type InboxView } from '@parley/contracts'
import { parseSearch, printSearch } from '@parley/domain'

import { type Condition } from '../../feature.ts'
import { refusal } from '../../session/server-client.ts'
import { type Cache } from '../../store/cache.ts'
import { all, understand, type Choice } from '../search/index.ts'
import { readInboxRows } from './inbox-row.ts'
import { DUE_FIRST, selectionsOf, tallied, type Selection } from './selections.ts'

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
  const among = all(cache, conditionsOf(cache, choice))
  const order = choice.order === 'due' ? { order: DUE_FIRST } : {}
  const read = selectionsOf(cache, view, choice.nowMs).map((selection) => ({
    isCounted: selection.isCounted,
    section: readSection(cache, { ...selection, ...order }, among, limit),
  }))
  const sections = read.map(({ section }) => section)
  return {
    view,
    isPartial: false,
    sections: sections.filter(({ total, key }) => total > 0 || key === 'queue'),
    total: read.reduce((sum, { isCounted, section }) => sum + (isCounted ? section.total : 0), 0),
  }
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
  selection: Selection,
  among: Choice,
  limit: number,
): InboxSection {
  const { key, teamId, where, besides = 'FALSE', parameters, order } = selection
  const [fromParameters, conditionParameters] = divided(among)
  // Chosen by their columns first: what a row shows is read for those alone.
  const rows = readInboxRows(
    cache,
    `WHERE c.id IN (SELECT c.id FROM ${among.from}
       WHERE ${where} AND ${among.sql} AND NOT ${besides} ORDER BY ${order} LIMIT ${limit})
     ORDER BY ${order}`,
    ...fromParameters,
    ...parameters,
    ...conditionParameters,
  )
  return {
    key,
    teamId: teamId ?? null,
    isPartial: false,
    total: totalOf(cache, selection, among),
    rows,
  }
}

/** The parameters before a selection's own, and those after them. */
function divided({ isFew, parameters }: Choice): [Choice['parameters'], Choice['parameters']] {
  return isFew ? [parameters.slice(0, 1), parameters.slice(1)] : [[], parameters]
}

/** Of all as it is kept up; of those that a filter leaves, as many as there are. */
function totalOf(cache: Cache, { tally, where, parameters }: Selection, among: Choice): number {
  if (among.sql === 'TRUE' && tally !== null) return tallied(cache, tally)
  const [fromParameters, conditionParameters] = divided(among)
  const count = cache.store.value<number>(
    `SELECT COUNT(*) FROM ${among.from} WHERE ${where} AND ${among.sql}`,
    ...fromParameters,
    ...parameters,
    ...conditionParameters,
  )
  return count ?? 0
}
