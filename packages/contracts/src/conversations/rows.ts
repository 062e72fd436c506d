import { CHANNELS, CONVERSATION_STATES, MESSAGE_STATUSES, PRIORITIES } from '@parley/domain'
import { z } from 'zod'

import { json, syncedKind, version } from '../kind.ts'
import { id, instant } from '../primitives.ts'
import { slaClock } from '../sla/rows.ts'

/** What a list shows of a conversation's newest message: so many characters of its text at most. */
export const LAST_MESSAGE_CHARACTERS = 200

/**
 * The newest message by `seq` that was not discarded, for lists that do not hold the thread.
 *
 * What happens to a message changes it without raising the conversation's version (a receipt writes one row, not two):
 * its own version says which is newer. Of two rows of one conversation version the last message with the greater
 * (seq, version) stands. A message that comes by itself takes its place by the same rule; one that is discarded raises
 * the conversation's version, which says what is the newest then.
 */
export const lastMessage = z.object({
  id,
  version,
  seq: z.int().positive(),
  direction: z.enum(['inbound', 'outbound']),
  senderType: z.enum(['customer', 'agent', 'system']),
  senderId: id.nullable(),
  contentType: z.string(),
  /** Its first 200 code points. */
  text: z.string().nullable(),
  status: z.enum(MESSAGE_STATUSES),
})
export type LastMessage = z.infer<typeof lastMessage>

type MessageState = Pick<LastMessage, 'seq' | 'version'>

/** Whether the first takes the other's place as a conversation's last message. */
export const isNewerMessage = (one: MessageState, other: MessageState | null): boolean =>
  other === null || one.seq > other.seq || (one.seq === other.seq && one.version > other.version)

export const conversationRow = z.object({
  id,
  version,
  customerId: id,
  channel: z.enum(CHANNELS),
  channelAccountId: id,
  teamId: id.nullable(),
  assignedTo: id.nullable(),
  status: z.enum(CONVERSATION_STATES),
  priority: z.enum(PRIORITIES),
  /** BCP 47 primary language found by triage. */
  language: z.string().nullable(),
  createdAt: instant,
  firstMessageAt: instant.nullable(),
  firstResponseAt: instant.nullable(),
  assignedAt: instant.nullable(),
  queuedAt: instant.nullable(),
  closedAt: instant.nullable(),
  closedBy: id.nullable(),
  closeReason: z.string().nullable(),
  /** The customer's oldest message that nobody has answered. */
  waitingSince: instant.nullable(),
  /** The customer's newest message, by the channel's clock: WhatsApp's 24 hours count from here. */
  lastInboundAt: instant.nullable(),
  /** The newest message either way. */
  lastMessageAt: instant.nullable(),
  lastMessage: lastMessage.nullable(),
  /** The nearest running service-level clock. */
  nextDueAt: instant.nullable(),
  /** All its service-level clocks; none where its team promises nothing. */
  clocks: z.array(slaClock),
  snoozedUntil: instant.nullable(),
})
export type ConversationRow = z.infer<typeof conversationRow>
export const conversationKind = syncedKind('conversation', conversationRow)

export const eventRow = z.object({
  id,
  version,
  conversationId: id,
  seq: z.int().positive(),
  /** Of the lifecycle, `CONVERSATION_EVENT_TYPES`, or a feature's own; one that nobody knows is not shown. */
  type: z.string().max(100),
  actorType: z.enum(['user', 'system', 'ai']).nullable(),
  actorId: id.nullable(),
  oldValue: json.nullable(),
  newValue: json.nullable(),
  metadata: json,
  createdAt: instant,
})
export type EventRow = z.infer<typeof eventRow>
export const eventKind = syncedKind('event', eventRow)
