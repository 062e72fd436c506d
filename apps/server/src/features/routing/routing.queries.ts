import { type Candidate, type Priority } from '@parley/domain'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'
import { type ConversationRecord } from '../conversations/index.ts'

/** Teams with somebody waiting. */
export async function teamsWithQueue(db: Queryable): Promise<string[]> {
  const rows = await db.many<{ team_id: string }>(sql`
    SELECT t.id AS team_id FROM teams t
    WHERE EXISTS (SELECT 1 FROM conversations c WHERE c.team_id = t.id AND c.status = 'queued')
    ORDER BY t.id`)
  return rows.map(({ team_id }) => team_id)
}

/**
 * The team's members with their presence rows locked, in the order of their ids so that dispatchers of
 * different teams cannot lock each other out. Loads are read after the locks, so they are settled.
 */
export async function lockCandidates(tx: Transaction, teamId: string): Promise<Candidate[]> {
  const locked = await tx.many<{
    user_id: string
    status: Candidate['presence']
    capacity: number
    last_assigned_at: Date | null
    wrap_up_until: Date | null
  }>(sql`
    SELECT p.user_id, p.status, p.capacity, p.last_assigned_at, p.wrap_up_until
    FROM agent_presence p
    WHERE p.user_id IN (
      SELECT m.user_id FROM team_memberships m JOIN users u ON u.id = m.user_id AND u.is_active
      WHERE m.team_id = ${teamId})
    ORDER BY p.user_id
    FOR UPDATE`)
  const userIds = locked.map(({ user_id }) => user_id)
  const loads = await tx.many<{ user_id: string; load: number }>(sql`
    SELECT c.assigned_to AS user_id,
           SUM(CASE WHEN c.status = 'pending_customer'
                    THEN COALESCE(s.pending_customer_fraction, 0.25) ELSE 1 END)::float8 AS load
    FROM conversations c LEFT JOIN team_settings s ON s.team_id = c.team_id
    WHERE c.assigned_to = ANY(${userIds}::uuid[])
      AND c.status IN ('assigned', 'pending_customer', 'pending_agent')
    GROUP BY c.assigned_to`)
  const skills = await tx.many<{ user_id: string; skills: Record<string, number> }>(sql`
    SELECT user_id, jsonb_object_agg(skill_name, proficiency_level) AS skills
    FROM agent_skills WHERE user_id = ANY(${userIds}::uuid[]) GROUP BY user_id`)
  const loadOf = new Map(loads.map(({ user_id, load }) => [user_id, load]))
  const skillsOf = new Map(skills.map((row) => [row.user_id, row.skills]))
  return locked.map((row) => ({
    userId: row.user_id,
    presence: row.status,
    load: loadOf.get(row.user_id) ?? 0,
    capacity: row.capacity,
    skills: skillsOf.get(row.user_id) ?? {},
    lastAssignedAtMs: row.last_assigned_at?.getTime() ?? null,
    wrapUpUntilMs: row.wrap_up_until?.getTime() ?? null,
  }))
}

export interface QueuedConversation extends ConversationRecord {
  priority: Priority
  previous_agent_id: string | null
}

/** The head of the queue, locked; what somebody else is working on is passed over. */
export function lockQueueHead(
  tx: Transaction,
  teamId: string,
  limit: number,
): Promise<QueuedConversation[]> {
  return tx.many(sql`
    SELECT c.*, NOW() AS now, (
      SELECT p.last_agent_id FROM conversations p
      WHERE p.customer_id = c.customer_id AND p.last_agent_id IS NOT NULL
        AND p.last_message_at > NOW() - INTERVAL '7 days'
      ORDER BY p.last_message_at DESC LIMIT 1) AS previous_agent_id
    FROM conversations c
    WHERE c.team_id = ${teamId} AND c.status = 'queued'
    ORDER BY (CASE c.priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 WHEN 'normal' THEN 2 ELSE 3 END),
             COALESCE(c.next_due_at, 'infinity'::timestamptz), c.queued_at, c.id
    LIMIT ${limit}
    FOR NO KEY UPDATE OF c SKIP LOCKED`)
}

export async function noteAssignments(tx: Transaction, userIds: string[]): Promise<void> {
  await tx.run(sql`
    UPDATE agent_presence SET last_assigned_at = NOW() WHERE user_id = ANY(${userIds}::uuid[])`)
}

/** Conversations waiting for an answer of somebody who has been gone longer than their team allows. */
export function abandonedConversations(db: Queryable, limit: number): Promise<{ id: string }[]> {
  return db.many(sql`
    SELECT c.id FROM conversations c
    JOIN agent_presence p ON p.user_id = c.assigned_to AND p.status = 'offline'
    LEFT JOIN team_settings s ON s.team_id = c.team_id
    WHERE c.status IN ('assigned', 'pending_agent')
      AND p.since <= NOW() - make_interval(secs => COALESCE(s.return_unanswered_seconds, 600))
    LIMIT ${limit}`)
}
