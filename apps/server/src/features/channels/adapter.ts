import { type Channel, type Identity, type SendFailure } from '@parley/domain'

import { type Update } from './updates.ts'

/** One channel: how its webhooks are read and how a message leaves through it. */
export interface ChannelAdapter {
  channel: Channel
  /** @throws UnreadableBody */
  parse(body: Buffer): Update[]
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
