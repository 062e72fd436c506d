import { z } from 'zod'

import { conversationIntent } from '../conversations/api.ts'
import { id, newId, typedText } from '../primitives.ts'
import { TAG_COLORS } from './colors.ts'
import { conversationTagRow, tagRow, tagRuleRow } from './rows.ts'

/** As it is read: one space where there are several, composed letters, nothing that cannot be seen. */
const tagName = typedText(100)
  .transform((name) => name.normalize('NFC').replace(/\s+/gu, ' ').trim())
  .refine((name) => /^\P{C}+$/u.test(name), 'is empty, or has letters that cannot be seen')
const tagFields = z.object({ name: tagName, color: z.enum(TAG_COLORS), teamId: id.nullable() })

/** @throws `forbidden`, `not_found` (the team), `invalid_input` (name: taken). The same id again changes nothing */
export const createTagInput = tagFields.extend({ id: newId })
/** @throws as above, and `conflict` where somebody saved since the version it was made from */
export const saveTagInput = tagFields.extend({ id, basedOn: z.int().positive() })
/** Takes it off every conversation, too. One that is gone already is no failure. @throws `forbidden` */
export const removeTagInput = z.object({ id })
export const tagOutput = z.object({ tag: tagRow })

/** Adding what is there already counts as adding it again. @throws `not_found`, `forbidden` */
export const addTagInput = conversationIntent.extend({ tagId: id })
/** Which row of a conversation's tag somebody had before them. */
export const seenTag = z.object({ id, version: z.int().positive() })

/**
 * Takes off what its sender saw: whoever added the tag again since then keeps it there (of adding and removing at the
 * same time, adding wins). Null: what they saw was their own unsent addition, and that alone is taken off.
 */
export const dropTagInput = conversationIntent.extend({ tagId: id, seen: seenTag.nullable() })
/** As it stands then; null: the conversation has not got it. */
export const conversationTagOutput = z.object({ conversationTag: conversationTagRow.nullable() })
/** The row that is gone; null where nothing was taken off. */
export const dropTagOutput = conversationTagOutput.extend({ droppedId: id.nullable() })

/** @throws `forbidden`, `not_found` */
export const setTagRuleInput = z.object({ teamId: id, requiredOnClose: z.boolean() })
export const tagRuleOutput = z.object({ rule: tagRuleRow })
