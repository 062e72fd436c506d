import { z } from 'zod'

import { engineMethods, takes, takesNothing } from '../method.ts'
import { id } from '../primitives.ts'
import {
  createTagInput,
  removeTagInput,
  saveTagInput,
  type seenTag,
  setTagRuleInput,
} from './api.ts'

declare module '../inbox/bridge.ts' {
  interface RowMarks {
    /** By name; this person's unsent changes included. */
    tagIds: string[]
  }
}

declare module '../outbox/intents.ts' {
  interface Intents {
    /** `name`: for the words that say what waits. */
    add_tag: { tagId: string; name: string }
    drop_tag: { tagId: string; name: string; seen: z.infer<typeof seenTag> | null }
  }
}

export interface TagView {
  id: string
  version: number
  name: string
  color: string
  teamId: string | null
  /** Whether this person may change or remove it. */
  mayManage: boolean
}

export interface TagsView {
  /** By name. */
  tags: TagView[]
  /** Teams that close only with a tag. */
  requiredIn: string[]
  /** For which teams this person may make tags; null among them: for all. */
  mayCreateFor: (string | null)[]
}

const onConversation = z.object({ conversationId: id, tagId: id })
interface Intended {
  intentId: string
}

export const tagMethods = engineMethods({
  'tags.list': takesNothing.shows<TagsView>(),
  /** Intents: kept and sent when the server is back. */
  'tags.add': takes(onConversation).gives<Intended>(),
  'tags.drop': takes(onConversation).gives<Intended>(),
  /** These ask the server and fail with `server_unreachable` without it. */
  'tags.create': takes(createTagInput.omit({ id: true })).gives<{ tagId: string }>(),
  'tags.save': takes(saveTagInput).gives<null>(),
  'tags.remove': takes(removeTagInput).gives<null>(),
  'tags.setRule': takes(setTagRuleInput).gives<null>(),
})
