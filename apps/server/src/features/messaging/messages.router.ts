import {
  retryInput,
  sendInput,
  settleInput,
  type ConversationRow,
  type MessageRow,
} from '@parley/contracts'

import { procedure, router, type Context } from '../../platform/procedure.ts'
import { conversationById, messagesById } from '../sync/index.ts'
import { retryMessage, sendReply, settleMessage } from './messaging.commands.ts'

async function asTheyStand(
  { services: { db } }: Context,
  messageId: string,
  conversationId: string,
): Promise<{ message: MessageRow; conversation: ConversationRow }> {
  const [message] = await messagesById(db, [messageId])
  if (message === undefined) throw new Error(`message ${messageId} is gone`)
  return { message: message.row, conversation: await conversationById(db, conversationId) }
}

export const messagesRouter = router({
  send: procedure('conversation.reply')
    .input(sendInput)
    .mutation(async ({ ctx, input }) => {
      const services = { ...ctx.services, delivery: ctx.features.delivery }
      await sendReply(services, { ...input, actor: ctx.actor })
      return asTheyStand(ctx, input.id, input.conversationId)
    }),

  /** What a person knows of a message that failed or may have gone out. */
  settle: procedure('conversation.reply')
    .input(settleInput)
    .mutation(async ({ ctx, input }) => {
      const conversationId = await settleMessage(ctx.services, { ...input, actor: ctx.actor })
      return asTheyStand(ctx, input.messageId, conversationId)
    }),

  retry: procedure('conversation.reply')
    .input(retryInput)
    .mutation(async ({ ctx, input }) => {
      const services = { ...ctx.services, delivery: ctx.features.delivery }
      const conversationId = await retryMessage(services, { ...input, actor: ctx.actor })
      return asTheyStand(ctx, input.messageId, conversationId)
    }),
})
