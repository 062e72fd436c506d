import { type Channel, type Priority, type ReplayedPerson } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'

/** A stay in a team's queue, with all that became of it. */
export interface QueuedRow {
  conversation_id: string
  queued_at: Date
  channel: Channel
  priority: Priority
  required_skills: Record<string, number>
  previous_agent_id: string | null
  previous_answer_at: Date | null
  awaits_first_response: boolean
  due_at: Date | null
  /** Who got it, and when; null: nobody did. */
  owner: string | null
  assigned_at: Date | null
  /** When it left the queue with nobody having got it; null: it did not. */
  leaves_at: Date | null
  /** How long the owner had to act, and the customer. */
  active_ms: number | null
  pending_ms: number | null
  ends_in_close: boolean
}

export interface Period {
  from: string
  to: string
}

/**
 * Everything that came into the team's queue within the period, oldest first. The audit trail tells: a turn
 * goes from one event that put the conversation into a queue to the next. Priority and skills are the
 * conversation's present ones. Only conversations that were open at some time since the period began are
 * looked at, whichever team they are with now. Every step but the last goes through sorted rows: joins of
 * steps would be planned on guesses.
 */
export function queuedWithin(
  db: Queryable,
  { teamId, from, to, limit }: Period & { teamId: string; limit: number },
): Promise<QueuedRow[]> {
  return db.many(sql`
    WITH candidates AS (
      SELECT id FROM conversations WHERE status <> 'closed' AND created_at < ${to}
      UNION ALL
      SELECT id FROM conversations WHERE status = 'closed' AND closed_at >= ${from} AND created_at < ${to}
    ), states AS (
      SELECT e.conversation_id, e.seq, e.created_at, e.new_value->>'status' AS status,
             e.new_value->>'assigned_to' AS owner, e.new_value->>'team_id' AS team_id,
             LEAD(e.created_at) OVER trail AS until,
             LAG(e.new_value->>'status') OVER trail AS former_status,
             LAG(e.new_value->>'team_id') OVER trail AS former_team_id
      FROM candidates JOIN conversation_events e ON e.conversation_id = candidates.id
      WHERE e.new_value ? 'status'
      WINDOW trail AS (PARTITION BY e.conversation_id ORDER BY e.seq)
    ), turns AS (
      SELECT *, COUNT(*) FILTER (WHERE is_entry) OVER (PARTITION BY conversation_id ORDER BY seq) AS turn
      FROM (
        SELECT *, status = 'queued'
                  AND (former_status, former_team_id) IS DISTINCT FROM (status, team_id) AS is_entry,
               status IN ('assigned', 'pending_agent', 'pending_customer') AS is_owned
        FROM states) marked
    ), taken AS (
      SELECT *, (ARRAY_AGG(owner) FILTER (WHERE is_owned) OVER (
                   PARTITION BY conversation_id, turn ORDER BY seq
                   ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING))[1] AS taker,
             GREATEST(COALESCE(until, NOW()) - created_at, INTERVAL '0') AS lasted
      FROM turns WHERE turn > 0
    ), wanted AS (
      SELECT conversation_id, MIN(seq) AS seq, MIN(taker) AS owner,
             MIN(created_at) FILTER (WHERE is_entry) AS queued_at,
             MIN(until) FILTER (WHERE is_entry) AS until,
             MIN(created_at) FILTER (WHERE is_owned AND owner = taker) AS assigned_at,
             SUM(lasted) FILTER (WHERE status IN ('assigned', 'pending_agent') AND owner = taker) AS active,
             SUM(lasted) FILTER (WHERE status = 'pending_customer' AND owner = taker) AS pending,
             BOOL_OR(status = 'closed' AND owner = taker) AS ends_in_close
      FROM taken
      GROUP BY conversation_id, turn
      HAVING MIN(team_id) FILTER (WHERE is_entry) = ${teamId}::text
        AND MIN(created_at) FILTER (WHERE is_entry) >= ${from}
        AND MIN(created_at) FILTER (WHERE is_entry) < ${to}
      ORDER BY queued_at, seq LIMIT ${limit}
    )
    SELECT w.conversation_id, w.queued_at, c.channel, c.priority,
           c.required_skills, p.sender_id AS previous_agent_id,
           p.answered_at AS previous_answer_at,
           (c.first_response_at IS NULL OR c.first_response_at >= w.queued_at) AS awaits_first_response,
           CASE WHEN c.status = 'queued' AND w.until IS NULL THEN (
             SELECT t.due_at FROM sla_timers t WHERE t.conversation_id = c.id AND t.clock = 'first_response')
           END AS due_at,
           w.owner, CASE WHEN w.owner IS NOT NULL THEN GREATEST(w.assigned_at, w.queued_at) END AS assigned_at,
           CASE WHEN w.owner IS NULL AND w.until IS NOT NULL
                THEN GREATEST(w.until, w.queued_at) END AS leaves_at,
           EXTRACT(EPOCH FROM w.active)::float8 * 1000 AS active_ms,
           EXTRACT(EPOCH FROM w.pending)::float8 * 1000 AS pending_ms,
           COALESCE(w.ends_in_close, FALSE) AS ends_in_close
    FROM wanted w
    JOIN conversations c ON c.id = w.conversation_id
    LEFT JOIN LATERAL (
      SELECT m.sender_id, m.created_at AS answered_at
      FROM conversations former
      JOIN LATERAL (
        SELECT sender_id, created_at FROM messages
        WHERE conversation_id = former.id AND direction = 'outbound' AND sender_type = 'agent'
          AND created_at < w.queued_at
        ORDER BY seq DESC LIMIT 1) m ON TRUE
      WHERE former.customer_id = c.customer_id AND former.created_at < w.queued_at
        AND former.last_agent_id IS NOT NULL
      ORDER BY m.created_at DESC LIMIT 1) p ON TRUE
    ORDER BY w.queued_at, w.seq`)
}

/**
 * Who could have been given something: the team's members, and whoever was. Skills are the present ones.
 * Of the period only the times when they were online are told.
 */
export function peopleWithin(
  db: Queryable,
  { teamId, ownerIds, from, to }: Period & { teamId: string; ownerIds: readonly string[] },
): Promise<ReplayedPerson[]> {
  return db.many(sql`
    SELECT u.id AS "userId", COALESCE(k.skills, '{}') AS skills, COALESCE(h.presence, '[]') AS presence
    FROM users u
    LEFT JOIN LATERAL (
      SELECT jsonb_object_agg(skill_name, proficiency_level) AS skills
      FROM agent_skills WHERE user_id = u.id) k ON TRUE
    LEFT JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_object(
               'status', status, 'fromMs', FLOOR(EXTRACT(EPOCH FROM started_at) * 1000),
               'untilMs', FLOOR(EXTRACT(EPOCH FROM ended_at) * 1000),
               'isFinishing', is_finishing, 'capacity', capacity) ORDER BY started_at, id) AS presence
      FROM presence_history
      WHERE user_id = u.id AND status = 'online'
        AND started_at < ${to} AND COALESCE(ended_at, 'infinity') > ${from}) h ON TRUE
    WHERE u.id IN (SELECT user_id FROM team_memberships WHERE team_id = ${teamId})
       OR u.id = ANY(${ownerIds}::uuid[])`)
}

/** Seconds in which a team answers first, by priority. */
export async function firstResponseTargets(
  db: Queryable,
  teamId: string,
): Promise<Partial<Record<Priority, number>>> {
  const rows = await db.many<{ priority: Priority; seconds: number }>(sql`
    SELECT priority, frt_target_seconds AS seconds FROM sla_policies
    WHERE team_id = ${teamId} AND is_active IS NOT FALSE`)
  return Object.fromEntries(rows.map(({ priority, seconds }) => [priority, seconds]))
}
