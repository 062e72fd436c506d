import {
  conversationTagKind,
  type ConversationTagRow,
  tagKind,
  type TagRow,
  tagRuleKind,
  type TagRuleRow,
} from '@parley/contracts'

import { type Cache } from '../../store/cache.ts'
import { keptKind } from '../../store/kept-kind.ts'
import { wishesOn } from './shown-tags.ts'
import { OF_CONVERSATION } from '../conversations/index.ts'

export const keptTags = keptKind(tagKind, { table: 'tags', sweep: 'remove' })

export const keptTagRules = keptKind(tagRuleKind, {
  table: 'tag_rules',
  sweep: 'remove',
  touches: () => ({ topics: ['tag'] }),
})

export const keptConversationTags = keptKind(conversationTagKind, {
  ...OF_CONVERSATION,
  table: 'conversation_tags',
  columns: ({ conversationId, tagId }) => ({ conversation_id: conversationId, tag_id: tagId }),
})

export function tagsOf({ store }: Cache): TagRow[] {
  return store.rows('SELECT row FROM tags')
}

export function tagRulesOf({ store }: Cache): TagRuleRow[] {
  return store.rows('SELECT row FROM tag_rules')
}

/** As the server said last; null where it has not. */
export function conversationTagOf(
  { store }: Cache,
  conversationId: string,
  tagId: string,
): ConversationTagRow | null {
  return store.row(
    `SELECT row FROM conversation_tags WHERE conversation_id = ? AND tag_id = ?
     ORDER BY row ->> '$.createdAt' DESC LIMIT 1`,
    conversationId,
    tagId,
  )
}

/** Whether a wish of this person's for the tag waits to be sent, and which came last. */
export function lastWish(
  { store }: Cache,
  conversationId: string,
  tagId: string,
): 'add_tag' | 'drop_tag' | null {
  return wishesOn(store, conversationId).findLast((wish) => wish.tagId === tagId)?.kind ?? null
}
