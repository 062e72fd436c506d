import { type Database, type Transaction } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'

/**
 * Writes `agent_stats` and `team_stats` of one day, whole: written again they are the same, and whoever had
 * nothing that day has no row. By the specification's plain formulas, in seconds of plain time: the first
 * response is `first_response_at - first_message_at`, the resolution `closed_at - first_message_at`, each
 * counted on the day on which it happened, for the team that has the conversation now. By a sender's clock that is
 * ahead an answer may come before its question: that took no time.
 * @param date YYYY-MM-DD
 * @param timeZone IANA name: the day is from midnight to midnight there
 */
export async function writeStats(db: Database, date: string, timeZone: string): Promise<void> {
  await db.transaction(async (tx) => {
    const { from, to } = await tx.one<Day>(sql`
      SELECT ${date}::date::timestamp AT TIME ZONE ${timeZone} AS from,
             (${date}::date + 1)::timestamp AT TIME ZONE ${timeZone} AS to`)
    await writeAgentStats(tx, date, { from, to })
    await writeTeamStats(tx, date, { from, to })
  })
}

interface Day {
  from: Date
  to: Date
}

/**
 * Handled is what they wrote in or closed. A message that did not go out in the end was not sent. The first
 * response is of whoever wrote the earliest message by a person; one from the business's own phone is nobody's.
 */
async function writeAgentStats(tx: Transaction, date: string, { from, to }: Day): Promise<void> {
  await tx.run(sql`
    WITH sent AS (
      SELECT u.id AS user_id, m.conversation_id, m.messages
      FROM users u CROSS JOIN LATERAL (
        SELECT conversation_id, COUNT(*) AS messages FROM messages
        WHERE sender_type = 'agent' AND sender_id = u.id AND direction = 'outbound'
          AND sent_at >= ${from} AND sent_at < ${to} AND status <> 'failed' AND discarded_at IS NULL
        GROUP BY conversation_id) m
    ), closed AS (
      SELECT closed_by AS user_id, id AS conversation_id,
             GREATEST(0, EXTRACT(EPOCH FROM closed_at - first_message_at)) AS seconds
      FROM conversations
      WHERE status = 'closed' AND closed_at >= ${from} AND closed_at < ${to} AND closed_by IS NOT NULL
    ), responded AS (
      SELECT m.sender_id AS user_id, GREATEST(0, EXTRACT(EPOCH FROM c.first_response_at - c.first_message_at)) AS seconds
      FROM conversations c CROSS JOIN LATERAL (
        SELECT sender_id FROM messages
        WHERE conversation_id = c.id AND sender_type = 'agent' ORDER BY seq LIMIT 1) m
      WHERE c.first_response_at >= ${from} AND c.first_response_at < ${to}
    ), handled AS (
      SELECT user_id, COUNT(*) AS conversations
      FROM (SELECT user_id, conversation_id FROM sent
            UNION SELECT user_id, conversation_id FROM closed) AS touched
      GROUP BY user_id
    ), sent_by AS (
      SELECT user_id, SUM(messages) AS messages FROM sent GROUP BY user_id
    ), first_responses AS (
      SELECT user_id, ROUND(AVG(seconds)) AS seconds FROM responded GROUP BY user_id
    ), resolutions AS (
      SELECT user_id, ROUND(AVG(seconds)) AS seconds FROM closed GROUP BY user_id
    ), figures AS (
      SELECT u.id AS user_id, COALESCE(h.conversations, 0) AS handled, COALESCE(s.messages, 0) AS sent,
             f.seconds AS first_response, r.seconds AS resolution
      FROM users u
      LEFT JOIN handled h ON h.user_id = u.id
      LEFT JOIN sent_by s ON s.user_id = u.id
      LEFT JOIN first_responses f ON f.user_id = u.id
      LEFT JOIN resolutions r ON r.user_id = u.id
      WHERE h.user_id IS NOT NULL OR f.user_id IS NOT NULL
    ), gone AS (
      DELETE FROM agent_stats
      WHERE date = ${date}::date AND user_id NOT IN (SELECT user_id FROM figures)
    )
    INSERT INTO agent_stats (id, user_id, date, conversations_handled, messages_sent, avg_frt_seconds,
                             avg_resolution_seconds)
    SELECT new_id(), user_id, ${date}::date, handled, sent, first_response, resolution FROM figures ORDER BY user_id
    ON CONFLICT (user_id, date) DO UPDATE SET
      conversations_handled = excluded.conversations_handled, messages_sent = excluded.messages_sent,
      avg_frt_seconds = excluded.avg_frt_seconds, avg_resolution_seconds = excluded.avg_resolution_seconds`)
}

async function writeTeamStats(tx: Transaction, date: string, { from, to }: Day): Promise<void> {
  await tx.run(sql`
    WITH created AS (
      SELECT team_id, COUNT(*) AS conversations FROM conversations
      WHERE created_at >= ${from} AND created_at < ${to} GROUP BY team_id
    ), closed AS (
      SELECT team_id, COUNT(*) AS conversations,
             ROUND(AVG(GREATEST(0, EXTRACT(EPOCH FROM closed_at - first_message_at)))) AS seconds
      FROM conversations
      WHERE status = 'closed' AND closed_at >= ${from} AND closed_at < ${to} GROUP BY team_id
    ), responded AS (
      SELECT team_id, ROUND(AVG(GREATEST(0, EXTRACT(EPOCH FROM first_response_at - first_message_at)))) AS seconds
      FROM conversations
      WHERE first_response_at >= ${from} AND first_response_at < ${to} GROUP BY team_id
    ), figures AS (
      SELECT t.id AS team_id, COALESCE(c.conversations, 0) AS created, COALESCE(d.conversations, 0) AS closed,
             r.seconds AS first_response, d.seconds AS resolution
      FROM teams t
      LEFT JOIN created c ON c.team_id = t.id
      LEFT JOIN closed d ON d.team_id = t.id
      LEFT JOIN responded r ON r.team_id = t.id
      WHERE c.team_id IS NOT NULL OR d.team_id IS NOT NULL OR r.team_id IS NOT NULL
    ), gone AS (
      DELETE FROM team_stats
      WHERE date = ${date}::date AND team_id NOT IN (SELECT team_id FROM figures)
    )
    INSERT INTO team_stats (id, team_id, date, conversations_created, conversations_closed, avg_frt_seconds,
                            avg_resolution_seconds)
    SELECT new_id(), team_id, ${date}::date, created, closed, first_response, resolution FROM figures ORDER BY team_id
    ON CONFLICT (team_id, date) DO UPDATE SET
      conversations_created = excluded.conversations_created,
      conversations_closed = excluded.conversations_closed,
      avg_frt_seconds = excluded.avg_frt_seconds, avg_resolution_seconds = excluded.avg_resolution_seconds`)
}
