import { channel } from 'node:diagnostics_channel'

/** The way of a message through this process, for whoever measures it (`npm run bench -- latency`). */
export type Stage =
  | 'webhook received'
  | 'body committed'
  | 'message committed'
  | 'feed read'
  | 'content loaded'
  | 'batch sent'

const stages = channel('parley:stage')

/** Costs nothing while nobody listens, and says nothing but when. */
export function passed(stage: Stage): void {
  if (stages.hasSubscribers) stages.publish(stage)
}
