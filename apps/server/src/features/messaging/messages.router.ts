import {
  historyInput,
  retryInput,
  sendInput,
  settleInput,
  type ConversationRow,
  type HistoryOutput,
  type MessageRow,
} from '@parley/contracts'

import { may } from '@parley/domain'

import { type SessionActor } from '../../platform/actor.ts'
import { Failure } from '../../platform/failure.ts'
import { procedure, type Context } from '../../platform/procedure.ts'
import { sql } from '../../platform/sql.ts'
import { conversationSeenBy, eventReadBy } from '../conversations/index.ts'
import { historyOf, messageById } from './messages.rows.ts'
import { retryMessage, sendReply, settleMessage } from './messaging.commands.ts'

async function asTheyStand(
  { services: { db }, actor }: Context & { actor: SessionActor },
  messageId: string,
  conversationId: string,
): Promise<{ message: MessageRow | null; conversation: ConversationRow | null }> {
  const conversation = await conversationSeenBy(db, actor, conversationId)
  // Done, and out of this person's reach since.
  if (conversation === null) return { message: null, conversation: null }
  return { message: await messageById(db, messageId), conversation }
}

export const messageProcedures = {
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
}

const HISTORY_PAGE = 200

export const historyProcedures = {
  /** Older messages than a workstation's cache holds. */
  history: procedure('conversation.see')
    .input(historyInput)
    .query(async ({ ctx, input }): Promise<HistoryOutput> => {
      const conversation = await ctx.services.db.maybe<{
        team_id: string | null
        assigned_to: string | null
      }>(sql`SELECT team_id, assigned_to FROM conversations WHERE id = ${input.conversationId}`)
      const belonging = conversation && {
        teamId: conversation.team_id,
        assignedTo: conversation.assigned_to,
      }
      if (belonging === null || !may(ctx.actor, 'conversation.see', belonging)) {
        throw new Failure('not_found')
      }
      const { conversationId, beforeSeq } = input
      const history = await historyOf(ctx.services.db, conversationId, beforeSeq, HISTORY_PAGE)
      const events = history.events.map((event) => eventReadBy(event, ctx.actor, belonging))
      return { ...history, events }
    }),
}
