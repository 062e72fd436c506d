import { eventually } from './eventually.ts'
import { type World } from './world.ts'

export interface Promised {
  firstResponseSeconds: number
  resolutionSeconds: number
  escalationSeconds: number | null
  warningPercent: number
}

const NEVER = 30 * 86_400

/** What the sales team promises for everything, whatever an editor would accept. */
export async function promise(world: World, promised: Partial<Promised>): Promise<void> {
  const { pool, teams } = world
  await pool.query(
    `INSERT INTO sla_policies (team_id, priority, frt_target_seconds, resolution_target_seconds, escalation_after_seconds)
     SELECT $1, priority, $2, $3, $4 FROM unnest('{low,normal,high,urgent}'::text[]) priority
     ON CONFLICT (team_id, priority) DO UPDATE SET frt_target_seconds = excluded.frt_target_seconds,
       resolution_target_seconds = excluded.resolution_target_seconds,
       escalation_after_seconds = excluded.escalation_after_seconds`,
    [
      teams.sales,
      promised.firstResponseSeconds ?? NEVER,
      promised.resolutionSeconds ?? 2 * NEVER,
      promised.escalationSeconds ?? null,
    ],
  )
  await pool.query(
    `UPDATE team_settings SET routing_mode = 'pull', sla_warning_percent = $2 WHERE team_id = $1`,
    [teams.sales, promised.warningPercent ?? 80],
  )
}

/** The same for what is open already, too, as the server does after a save. */
export async function promiseAnew(world: World, promised: Partial<Promised>): Promise<void> {
  await promise(world, promised)
  await world.pool.query(
    `INSERT INTO sla_recomputes (team_id) VALUES ($1)
     ON CONFLICT (team_id) DO UPDATE SET requested_at = NOW(), after_id = NULL`,
    [world.teams.sales],
  )
}

/** Has the customer have written longer ago; the clocks stand as they are until they are computed anew. */
export async function age(world: World, id: string, minutes: number): Promise<void> {
  await world.pool.query(
    `UPDATE conversations SET first_message_at = first_message_at - $2 * interval '1 minute',
       waiting_since = waiting_since - $2 * interval '1 minute',
       queued_at = queued_at - $2 * interval '1 minute' WHERE id = $1`,
    [id, minutes],
  )
}

/** When a clock is due as the server has it, in epoch milliseconds; null: it has no such clock, or it stands still. */
export async function dueAtMs(world: World, id: string, clock: string): Promise<number | null> {
  const { rows } = await world.pool.query<{ due_at: Date | null }>(
    'SELECT due_at FROM sla_timers WHERE conversation_id = $1 AND clock = $2',
    [id, clock],
  )
  return rows[0]?.due_at?.getTime() ?? null
}

export async function ownerOf(world: World, id: string): Promise<string | null> {
  const { rows } = await world.pool.query<{ assigned_to: string | null }>(
    'SELECT assigned_to FROM conversations WHERE id = $1',
    [id],
  )
  return rows[0]?.assigned_to ?? null
}

/** The conversation of a customer who has written, once triage has placed it. */
export async function placed(world: World, customer: { phone: string }): Promise<string> {
  let id = ''
  await eventually(async () => {
    const { rows } = await world.pool.query<{ id: string }>(
      `SELECT c.id FROM conversations c JOIN customers u ON u.id = c.customer_id
         WHERE u.external_id = $1 AND c.team_id IS NOT NULL`,
      [`+${customer.phone}`],
    )
    id = rows[0]?.id ?? ''
    return id
  }).not.toBe('')
  return id
}
