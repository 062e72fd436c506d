import {
  CHANNELS,
  CONVERSATION_EVENT_TYPES,
  CONVERSATION_STATES,
  MESSAGE_STATUSES,
  PRESENCE_STATUSES,
  PRIORITIES,
  ROLES,
} from '@parley/domain'
import { z } from 'zod'

import { alertPreferencesRow, alertRow } from '../alerts/alerts.ts'
import { id, instant } from '../primitives.ts'
import { slaClock } from '../sla/sla.ts'

/**
 * The rows that a workstation may hold: what the feed and the bootstrap deliver and the cache stores.
 * `version` rises with every change of the row; a cache takes only higher ones.
 */

const json = z.record(z.string(), z.unknown())
const version = z.int().positive()

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
  /** The nearest running service-level clock. */
  nextDueAt: instant.nullable(),
  /** All its service-level clocks; none where its team promises nothing. */
  clocks: z.array(slaClock),
  snoozedUntil: instant.nullable(),
})
export type ConversationRow = z.infer<typeof conversationRow>

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

export const eventRow = z.object({
  id,
  version,
  conversationId: id,
  seq: z.int().positive(),
  type: z.enum(CONVERSATION_EVENT_TYPES),
  actorType: z.enum(['user', 'system', 'ai']).nullable(),
  actorId: id.nullable(),
  oldValue: json.nullable(),
  newValue: json.nullable(),
  metadata: json,
  createdAt: instant,
})
export type EventRow = z.infer<typeof eventRow>

export const customerRow = z.object({
  id,
  version,
  name: z.string().nullable(),
  channel: z.enum(CHANNELS),
  externalId: z.string(),
  identities: z.array(
    z.object({ channel: z.string(), externalId: z.string(), isPrimary: z.boolean() }),
  ),
  metadata: json,
  createdAt: instant,
})
export type CustomerRow = z.infer<typeof customerRow>

export const personRow = z.object({
  id,
  version,
  fullName: z.string(),
  role: z.enum(ROLES),
  isActive: z.boolean(),
  teamIds: z.array(id),
  presence: z.object({
    status: z.enum(PRESENCE_STATUSES),
    reason: z.string().nullable(),
    since: instant,
    capacity: z.int().nonnegative(),
    /** End of shift: keeps what they have, gets nothing new. */
    isFinishing: z.boolean(),
    /** The slot of a conversation just closed is held until then. */
    wrapUpUntil: instant.nullable(),
  }),
})
export type PersonRow = z.infer<typeof personRow>

export const teamRow = z.object({
  id,
  version,
  name: z.string(),
  slug: z.string(),
  isActive: z.boolean(),
})
export type TeamRow = z.infer<typeof teamRow>

/** A queued conversation that this person is asked to take. Delivered to them alone. */
export const offerRow = z.object({
  id,
  version,
  conversationId: id,
  userId: id,
  teamId: id,
  offeredAt: instant,
  expiresAt: instant,
  outcome: z.enum(['open', 'accepted', 'refused', 'expired', 'withdrawn']),
  /** Why them; `Explanation` in the domain. */
  explanation: json,
})
export type OfferRow = z.infer<typeof offerRow>

export const cannedResponseRow = z.object({
  id,
  version,
  teamId: id.nullable(),
  ownerId: id.nullable(),
  shortcut: z.string(),
  title: z.string(),
  content: z.string(),
  language: z.string().nullable(),
  category: z.string().nullable(),
})
export type CannedResponseRow = z.infer<typeof cannedResponseRow>

/** Every kind of row by its name in the feed. */
export const ROW_SCHEMAS = {
  conversation: conversationRow,
  message: messageRow,
  event: eventRow,
  customer: customerRow,
  person: personRow,
  team: teamRow,
  canned_response: cannedResponseRow,
  offer: offerRow,
  alert: alertRow,
  alert_preferences: alertPreferencesRow,
} as const
export type RowKind = keyof typeof ROW_SCHEMAS
export type RowOf<Kind extends RowKind> = z.infer<(typeof ROW_SCHEMAS)[Kind]>
