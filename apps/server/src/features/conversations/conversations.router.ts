import {
  assignInput,
  claimNextInput,
  closeInput,
  conversationIntent,
  setPriorityInput,
  transferInput,
  type ConversationRow,
} from '@parley/contracts'

import { type Queryable } from '../../platform/database.ts'
import { procedure } from '../../platform/procedure.ts'
import {
  assign,
  claim,
  claimNext,
  close,
  release,
  reopenByPerson,
  setPriority,
  takeOver,
  transfer,
} from './conversations.commands.ts'
import { conversationById } from './conversations.rows.ts'

/** Every answer carries the row as it stands, so that the workstation need not wait for the feed. */
export async function conversationAnswer(
  db: Queryable,
  id: string,
): Promise<{ conversation: ConversationRow }> {
  return { conversation: await conversationById(db, id) }
}

export const conversationProcedures = {
  claim: procedure('conversation.claim')
    .input(conversationIntent)
    .mutation(async ({ ctx, input }) => {
      await claim(ctx.services, { ...input, actor: ctx.actor })
      return conversationAnswer(ctx.services.db, input.conversationId)
    }),

  claimNext: procedure('conversation.claim')
    .input(claimNextInput)
    .mutation(async ({ ctx, input }): Promise<{ conversation: ConversationRow | null }> => {
      const id = await claimNext(ctx.services, { ...input, actor: ctx.actor })
      return id === null ? { conversation: null } : conversationAnswer(ctx.services.db, id)
    }),

  assign: procedure('conversation.assign')
    .input(assignInput)
    .mutation(async ({ ctx, input }) => {
      await assign(ctx.services, { ...input, actor: ctx.actor })
      return conversationAnswer(ctx.services.db, input.conversationId)
    }),

  transfer: procedure('conversation.assign')
    .input(transferInput)
    .mutation(async ({ ctx, input }) => {
      await transfer(ctx.services, { ...input, actor: ctx.actor })
      return conversationAnswer(ctx.services.db, input.conversationId)
    }),

  release: procedure('conversation.assign')
    .input(conversationIntent)
    .mutation(async ({ ctx, input }) => {
      await release(ctx.services, { ...input, actor: ctx.actor })
      return conversationAnswer(ctx.services.db, input.conversationId)
    }),

  takeOver: procedure('conversation.take_over')
    .input(conversationIntent)
    .mutation(async ({ ctx, input }) => {
      await takeOver(ctx.services, { ...input, actor: ctx.actor })
      return conversationAnswer(ctx.services.db, input.conversationId)
    }),

  close: procedure('conversation.close')
    .input(closeInput)
    .mutation(async ({ ctx, input }) => {
      await close(ctx.services, { ...input, actor: ctx.actor })
      return conversationAnswer(ctx.services.db, input.conversationId)
    }),

  setPriority: procedure('conversation.prioritise')
    .input(setPriorityInput)
    .mutation(async ({ ctx, input }) => {
      await setPriority(ctx.services, { ...input, actor: ctx.actor })
      return conversationAnswer(ctx.services.db, input.conversationId)
    }),

  reopen: procedure('conversation.close')
    .input(conversationIntent)
    .mutation(async ({ ctx, input }) => {
      await reopenByPerson(ctx.services, { ...input, actor: ctx.actor })
      return conversationAnswer(ctx.services.db, input.conversationId)
    }),
}
