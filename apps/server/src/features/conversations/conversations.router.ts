import {
  assignInput,
  claimInput,
  claimNextInput,
  closeInput,
  historyInput,
  releaseInput,
  setPriorityInput,
  reopenInput,
  takeOverInput,
  transferInput,
  type ConversationRow,
  type HistoryOutput,
} from '@parley/contracts'
import { may } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { Failure } from '../../platform/failure.ts'
import { procedure, router } from '../../platform/procedure.ts'
import { sql } from '../../platform/sql.ts'
import { conversationById, historyOf } from '../sync/index.ts'
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

const HISTORY_PAGE = 200

/** Every answer carries the row as it stands, so that the workstation need not wait for the feed. */
export async function conversationAnswer(
  db: Queryable,
  id: string,
): Promise<{ conversation: ConversationRow }> {
  return { conversation: await conversationById(db, id) }
}

export const conversationsRouter = router({
  claim: procedure('conversation.claim')
    .input(claimInput)
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
    .input(releaseInput)
    .mutation(async ({ ctx, input }) => {
      await release(ctx.services, { ...input, actor: ctx.actor })
      return conversationAnswer(ctx.services.db, input.conversationId)
    }),

  takeOver: procedure('conversation.take_over')
    .input(takeOverInput)
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
    .input(reopenInput)
    .mutation(async ({ ctx, input }) => {
      await reopenByPerson(ctx.services, { ...input, actor: ctx.actor })
      return conversationAnswer(ctx.services.db, input.conversationId)
    }),

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
      return historyOf(ctx.services.db, input.conversationId, input.beforeSeq, HISTORY_PAGE)
    }),
})
