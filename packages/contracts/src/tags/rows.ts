import { z } from 'zod'

import { syncedKind, version } from '../kind.ts'
import { id, instant } from '../primitives.ts'

/** A label, for every team or for one; its name is unique over all of them, whatever the case. */
export const tagRow = z.object({
  id,
  version,
  name: z.string(),
  /** One that an import brought and that is none of the palette's is drawn in grey. */
  color: z.string(),
  teamId: id.nullable(),
})
export type TagRow = z.infer<typeof tagRow>
export const tagKind = syncedKind('tag', tagRow)

/** A tag on a conversation. Its version rises when somebody adds it again. */
export const conversationTagRow = z.object({
  id,
  version,
  conversationId: id,
  tagId: id,
  addedBy: id.nullable(),
  createdAt: instant,
})
export type ConversationTagRow = z.infer<typeof conversationTagRow>
export const conversationTagKind = syncedKind('conversation_tag', conversationTagRow)

/** How a team uses tags; `id` is the team's. A team without a row asks for none. */
export const tagRuleRow = z.object({
  id,
  version,
  /** People close a conversation of this team only with a tag on it. */
  requiredOnClose: z.boolean(),
})
export type TagRuleRow = z.infer<typeof tagRuleRow>
export const tagRuleKind = syncedKind('tag_rule', tagRuleRow)
