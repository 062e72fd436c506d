import { type Transaction } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'

const MESSAGES_A_MINUTE = 20
const CONVERSATIONS_AN_HOUR = 5

/**
 * Which of these customers write more than people do, and until when: what they send is stored and shown, but
 * nobody is alerted and nothing answers automatically until the window ends. Counted by the channel's
 * timestamps, so that a redelivery blocks nobody.
 */
export async function floodingCustomers(
  tx: Transaction,
  customerIds: readonly string[],
): Promise<Map<string, Date>> {
  // No customer's clock is a day off: what was stored before cannot have been sent within the minute.
  const rows = await tx.many<{ customer_id: string; until: Date }>(sql`
    WITH asked AS (
      SELECT DISTINCT unnest(${customerIds}::uuid[]) AS id
    ), blocked AS (
      SELECT b.customer_id, MAX(b.window_end) AS until
      FROM asked JOIN rate_limit_buckets b ON b.customer_id = asked.id
      WHERE b.is_blocked AND b.window_end > NOW() GROUP BY b.customer_id
    ), counted AS (
      SELECT asked.id,
        (SELECT COUNT(*)::int FROM messages m JOIN conversations c ON c.id = m.conversation_id
         WHERE c.customer_id = asked.id AND m.direction = 'inbound'
           AND m.created_at > NOW() - INTERVAL '1 day' AND m.sent_at > NOW() - INTERVAL '1 minute') AS messages,
        (SELECT COUNT(*)::int FROM conversations c
         WHERE c.customer_id = asked.id AND c.created_at > NOW() - INTERVAL '1 hour') AS conversations
      FROM asked WHERE NOT EXISTS (SELECT 1 FROM blocked b WHERE b.customer_id = asked.id)
    ), begun AS (
      INSERT INTO rate_limit_buckets (id, customer_id, bucket_type, count, window_start, window_end, is_blocked)
      SELECT new_id(), id, 'message', messages, NOW(), NOW() + INTERVAL '1 minute', TRUE
      FROM counted WHERE messages > ${MESSAGES_A_MINUTE}
      UNION ALL
      SELECT new_id(), id, 'conversation', conversations, NOW(), NOW() + INTERVAL '1 hour', TRUE
      FROM counted WHERE messages <= ${MESSAGES_A_MINUTE} AND conversations > ${CONVERSATIONS_AN_HOUR}
      ON CONFLICT (customer_id, bucket_type, window_start) DO NOTHING
      RETURNING customer_id, window_end
    )
    SELECT customer_id, until FROM blocked
    UNION ALL
    SELECT customer_id, window_end FROM begun`)
  return new Map(rows.map(({ customer_id, until }) => [customer_id, until]))
}

export async function isFlooding(tx: Transaction, customerId: string): Promise<boolean> {
  return (await floodingCustomers(tx, [customerId])).size > 0
}
