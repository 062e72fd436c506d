import { type Channel, type Identity, type ReceiptStatus } from '@parley/domain'

/**
 * What a channel's webhook says, in Parley's own terms. Adapters turn bodies into a list of these; intake
 * knows nothing of a channel's format.
 */
export type Update = { path: string } & (
  | { kind: 'message'; message: ChannelMessage }
  /** Something the business wrote outside Parley, from its own phone. */
  | { kind: 'echo'; echo: ChannelMessage }
  | { kind: 'receipt'; receipt: Receipt }
  | { kind: 'identity_change'; change: ChangedIdentity }
  /** Understood, and nothing to do with conversations. */
  | { kind: 'ignored'; what: string }
  /** It cannot be processed, now or later; it is kept with the reason. */
  | { kind: 'invalid'; reason: string; detail: string }
)

/** What was said in a conversation, by either side. */
export interface ChannelMessage {
  channel: Channel
  accountExternalId: string
  channelMessageId: string
  /** The customer, or the group, that it is said with. */
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
  /** The message that it reacts to, edits or takes back: it belongs where that one is. */
  aboutChannelMessageId: string | null
}

/** Who it is, by every id the channel gave; the first is the strongest. Never empty. */
export interface CustomerReference {
  identities: [Identity, ...Identity[]]
  name: string | null
}

/** The same customer under another number, or another id of the channel; with the channel's message that says so. */
export interface ChangedIdentity {
  before: Identity[]
  after: Identity[]
  message: ChannelMessage
}

export interface Receipt {
  channelMessageId: string
  /** The id of ours that went along with the send, where the channel hands it back. */
  attemptId: string | null
  status: ReceiptStatus
  occurredAt: Date | null
  failedReason: string | null
}

/** The body is not the channel's at all: refused as a whole. */
export class UnreadableBody extends Error {
  override name = 'UnreadableBody'
}
