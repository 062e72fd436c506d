import { MESSAGE_STATUSES } from '@parley/domain'
import { z } from 'zod'

import { json, syncedKind, version } from '../kind.ts'
import { id, instant } from '../primitives.ts'

export const messageRow = z.object({
  id,
  version,
  conversationId: id,
  /** The server's own order; messages are shown by (sentAt, seq). */
  seq: z.int().positive(),
  direction: z.enum(['inbound', 'outbound']),
  senderType: z.enum(['customer', 'agent', 'system']),
  senderId: id.nullable(),
  /** The channel's type: text, image, audio, … Unknown ones are kept as they came. */
  contentType: z.string(),
  text: z.string().nullable(),
  /** What the channel said beside the text, for placeholders: file name, caption, coordinates, … */
  content: json,
  status: z.enum(MESSAGE_STATUSES),
  sentAt: instant,
  deliveredAt: instant.nullable(),
  readAt: instant.nullable(),
  /** A reason of the domain's list, or the channel's own words. */
  failedReason: z.string().nullable(),
  /** Since when it is unknown whether the channel took it. */
  ambiguousAt: instant.nullable(),
  /** Given up by a person: kept for the record, not shown. */
  discardedAt: instant.nullable(),
  /** The message this one answers, if the customer quoted one we have. */
  replyToId: id.nullable(),
})
export type MessageRow = z.infer<typeof messageRow>
export const messageKind = syncedKind('message', messageRow)
