import { customerWindowEndsAt } from '@parley/domain'

import { type Transaction } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { type ConversationRecord } from '../conversations/index.ts'

/**
 * Lets Parley itself say something to the customer. It answers nothing: no state changes and no clock stops.
 * Outside the channel's window nothing is sent.
 */
export async function sendSystemMessage(
  { signals }: Services,
  tx: Transaction,
  conversation: ConversationRecord,
  { text, reason }: { text: string; reason: string },
): Promise<void> {
  const endsAt = customerWindowEndsAt(
    conversation.channel,
    conversation.last_inbound_at?.getTime() ?? null,
  )
  if (endsAt !== null && endsAt <= conversation.now.getTime()) return
  await tx.run(sql`
    INSERT INTO messages (conversation_id, direction, sender_type, content_type, content_text, status,
                          sent_at, metadata)
    VALUES (${conversation.id}, 'outbound', 'system', 'text', ${text}, 'pending', NOW(),
            ${JSON.stringify({ reason })})`)
  tx.afterCommit(() => {
    signals.send('feed')
    signals.send('delivery', conversation.id)
  })
}
