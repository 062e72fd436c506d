import { type Actor, type Role } from '@parley/domain'

import { type Queryable } from './database.ts'
import { Failure } from './failure.ts'
import { fragment, sql } from './sql.ts'

/** Who is asking, read afresh for every request: permissions may have changed a moment ago. */
export interface SessionActor extends Actor {
  sessionId: string
}

/** Of a session `s` and the policy `p`. */
export const SESSION_IS_EXPIRED = fragment`(
  s.last_used_at <= NOW() - make_interval(mins => p.session_idle_minutes)
  OR s.created_at <= NOW() - make_interval(mins => p.session_lifetime_minutes))`

/** Null where the session has ended or the person is no longer active. */
export async function loadSessionActor(
  db: Queryable,
  sessionId: string,
): Promise<SessionActor | null> {
  const row = await db.maybe<{ user_id: string; role: Role; team_ids: string[] }>(sql`
    SELECT u.id AS user_id, u.role,
           ARRAY(SELECT m.team_id::text FROM team_memberships m WHERE m.user_id = u.id ORDER BY 1) AS team_ids
    FROM sessions s JOIN users u ON u.id = s.user_id AND u.is_active CROSS JOIN security_policy p
    WHERE s.id = ${sessionId} AND s.ended_at IS NULL AND NOT ${SESSION_IS_EXPIRED}`)
  if (row === null) return null
  return { sessionId, userId: row.user_id, role: row.role, teamIds: row.team_ids }
}

/** What a workstation is told whose session is over: it must know whether to lock or to forget. */
export async function sessionEnded(db: Queryable, sessionId: string): Promise<Failure> {
  const row = await db.maybe<{ end_reason: string | null; is_active: boolean }>(sql`
    SELECT COALESCE(s.end_reason, 'expired') AS end_reason, u.is_active FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.id = ${sessionId}`)
  const reason = row?.is_active === false ? 'deactivated' : (row?.end_reason ?? null)
  return new Failure('session_ended', { reason })
}
