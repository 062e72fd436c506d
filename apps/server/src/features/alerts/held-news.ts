import { type Queryable, type Transaction } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { raiseAlerts, type AlertNews } from './raise.ts'

/** Conversations in one short transaction. */
const PORTION = 100

/** What was held back while a customer flooded us is told when that is over, as far as it still holds. */
export async function tellHeldNews(services: Services): Promise<void> {
  while ((await services.db.transaction((tx) => tellPortion(services, tx))) > 0);
}

/**
 * Conversations are locked first, as everywhere; what another process is at is left to it. What has been answered,
 * moved to another instant or overtaken by the breach is only forgotten.
 */
async function tellPortion(services: Services, tx: Transaction): Promise<number> {
  const locked = await tx.many<{ id: string }>(sql`
    SELECT id FROM conversations
    WHERE id IN (SELECT conversation_id FROM held_news WHERE held_until <= NOW()
                 ORDER BY held_until LIMIT ${PORTION})
    ORDER BY id FOR NO KEY UPDATE SKIP LOCKED`)
  if (locked.length === 0) return 0
  const due = await tx.many<AlertNews & { holds: boolean }>(sql`
    WITH due AS (
      DELETE FROM held_news
      WHERE conversation_id = ANY(${locked.map(({ id }) => id)}::uuid[]) AND held_until <= NOW()
      RETURNING *
    )
    SELECT due.kind, due.clock, c.id AS "conversationId", c.team_id AS "teamId", c.assigned_to AS "assignedTo",
           c.customer_id AS "customerId", due.due_at AS "dueAt",
           COALESCE(t.state <> 'stopped' AND t.due_at = due.due_at
             AND (due.kind = 'breach' OR due.due_at > NOW() OR due.clock = 'next_response'), FALSE) AS holds
    FROM due
    JOIN conversations c ON c.id = due.conversation_id
    LEFT JOIN sla_timers t ON t.conversation_id = due.conversation_id AND t.clock = due.clock`)
  await raiseAlerts(
    services,
    tx,
    due.filter(({ holds }) => holds),
  )
  return locked.length
}

/** Milliseconds until something held back may be told, by the database's clock; null: nothing within a second. */
export async function nextHeldNewsMs(db: Queryable): Promise<number | null> {
  const { next } = await db.one<{ next: number | null }>(sql`
    SELECT EXTRACT(EPOCH FROM MIN(held_until) - clock_timestamp())::float8 * 1000 AS next
    FROM held_news WHERE held_until < NOW() + INTERVAL '1 second'`)
  return next === null ? null : Math.max(0, next)
}
