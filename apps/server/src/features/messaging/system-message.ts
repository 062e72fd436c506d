import { customerWindowEndsAt } from '@parley/domain'

import { type Transaction } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { type ConversationRecord } from '../conversations/index.ts'
import { insertOutgoing } from './messages.queries.ts'

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
  await insertOutgoing(tx, {
    id: null,
    conversationId: conversation.id,
    senderType: 'system',
    senderId: null,
    text,
    metadata: { reason },
  })
  tx.afterCommit(() => {
    signals.send('feed')
    signals.send('delivery', conversation.id)
  })
}
