import { may, type Permission } from '@parley/domain'

import { type SessionActor } from './actor.ts'
import { type Queryable } from './database.ts'
import { Failure } from './failure.ts'
import { sql } from './sql.ts'

/**
 * Refuses who has no such permission over this person: it reaches people through the teams they share.
 * @throws Failure `not_found`, `forbidden`
 */
export async function requireOverPerson(
  db: Queryable,
  actor: SessionActor,
  permission: Permission,
  userId: string,
): Promise<void> {
  const person = await db.maybe<{ team_ids: string[] }>(sql`
    SELECT ARRAY(SELECT m.team_id::text FROM team_memberships m WHERE m.user_id = u.id) AS team_ids
    FROM users u WHERE u.id = ${userId} AND u.is_active`)
  if (person === null) throw new Failure('not_found')
  const teams = [null, ...person.team_ids]
  if (!teams.some((teamId) => may(actor, permission, { teamId, assignedTo: null }))) {
    throw new Failure('forbidden', { permission })
  }
}
