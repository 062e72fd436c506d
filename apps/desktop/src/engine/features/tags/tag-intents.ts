import { type AppError, type FeedItem, type RowOf } from '@parley/contracts'
import { may } from '@parley/domain'

import { type EngineFeature } from '../../feature.ts'
import { type Guard } from '../../outbox/intent-definition.ts'
import { type Cache } from '../../store/cache.ts'
import { mustBeHere, shownConversation } from '../conversations/index.ts'
import { tagRulesOf } from './kept-tags.ts'
import { shownTags } from './shown-tags.ts'

/** What shows at once is `shown_tags`: it reads the outbox. */
export const tagIntents = {
  add_tag: {
    order: 'as_made',
    async carryOut(trpc, { tagId }, ids) {
      const { conversationTag } = await trpc.tags.add.mutate({ ...ids, tagId })
      return itemsOf(conversationTag)
    },
    text: ({ name }) => name,
  },
  drop_tag: {
    order: 'as_made',
    async carryOut(trpc, { tagId, seen }, ids) {
      const { conversationTag, droppedId } = await trpc.tags.drop.mutate({ ...ids, tagId, seen })
      const gone: FeedItem[] =
        droppedId === null ? [] : [{ op: 'remove', kind: 'conversation_tag', id: droppedId }]
      return [...gone, ...itemsOf(conversationTag)]
    },
    text: ({ name }) => name,
  },
} satisfies EngineFeature['intents']

function itemsOf(row: RowOf<'conversation_tag'> | null): FeedItem[] {
  return row === null ? [] : [{ op: 'put', kind: 'conversation_tag', row }]
}

const mayTag: Guard = (cache, conversationId) => {
  const conversation = shownConversation(cache, conversationId)
  if (conversation === null) return mustBeHere(cache, conversationId)
  if (may(cache.actor, 'conversation.tag', conversation)) return null
  return { code: 'forbidden', details: { permission: 'conversation.tag' } }
}

/** Closed only with a tag, it keeps one. */
const mayDrop: Guard<'drop_tag'> = (cache, conversationId, intent) => {
  const isLast = tagsShown(cache, conversationId).every((id) => id === intent.tagId)
  const isClosed = shownConversation(cache, conversationId)?.status === 'closed'
  return (
    mayTag(cache, conversationId, intent) ??
    (isClosed && isLast && closesWithTag(cache, conversationId) ? TAG_REQUIRED : null)
  )
}

/** Its team closes only with a tag: said at once, and not when the server hears of it. */
const mayClose: Guard = (cache, conversationId) =>
  tagsShown(cache, conversationId).length === 0 && closesWithTag(cache, conversationId)
    ? TAG_REQUIRED
    : null

const TAG_REQUIRED: AppError = { code: 'required', details: { what: 'tags' } }

function closesWithTag(cache: Cache, conversationId: string): boolean {
  const teamId = shownConversation(cache, conversationId)?.teamId
  return tagRulesOf(cache).some(({ id, requiredOnClose }) => id === teamId && requiredOnClose)
}

function tagsShown(cache: Cache, conversationId: string): readonly string[] {
  return shownTags(cache, [conversationId]).get(conversationId) ?? []
}

export const tagGuards = {
  add_tag: mayTag,
  drop_tag: mayDrop,
  close: mayClose,
} satisfies EngineFeature['guards']
