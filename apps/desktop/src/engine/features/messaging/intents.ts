import { type ConversationRow, type MessageRow, type PutItem } from '@parley/contracts'

import { type EngineFeature } from '../../feature.ts'

/** What a person writes, and what they decide about messages whose sending failed or is in doubt. */
export const messagingIntents = {
  reply: {
    shown: (row, _intent, { at }) => ({
      ...row,
      status: row.status === 'closed' ? 'closed' : 'pending_customer',
      waitingSince: null,
      lastMessageAt: at,
    }),
    carryOut: (trpc, { text, lastSeenSeq, despiteNewerReply }, { intentId: id, conversationId }) =>
      rowsOf(
        trpc.messages.send.mutate({ id, conversationId, text, lastSeenSeq, despiteNewerReply }),
      ),
    text: ({ text }) => text,
    // Sent again although somebody has answered meanwhile: the person has been told.
    again: (intent, refusal) =>
      refusal?.code === 'reply_outdated' ? { ...intent, despiteNewerReply: true } : intent,
  },
  retry: {
    order: 'as_made',
    carryOut: (trpc, { messageId }, { intentId }) =>
      rowsOf(trpc.messages.retry.mutate({ intentId, messageId })),
  },
  settle: {
    order: 'as_made',
    carryOut: (trpc, { messageId, as }, { intentId }) =>
      rowsOf(trpc.messages.settle.mutate({ intentId, messageId, as })),
  },
} satisfies EngineFeature['intents']

async function rowsOf(
  answer: Promise<{ conversation: ConversationRow | null; message: MessageRow | null }>,
): Promise<PutItem[]> {
  const { conversation, message } = await answer
  // Done, and out of this person's reach since. The feed takes it away.
  if (conversation === null || message === null) return []
  return [
    { op: 'put', kind: 'conversation', row: conversation },
    { op: 'put', kind: 'message', row: message },
  ]
}
