import { type Actor, type Role } from '@parley/domain'

import { type Queryable } from './database.ts'
import { sql } from './sql.ts'

/** Who is asking, read afresh for every request: permissions may have changed a moment ago. */
export interface SessionActor extends Actor {
  sessionId: string
}

/** Null where the session has ended or the person is no longer active. */
export async function loadSessionActor(
  db: Queryable,
  sessionId: string,
): Promise<SessionActor | null> {
  const row = await db.maybe<{ user_id: string; role: Role; team_ids: string[] }>(sql`
    SELECT u.id AS user_id, u.role,
           ARRAY(SELECT m.team_id::text FROM team_memberships m WHERE m.user_id = u.id ORDER BY 1) AS team_ids
    FROM sessions s JOIN users u ON u.id = s.user_id AND u.is_active
    WHERE s.id = ${sessionId} AND s.ended_at IS NULL`)
  if (row === null) return null
  return { sessionId, userId: row.user_id, role: row.role, teamIds: row.team_ids }
}
