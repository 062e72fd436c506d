import { type Channel, type Identity, type SendFailure } from '@parley/domain'

/** One channel that is set up: how a message leaves through it. What comes in is read by `PARSERS`. */
export interface ChannelAdapter {
  channel: Channel
  send(message: OutgoingMessage): Promise<SendResult>
}

export interface OutgoingMessage {
  /** Comes back in what the channel says of it. */
  attemptId: string
  accountExternalId: string
  /** The customer's identity on this channel, or a group. */
  to: Identity
  text: string
}

export type SendResult =
  | { outcome: 'accepted'; channelMessageId: string }
  | { outcome: 'failed'; failure: SendFailure; detail: string }
