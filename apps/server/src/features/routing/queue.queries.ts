import { type Channel, type Priority, type Waiting } from '@parley/domain'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'

/** A refusal, or an offer let pass, keeps a person from the same conversation this long. */
export const DECLINE_STANDS_SECONDS = 120

export interface QueuedConversation extends Waiting {
  now: Date
  /** Its place in the order of `conversations_waiting`, to go on from. */
  place: QueuePlace
}

export interface QueuePlace {
  rank: number
  due: string
  queuedAt: string
  id: string
}

interface QueuedRow {
  id: string
  channel: Channel
  priority: Priority
  required_skills: Record<string, number>
  previous_agent_id: string | null
  declined_by: string[]
  next_due_at: Date | null
  queued_at: Date
  now: Date
  rank: number
  due: string
  queued: string
}

const START: QueuePlace = {
  rank: -1,
  due: '-infinity',
  queuedAt: '-infinity',
  id: '00000000-0000-0000-0000-000000000000',
}

/**
 * The queue from a place on, in its order, locked; what somebody else is working on is passed over, and so
 * is what is being offered to somebody.
 */
export async function lockQueue(
  tx: Transaction,
  page: { teamId: string; after: QueuePlace | null; limit: number; stickySeconds: number },
): Promise<QueuedConversation[]> {
  const after = page.after ?? START
  const rows = await tx.many<QueuedRow>(sql`
    WITH page AS (
      SELECT c.*, CASE c.priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 WHEN 'normal' THEN 2 ELSE 3 END AS rank
      FROM conversations c
      WHERE c.team_id = ${page.teamId} AND c.status = 'queued'
        AND ((CASE c.priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 WHEN 'normal' THEN 2 ELSE 3 END),
             COALESCE(c.next_due_at, 'infinity'::timestamptz), c.queued_at, c.id)
            > (${after.rank}::int, ${after.due}::timestamptz, ${after.queuedAt}::timestamptz, ${after.id}::uuid)
        AND NOT EXISTS (SELECT 1 FROM offers o WHERE o.conversation_id = c.id AND o.outcome = 'open')
      ORDER BY (CASE c.priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 WHEN 'normal' THEN 2 ELSE 3 END),
               COALESCE(c.next_due_at, 'infinity'::timestamptz), c.queued_at, c.id
      LIMIT ${page.limit}
      FOR NO KEY UPDATE OF c SKIP LOCKED)
    SELECT page.id, page.channel, page.priority, page.required_skills, page.next_due_at, page.queued_at,
           page.rank, COALESCE(page.next_due_at, 'infinity'::timestamptz)::text AS due,
           page.queued_at::text AS queued, NOW() AS now,
           (SELECT p.last_agent_id FROM conversations p
            WHERE p.customer_id = page.customer_id AND p.last_agent_id IS NOT NULL
              AND p.last_message_at > NOW() - make_interval(secs => ${page.stickySeconds})
            ORDER BY p.last_message_at DESC LIMIT 1) AS previous_agent_id,
           ARRAY(SELECT o.user_id::text FROM offers o
                 WHERE o.conversation_id = page.id AND o.outcome IN ('refused', 'expired')
                   AND o.decided_at > NOW() - make_interval(secs => ${DECLINE_STANDS_SECONDS})) AS declined_by
    FROM page
    ORDER BY page.rank, page.next_due_at NULLS LAST, page.queued_at, page.id`)
  return rows.map(toQueued)
}

function toQueued(row: QueuedRow): QueuedConversation {
  return {
    conversationId: row.id,
    channel: row.channel,
    priority: row.priority,
    requiredSkills: row.required_skills,
    previousAgentId: row.previous_agent_id,
    declinedBy: row.declined_by,
    nextDueAtMs: row.next_due_at?.getTime() ?? null,
    queuedAtMs: row.queued_at.getTime(),
    now: row.now,
    place: { rank: row.rank, due: row.due, queuedAt: row.queued, id: row.id },
  }
}

/** Teams that hand out by themselves, have somebody waiting, and somebody who may take them. */
export async function teamsToDispatch(db: Queryable): Promise<string[]> {
  const rows = await db.many<{ team_id: string }>(sql`
    SELECT s.team_id FROM team_settings s
    -- One of each, by its index: joined freely, all that waits would be read at each call.
    CROSS JOIN LATERAL (
      SELECT FROM team_memberships m JOIN agent_presence p ON p.user_id = m.user_id
      WHERE m.team_id = s.team_id AND p.is_connected AND p.status = 'online' AND NOT p.is_finishing LIMIT 1) someone
    CROSS JOIN LATERAL (
      SELECT FROM conversations c WHERE c.team_id = s.team_id AND c.status = 'queued' LIMIT 1) waiting
    WHERE s.routing_mode <> 'pull'
    ORDER BY s.team_id`)
  return rows.map(({ team_id }) => team_id)
}

/**
 * When time alone changes what can be handed out: an offer ends, a wrap-up is over, a requirement relaxes,
 * a conversation overflows, a refusal has stood long enough. Milliseconds from now; null: not within a second.
 */
export async function nextTimerMs(db: Queryable): Promise<number | null> {
  const { next } = await db.one<{ next: number | null }>(sql`
    SELECT EXTRACT(EPOCH FROM MIN(at) - clock_timestamp())::float8 * 1000 AS next
    FROM (
      SELECT expires_at AS at FROM offers WHERE outcome = 'open' AND expires_at < NOW() + INTERVAL '1 second'
      UNION ALL
      SELECT until FROM wrap_ups WHERE until BETWEEN NOW() AND NOW() + INTERVAL '1 second'
      UNION ALL
      SELECT t.at FROM team_settings s
      JOIN conversations c ON c.team_id = s.team_id AND c.status = 'queued'
      CROSS JOIN LATERAL (VALUES
        (CASE WHEN c.required_skills <> '{}' THEN c.queued_at + make_interval(secs => s.relax_skills_after_seconds) END),
        (CASE WHEN c.required_skills <> '{}' THEN c.queued_at + make_interval(secs => 2 * s.relax_skills_after_seconds) END),
        (CASE WHEN s.overflow_team_id IS NOT NULL AND c.moved_by_time_at IS NULL
              THEN c.queued_at + make_interval(secs => s.overflow_after_seconds) END)) AS t(at)
      WHERE (s.relax_skills_after_seconds IS NOT NULL OR s.overflow_after_seconds IS NOT NULL)
        AND t.at BETWEEN NOW() AND NOW() + INTERVAL '1 second'
    ) timers`)
  return next === null ? null : Math.max(0, next)
}
