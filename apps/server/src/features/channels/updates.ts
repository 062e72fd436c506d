import { type Channel, type MessageStatus } from '@parley/domain'

/**
 * What a channel's webhook says, in Parley's own terms. Adapters turn bodies into a list of these; intake
 * knows nothing of a channel's format.
 */
export type Update = { path: string } & (
  | { kind: 'message'; message: InboundMessage }
  | { kind: 'echo'; echo: BusinessEcho }
  | { kind: 'receipt'; receipt: Receipt }
  /** Understood, and nothing to do with conversations. */
  | { kind: 'ignored'; what: string }
  /** It cannot be processed, now or later; it is kept with the reason. */
  | { kind: 'invalid'; reason: string; detail: string }
)

/** A customer's message. */
export interface InboundMessage {
  channel: Channel
  accountExternalId: string
  channelMessageId: string
  customer: CustomerReference
  /** The channel's own timestamp; null where it gave none that can be read. */
  sentAt: Date | null
  contentType: string
  text: string | null
  /** Everything else the channel said of it. */
  content: Record<string, unknown>
  /** Reactions, edits, system messages: they never open or reopen a conversation, nor start a clock. */
  isQuiet: boolean
  quotedChannelMessageId: string | null
}

/** Something the business wrote outside Parley, from its own phone. */
export interface BusinessEcho {
  channel: Channel
  accountExternalId: string
  channelMessageId: string
  customer: CustomerReference
  sentAt: Date | null
  contentType: string
  text: string | null
  content: Record<string, unknown>
}

/** Who it is, by every id the channel gave; the first is the strongest. Never empty. */
export interface CustomerReference {
  identities: [string, ...string[]]
  name: string | null
}

export interface Receipt {
  channelMessageId: string
  /** The id of ours that went along with the send, where the channel hands it back. */
  attemptId: string | null
  status: Exclude<MessageStatus, 'pending'>
  occurredAt: Date | null
  failedReason: string | null
}

/** The body is not the channel's at all: refused as a whole. */
export class UnreadableBody extends Error {
  override name = 'UnreadableBody'
}
