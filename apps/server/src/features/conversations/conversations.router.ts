import {
  assignInput,
  claimNextInput,
  closeInput,
  conversationIntent,
  setPriorityInput,
  transferInput,
  undoInput,
  type ConversationRow,
} from '@parley/contracts'
import { type Actor } from '@parley/domain'

import { type SessionActor } from '../../platform/actor.ts'
import { type Queryable } from '../../platform/database.ts'
import { procedure, type Context } from '../../platform/procedure.ts'
import { type Services } from '../../platform/services.ts'
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
import { conversationSeenBy } from './conversations.rows.ts'
import { undo } from './undo.ts'

/**
 * Every answer carries the row as it stands, so that the workstation need not wait for the feed; null where it is done
 * and the conversation is out of the person's reach, by this very intent or since: an intent that is asked again tells
 * nobody what they may not see.
 */
async function conversationAnswer(
  db: Queryable,
  actor: Actor,
  id: string,
): Promise<{ conversation: ConversationRow | null }> {
  return { conversation: await conversationSeenBy(db, actor, id) }
}

/** Carries out what a person wants done to a conversation, and answers as it stands then. */
function carriedOutBy<Intent extends { conversationId: string; actor: SessionActor }>(
  command: (services: Services, intent: Intent) => Promise<void>,
) {
  type Input = Omit<Intent, 'actor'> & { conversationId: string }
  return async ({ ctx, input }: { ctx: Context & { actor: SessionActor }; input: Input }) => {
    await command(ctx.services, { ...input, actor: ctx.actor } as Input & Intent)
    return conversationAnswer(ctx.services.db, ctx.actor, input.conversationId)
  }
}

export const conversationProcedures = {
  claim: procedure('conversation.claim').input(conversationIntent).mutation(carriedOutBy(claim)),

  claimNext: procedure('conversation.claim')
    .input(claimNextInput)
    .mutation(async ({ ctx, input }): Promise<{ conversation: ConversationRow | null }> => {
      const id = await claimNext(ctx.services, { ...input, actor: ctx.actor })
      return id === null
        ? { conversation: null }
        : conversationAnswer(ctx.services.db, ctx.actor, id)
    }),

  assign: procedure('conversation.assign').input(assignInput).mutation(carriedOutBy(assign)),

  transfer: procedure('conversation.assign').input(transferInput).mutation(carriedOutBy(transfer)),

  release: procedure('conversation.assign')
    .input(conversationIntent)
    .mutation(carriedOutBy(release)),

  takeOver: procedure('conversation.take_over')
    .input(conversationIntent)
    .mutation(carriedOutBy(takeOver)),

  close: procedure('conversation.close').input(closeInput).mutation(carriedOutBy(close)),

  setPriority: procedure('conversation.prioritise')
    .input(setPriorityInput)
    .mutation(carriedOutBy(setPriority)),

  reopen: procedure('conversation.close')
    .input(conversationIntent)
    .mutation(carriedOutBy(reopenByPerson)),

  /** What was done with one permission is undone with it, which the command asks for. */
  undo: procedure('conversation.see').input(undoInput).mutation(carriedOutBy(undo)),
}
