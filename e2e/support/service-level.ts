import { expect } from '@playwright/test'

import { type World } from './world.ts'

export interface Promised {
  firstResponseSeconds: number
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
       escalation_after_seconds = excluded.escalation_after_seconds`,
    [
      teams.sales,
      promised.firstResponseSeconds ?? NEVER,
      2 * NEVER,
      promised.escalationSeconds ?? null,
    ],
  )
  await pool.query(
    `UPDATE team_settings SET routing_mode = 'pull', sla_warning_percent = $2 WHERE team_id = $1`,
    [teams.sales, promised.warningPercent ?? 80],
  )
}

/** The conversation of a customer who has written, once triage has placed it. */
export async function placed(world: World, customer: { phone: string }): Promise<string> {
  let id = ''
  await expect
    .poll(async () => {
      const { rows } = await world.pool.query<{ id: string }>(
        `SELECT c.id FROM conversations c JOIN customers u ON u.id = c.customer_id
         WHERE u.external_id = $1 AND c.team_id IS NOT NULL`,
        [`+${customer.phone}`],
      )
      id = rows[0]?.id ?? ''
      return id
    })
    .not.toBe('')
  return id
}
