import { channel } from 'node:diagnostics_channel'

/** The way of a change through the engine, for whoever measures it (`npm run bench -- latency`). */
export type Stage = 'batch received' | 'batch applied' | 'window told' | 'window answered'

const stages = channel('parley:stage')

/** Costs nothing while nobody listens, and says nothing but when. */
export function passed(stage: Stage): void {
  if (stages.hasSubscribers) stages.publish(stage)
}
