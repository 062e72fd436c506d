import {
  addTagInput,
  createTagInput,
  dropTagInput,
  removeTagInput,
  saveTagInput,
  setTagRuleInput,
  type ConversationTagRow,
} from '@parley/contracts'

import { type SessionActor } from '../../platform/actor.ts'
import { procedure, type Context } from '../../platform/procedure.ts'
import { conversationSeenBy } from '../conversations/index.ts'
import { addTag, createTag, dropTag, removeTag, saveTag, setTagRule } from './tags.commands.ts'
import { conversationTag } from './tags.rows.ts'

async function asItStands(
  { services: { db }, actor }: Context & { actor: SessionActor },
  { conversationId, tagId }: { conversationId: string; tagId: string },
): Promise<{ conversationTag: ConversationTagRow | null }> {
  const isSeen = (await conversationSeenBy(db, actor, conversationId)) !== null
  return { conversationTag: isSeen ? await conversationTag(db, conversationId, tagId) : null }
}

export const tagProcedures = {
  create: procedure('tag.manage')
    .input(createTagInput)
    .mutation(async ({ ctx, input }) => ({
      tag: await createTag(ctx.services, { ...input, actor: ctx.actor, by: ctx.by }),
    })),

  save: procedure('tag.manage')
    .input(saveTagInput)
    .mutation(async ({ ctx, input }) => ({
      tag: await saveTag(ctx.services, { ...input, actor: ctx.actor, by: ctx.by }),
    })),

  remove: procedure('tag.manage')
    .input(removeTagInput)
    .mutation(async ({ ctx, input }) => {
      await removeTag(ctx.services, { ...input, actor: ctx.actor, by: ctx.by })
      return null
    }),

  add: procedure('conversation.tag')
    .input(addTagInput)
    .mutation(async ({ ctx, input }) => {
      await addTag(ctx.services, { ...input, actor: ctx.actor })
      return asItStands(ctx, input)
    }),

  drop: procedure('conversation.tag')
    .input(dropTagInput)
    .mutation(async ({ ctx, input }) => {
      const droppedId = await dropTag(ctx.services, { ...input, actor: ctx.actor })
      return { ...(await asItStands(ctx, input)), droppedId }
    }),

  setRule: procedure('tag.manage')
    .input(setTagRuleInput)
    .mutation(async ({ ctx, input }) => ({
      rule: await setTagRule(ctx.services, { ...input, actor: ctx.actor, by: ctx.by }),
    })),
}
