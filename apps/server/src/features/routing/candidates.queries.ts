import { type Candidate } from '@parley/domain'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'

interface PersonRow {
  user_id: string
  status: Candidate['presence']
  is_finishing: boolean
  capacity: number
  load: number
  wrap_up: number
  skills: Record<string, number> | null
  last_assigned_at: Date | null
}

/** The team's members as routing sees them, not locked. Who is not connected gets nothing new, whatever they carry. */
export async function readCandidates(db: Queryable, teamId: string): Promise<Candidate[]> {
  const rows = await db.many<PersonRow>(sql`
    SELECT p.user_id, CASE WHEN p.is_connected THEN p.status ELSE 'offline' END AS status,
           p.is_finishing, p.capacity, COALESCE(l.load, 0) AS load, COALESCE(l.wrap_up, 0) AS wrap_up,
           k.skills, p.last_assigned_at
    FROM team_memberships m
    JOIN users u ON u.id = m.user_id AND u.is_active
    JOIN agent_presence p ON p.user_id = m.user_id
    -- What people carry is summed up for those alone who could be given more.
    LEFT JOIN loads_of(ARRAY(
      SELECT t.user_id FROM team_memberships t JOIN agent_presence there ON there.user_id = t.user_id
      WHERE t.team_id = ${teamId} AND there.is_connected AND there.status <> 'offline')) l ON l.user_id = p.user_id
    LEFT JOIN (
      SELECT s.user_id, jsonb_object_agg(s.skill_name, s.proficiency_level) AS skills
      FROM agent_skills s JOIN team_memberships t ON t.user_id = s.user_id AND t.team_id = ${teamId}
      GROUP BY s.user_id) k ON k.user_id = p.user_id
    WHERE m.team_id = ${teamId}`)
  return rows.map((row) => ({ ...settledPart(row), userId: row.user_id, skills: row.skills ?? {} }))
}

/** What may have changed of a candidate since they were read. */
export type SettledPart = Omit<Candidate, 'userId' | 'skills'>

/**
 * Locks these people's presence, in the order of their ids so that dispatchers of different teams cannot
 * lock each other out, and reads what they carry afterwards: it stays so until the transaction ends.
 */
export async function lockPeople(
  tx: Transaction,
  userIds: readonly string[],
): Promise<Map<string, SettledPart>> {
  await lockPresence(tx, userIds)
  const rows = await tx.many<Omit<PersonRow, 'skills'>>(sql`
    SELECT p.user_id, CASE WHEN p.is_connected AND u.is_active THEN p.status ELSE 'offline' END AS status,
           p.is_finishing, p.capacity, COALESCE(l.load, 0) AS load, COALESCE(l.wrap_up, 0) AS wrap_up,
           p.last_assigned_at
    FROM agent_presence p
    JOIN users u ON u.id = p.user_id
    LEFT JOIN loads_of(${userIds}::uuid[]) l ON l.user_id = p.user_id
    WHERE p.user_id = ANY(${userIds}::uuid[])`)
  return new Map(rows.map((row) => [row.user_id, settledPart(row)]))
}

/** People before what is offered to them, as whoever changes somebody's presence does. */
export async function lockPresence(tx: Transaction, userIds: readonly string[]): Promise<void> {
  await tx.run(sql`
    SELECT 1 FROM agent_presence WHERE user_id = ANY(${userIds}::uuid[])
    ORDER BY user_id FOR NO KEY UPDATE`)
}

function settledPart(row: Omit<PersonRow, 'skills'>): SettledPart {
  return {
    presence: row.status,
    isFinishing: row.is_finishing,
    load: row.load,
    wrapUpLoad: row.wrap_up,
    capacity: row.capacity,
    lastAssignedAtMs: row.last_assigned_at?.getTime() ?? null,
  }
}

/** Who was given something just now: whoever has waited longest comes first next time. */
export async function noteAssignments(tx: Transaction, userIds: readonly string[]): Promise<void> {
  await tx.run(sql`
    UPDATE agent_presence p
    SET last_assigned_at = NOW() + make_interval(secs => given.position / 1000000.0)
    FROM (SELECT user_id, MAX(position) AS position
          FROM unnest(${userIds}::uuid[]) WITH ORDINALITY AS t(user_id, position) GROUP BY user_id) given
    WHERE p.user_id = given.user_id`)
}
