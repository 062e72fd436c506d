import {
  addTagInput,
  createTagInput,
  dropTagInput,
  removeTagInput,
  saveTagInput,
  setTagRuleInput,
  type ConversationTagRow,
} from '@parley/contracts'

import { type Queryable } from '../../platform/database.ts'
import { procedure } from '../../platform/procedure.ts'
import { addTag, createTag, dropTag, removeTag, saveTag, setTagRule } from './tags.commands.ts'
import { conversationTag } from './tags.rows.ts'

async function asItStands(
  db: Queryable,
  { conversationId, tagId }: { conversationId: string; tagId: string },
): Promise<{ conversationTag: ConversationTagRow | null }> {
  return { conversationTag: await conversationTag(db, conversationId, tagId) }
}

export const tagProcedures = {
  create: procedure('tag.manage')
    .input(createTagInput)
    .mutation(async ({ ctx, input }) => ({
      tag: await createTag(ctx.services, { ...input, actor: ctx.actor }),
    })),

  save: procedure('tag.manage')
    .input(saveTagInput)
    .mutation(async ({ ctx, input }) => ({
      tag: await saveTag(ctx.services, { ...input, actor: ctx.actor }),
    })),

  remove: procedure('tag.manage')
    .input(removeTagInput)
    .mutation(async ({ ctx, input }) => {
      await removeTag(ctx.services, { ...input, actor: ctx.actor })
      return null
    }),

  add: procedure('conversation.tag')
    .input(addTagInput)
    .mutation(async ({ ctx, input }) => {
      await addTag(ctx.services, { ...input, actor: ctx.actor })
      return asItStands(ctx.services.db, input)
    }),

  drop: procedure('conversation.tag')
    .input(dropTagInput)
    .mutation(async ({ ctx, input }) => {
      const droppedId = await dropTag(ctx.services, { ...input, actor: ctx.actor })
      return { ...(await asItStands(ctx.services.db, input)), droppedId }
    }),

  setRule: procedure('tag.manage')
    .input(setTagRuleInput)
    .mutation(async ({ ctx, input }) => ({
      rule: await setTagRule(ctx.services, { ...input, actor: ctx.actor }),
    })),
}
