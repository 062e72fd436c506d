import { KINDS, type Coverage, type RowKind } from '@parley/contracts'

import { type Workstation } from './workstation.ts'

/** Where a cache keeps each kind of row. Null: nowhere as a row of its own. */
const TABLES: Readonly<Record<RowKind, string | null>> = {
  alert: 'alerts',
  alert_preferences: null,
  canned_response: 'canned_responses',
  conversation: 'conversation_rows',
  conversation_tag: 'conversation_tags',
  customer: 'customers',
  event: 'events',
  message: 'messages',
  offer: 'offers',
  person: 'people',
  presence: 'presences',
  problem: 'problems',
  // By its conversation, and with what waits to be sent: compared by itself.
  read_mark: null,
  tag: 'tags',
  tag_rule: 'tag_rules',
  team: 'teams',
}

export type HeldRow = { id: string; version: number } & Record<string, unknown>

/** @throws where the contracts have a kind that nobody here knows */
export function assertKnowsKinds(): void {
  const unknown = KINDS.map(({ kind }) => kind).filter((kind) => !(kind in TABLES))
  if (unknown.length > 0) {
    throw new Error(
      `The simulation does not know who may see ${unknown.join(', ')}: add them to held-rows.ts and expected.ts`,
    )
  }
}

/** What a cache holds of a kind, by id; null where there is no cache. */
export function heldRows(workstation: Workstation, kind: RowKind): Map<string, HeldRow> | null {
  if (kind === 'alert_preferences') return heldPreferences(workstation)
  const table = TABLES[kind]
  if (table === null) return new Map()
  const rows = workstation.read<{ row: string }>(`SELECT row FROM ${table}`)
  if (rows === null) return null
  return new Map(
    rows.map(({ row }) => {
      const parsed = JSON.parse(row) as HeldRow
      return [parsed.id, parsed]
    }),
  )
}

function heldPreferences(workstation: Workstation): Map<string, HeldRow> | null {
  const rows = workstation.read<{ value: string }>(
    `SELECT value FROM meta WHERE key = 'alertPreferences'`,
  )
  if (rows === null) return null
  return new Map(
    rows.map(({ value }) => {
      const parsed = JSON.parse(value) as HeldRow
      return [parsed.id, parsed]
    }),
  )
}

/** Of each conversation whose thread is held whole, where the part begins that is held without a hole. */
export function heldThreads(workstation: Workstation): ReadonlyMap<string, number> {
  const threads =
    workstation.read<{ id: string; begins: number }>(
      `SELECT c.id, COALESCE((SELECT MIN(m.seq) FROM messages m WHERE m.conversation_id = c.id), 0) AS begins
       FROM conversation_rows c
       WHERE c.whole > COALESCE((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'completeLoad'), 0) - 1 AND c.whole > 0`,
    ) ?? []
  return new Map(threads.map(({ id, begins }) => [id, begins]))
}

/** How far it says that it reaches. */
export function heldCoverage(workstation: Workstation): Coverage {
  const [row] =
    workstation.read<{ value: string }>(`SELECT value FROM meta WHERE key = 'coverage'`) ?? []
  return row === undefined ? { open: true, closedSince: null } : (JSON.parse(row.value) as Coverage)
}

export interface HeldMark {
  conversationId: string
  turn: number
  seq: number
  waits: number
}

export function heldMarks(workstation: Workstation): HeldMark[] {
  return (
    workstation.read<HeldMark>(
      'SELECT conversation_id AS conversationId, turn, seq, waits FROM read_marks',
    ) ?? []
  )
}
