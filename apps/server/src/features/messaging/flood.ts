import { type Transaction } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'

const MESSAGES_A_MINUTE = 20
const CONVERSATIONS_AN_HOUR = 5

/**
 * Whether this customer writes more than people do: what they send is stored and shown, but answered by
 * nothing automatic until the window ends. Counted by the channel's timestamps, so that a redelivery
 * blocks nobody.
 */
export async function isFlooding(tx: Transaction, customerId: string): Promise<boolean> {
  const blocked = await tx.maybe<{ id: string }>(sql`
    SELECT id FROM rate_limit_buckets
    WHERE customer_id = ${customerId} AND is_blocked AND window_end > NOW() LIMIT 1`)
  if (blocked !== null) return true
  const { messages, conversations } = await tx.one<{ messages: number; conversations: number }>(sql`
    SELECT
      (SELECT COUNT(*)::int FROM messages m JOIN conversations c ON c.id = m.conversation_id
       WHERE c.customer_id = ${customerId} AND m.direction = 'inbound'
         AND m.sent_at > NOW() - INTERVAL '1 minute') AS messages,
      (SELECT COUNT(*)::int FROM conversations
       WHERE customer_id = ${customerId} AND created_at > NOW() - INTERVAL '1 hour') AS conversations`)
  if (messages > MESSAGES_A_MINUTE) await block(tx, customerId, 'message', messages, 60)
  else if (conversations > CONVERSATIONS_AN_HOUR)
    await block(tx, customerId, 'conversation', conversations, 3600)
  else return false
  return true
}

async function block(
  tx: Transaction,
  customerId: string,
  type: 'message' | 'conversation',
  count: number,
  seconds: number,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO rate_limit_buckets (customer_id, bucket_type, count, window_start, window_end, is_blocked)
    VALUES (${customerId}, ${type}, ${count}, NOW(), NOW() + make_interval(secs => ${seconds}), TRUE)
    ON CONFLICT (customer_id, bucket_type, window_start) DO NOTHING`)
}
