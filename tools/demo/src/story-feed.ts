import { createPool } from '@parley/database'
import { type Pool } from 'pg'

import { firstLine } from './start-error.ts'
import { type Fact } from './story.ts'

const POLL_MS = 250
const BATCH = 1000

/** A change of the feed with what it is about, as it stands now. */
export interface ChangeRow {
  transaction: string
  number: string
  created_at: Date
  conversation_id: string
  customer: string | null
  /** Of a message: */
  message_id: string | null
  direction: 'inbound' | 'outbound' | null
  version: string
  current_version: string | null
  status: MessageStatus | null
  /** Of an event: */
  event_type: string | null
  person: string | null
  team: string | null
}

type MessageStatus = 'pending' | 'sent' | 'delivered' | 'read' | 'failed'

/**
 * Follows the change feed from now on, as workstations do and by its own connection: rows of transactions
 * below the oldest one still running, in order, so that none is missed.
 */
export function followStory(
  connectionString: string,
  listeners: { onFact: (fact: Fact) => void; onProblem: (problem: string) => void },
): { stop(): Promise<void> } {
  const pool = createPool(connectionString, {
    maxConnections: 1,
    applicationName: 'parley-demo-story',
    onConnectionError: () => {},
  })
  const toFact = createFactReader()
  const stopping = new AbortController()
  let failing = false

  const running = (async () => {
    let cursor: { transaction: string; number: string } | null = null
    while (!stopping.signal.aborted) {
      try {
        cursor ??= await currentPosition(pool)
        const rows: ChangeRow[] = await readChanges(pool, cursor)
        failing = false
        for (const row of rows) {
          const fact = toFact(row)
          if (fact !== null) listeners.onFact(fact)
          cursor = { transaction: row.transaction, number: row.number }
        }
        if (rows.length === BATCH) continue
      } catch (error) {
        if (!failing && !stopping.signal.aborted)
          listeners.onProblem(`The story pauses: ${firstLine(error)}`)
        failing = true
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
  })()

  return {
    async stop() {
      stopping.abort()
      await running
      await pool.end()
    },
  }
}

async function currentPosition(pool: Pool): Promise<{ transaction: string; number: string }> {
  const { rows } = await pool.query<{ transaction: string }>(
    'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS transaction',
  )
  return { transaction: rows[0]?.transaction ?? '0', number: '0' }
}

async function readChanges(
  pool: Pool,
  after: { transaction: string; number: string },
): Promise<ChangeRow[]> {
  const { rows } = await pool.query<ChangeRow>(
    `SELECT ch.transaction::text AS transaction, ch.number::text AS number, ch.created_at, ch.version::text AS version,
            m.id AS message_id, m.direction, m.status, m.version::text AS current_version, e.event_type,
            c.id AS conversation_id, COALESCE(cu.name, cu.external_id) AS customer, p.full_name AS person, t.name AS team
     FROM changes ch
     LEFT JOIN messages m ON ch.entity = 'message' AND m.id = ch.entity_id
     LEFT JOIN conversation_events e ON ch.entity = 'event' AND e.id = ch.entity_id
     JOIN conversations c ON c.id = COALESCE(m.conversation_id, e.conversation_id)
     JOIN customers cu ON cu.id = c.customer_id
     LEFT JOIN users p ON p.id::text = e.new_value ->> 'assigned_to'
     LEFT JOIN teams t ON t.id::text = e.new_value ->> 'team_id'
     WHERE (ch.transaction, ch.number) > ($1::xid8, $2::bigint)
       AND ch.transaction < pg_snapshot_xmin(pg_current_snapshot())
     ORDER BY ch.transaction, ch.number
     LIMIT ${BATCH}`,
    [after.transaction, after.number],
  )
  return rows
}

const FORWARD: readonly MessageStatus[] = ['pending', 'sent', 'delivered', 'read']

/**
 * Turns changes into facts. A change says that a message moved, and when, but the row joined to it is as it
 * is now, possibly further on: so the steps in between are counted.
 */
export function createFactReader(): (row: ChangeRow) => Fact | null {
  const reached = new Map<string, MessageStatus>()
  return (row) => {
    const common = {
      conversationId: row.conversation_id,
      customer: row.customer ?? 'Somebody',
      at: row.created_at,
    }
    if (row.event_type !== null) return eventFact(row, common)
    if (row.message_id === null || row.direction !== 'outbound' || row.status === null) return null
    const before = reached.get(row.message_id)
    if (before === undefined && row.version === '1') {
      reached.set(row.message_id, 'pending')
      return { ...common, kind: 'answered' }
    }
    if (before === undefined) return null
    const status = row.version === row.current_version ? row.status : nextStatus(before, row.status)
    if (status === before || status === 'pending') return null
    if (status === 'read' || status === 'failed') reached.delete(row.message_id)
    else reached.set(row.message_id, status)
    return { ...common, kind: status }
  }
}

function nextStatus(before: MessageStatus, now: MessageStatus): MessageStatus {
  if (now === 'failed') return before
  const next = FORWARD[FORWARD.indexOf(before) + 1] ?? before
  return FORWARD.indexOf(next) < FORWARD.indexOf(now) ? next : before
}

const who = (name: string | null): { who?: string } => (name === null ? {} : { who: name })

function eventFact(
  row: ChangeRow,
  common: Pick<Fact, 'conversationId' | 'customer' | 'at'>,
): Fact | null {
  switch (row.event_type) {
    case 'conversation.created':
      return { ...common, kind: 'arrived' }
    case 'conversation.reopened':
      return { ...common, kind: 'returned' }
    case 'triage.completed':
      return { ...common, kind: 'triaged', ...who(row.team) }
    case 'conversation.assigned':
      return { ...common, kind: 'assigned', ...who(row.person) }
    case 'conversation.closed':
      return { ...common, kind: 'closed' }
    default:
      return null
  }
}
