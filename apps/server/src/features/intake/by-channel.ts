import { CHANNELS, type Channel } from '@parley/domain'

import { type ChannelMessage } from '../channels/index.ts'

export interface AddressedMessage {
  channelAccountId: string
  message: ChannelMessage & { sentAt: Date }
}

/** A message with its place among those that were given. */
export type Placed = readonly [number, AddressedMessage]

/**
 * Stores what can be stored of these, each channel's by one statement.
 * @param candidates which of one channel's may be stored at all
 * @returns in order; null for a message that was not touched
 */
export async function storeByChannel<Result>(
  given: readonly AddressedMessage[],
  candidates: (ofChannel: readonly Placed[]) => readonly Placed[],
  store: (
    channel: Channel,
    messages: readonly AddressedMessage[],
  ) => Promise<{ position: number; result: Result }[]>,
): Promise<(Result | null)[]> {
  const results: (Result | null)[] = given.map(() => null)
  for (const channel of CHANNELS) {
    const placed = candidates(
      [...given.entries()].filter(([, { message }]) => message.channel === channel),
    )
    if (placed.length === 0) continue
    const stored = await store(
      channel,
      placed.map(([, addressed]) => addressed),
    )
    for (const { position, result } of stored) {
      const [index] = placed[position] as Placed
      results[index] = result
    }
  }
  return results
}
