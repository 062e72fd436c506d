import { type EngineFeature } from '../../feature.ts'
import { OUTBOX_STEPS } from '../../outbox/outbox-table.ts'

/** What waits to be sent, as the person sees it and decides about it. */
export const outbox = {
  name: 'outbox',
  steps: OUTBOX_STEPS,
  handlers: (engine) => ({
    'outbox.list': () => engine.outbox.list(),
    'outbox.retry': ({ intentId }) => {
      engine.outbox.retry(intentId)
      return null
    },
    'outbox.takeBack': ({ intentId }) => ({ isTakenBack: engine.outbox.takeBack(intentId) }),
    'outbox.discard': ({ intentId }) => {
      engine.outbox.discard(intentId)
      return null
    },
  }),
} satisfies EngineFeature
