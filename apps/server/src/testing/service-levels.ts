import { type Priority, type SlaClockName } from '@parley/domain'

import { eventually, type TestServer } from './test-server.ts'

/** A server, or what is left where there is none. */
type WithDatabase = Pick<TestServer, 'database'>

export interface Promised {
  priority: Priority
  firstResponseSeconds: number
  resolutionSeconds: number
  escalationSeconds: number | null
}

/** What a team promises, whatever an editor would accept, and its open conversations computed by it. */
export async function promise(
  server: WithDatabase,
  teamId: string,
  promised: Partial<Promised> = {},
): Promise<void> {
  const { pool } = server.database
  await pool.query(
    `INSERT INTO sla_policies (team_id, priority, frt_target_seconds, resolution_target_seconds, escalation_after_seconds)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (team_id, priority) DO UPDATE SET frt_target_seconds = excluded.frt_target_seconds,
       resolution_target_seconds = excluded.resolution_target_seconds,
       escalation_after_seconds = excluded.escalation_after_seconds, is_active = TRUE`,
    [
      teamId,
      promised.priority ?? 'normal',
      promised.firstResponseSeconds ?? 3600,
      promised.resolutionSeconds ?? 86_400,
      promised.escalationSeconds ?? null,
    ],
  )
  await recompute(server, teamId)
}

export async function recompute(server: WithDatabase, teamId: string): Promise<void> {
  const { pool } = server.database
  await pool.query(
    `INSERT INTO sla_recomputes (team_id) VALUES ($1)
     ON CONFLICT (team_id) DO UPDATE SET requested_at = NOW(), after_id = NULL`,
    [teamId],
  )
  await pool.query('NOTIFY parley_sla_terms')
  await recomputed(server)
}

/** The background work is done. */
export async function recomputed(server: WithDatabase): Promise<void> {
  await eventually(async () => {
    const { rowCount } = await server.database.pool.query('SELECT 1 FROM sla_recomputes')
    if (rowCount !== 0) throw new Error('still computing')
  })
}

export interface StoredClock {
  clock: SlaClockName
  state: string
  started_at: Date
  target_seconds: number
  due_at: Date | null
  warns_at: Date | null
  took_seconds: number | null
  is_missed: boolean
  warned_at: Date | null
  fired_at: Date | null
  next_at: Date | null
}

/** A conversation's clocks by name. */
export async function clocksOf(
  server: WithDatabase,
  conversationId: string,
): Promise<Partial<Record<SlaClockName, StoredClock>>> {
  const { rows } = await server.database.pool.query<StoredClock>(
    'SELECT * FROM sla_timers WHERE conversation_id = $1',
    [conversationId],
  )
  return Object.fromEntries(rows.map((row) => [row.clock, row]))
}

export interface StoredViolation {
  conversation_id: string
  violation_type: string
  target_seconds: number
  actual_seconds: number
  is_final: boolean
  breached_at: Date
  created_at: Date
  team_id: string | null
}

export async function violationsOf(
  server: WithDatabase,
  conversationIds: readonly string[],
): Promise<StoredViolation[]> {
  const { rows } = await server.database.pool.query<StoredViolation>(
    'SELECT * FROM sla_violations WHERE conversation_id = ANY($1) ORDER BY conversation_id, violation_type',
    [conversationIds],
  )
  return rows
}
