import { Beside } from '../../beside.ts'
import { type EngineFeature } from '../../feature.ts'
import { readWallboard } from './wallboard.ts'

export const wallboard = {
  name: 'wallboard',
  handlers: (engine) => {
    const there = new Beside(engine, {
      request: (trpc, _nothing: null) => trpc.lists.counts.query(),
      keep: ({ wallboard }) => wallboard,
    })
    return {
      /** Of what is here, or, where not all of it is, as the server has it. */
      'wallboard.get': () => {
        const { cache } = engine
        if (cache.coverage.open) {
          return { ...readWallboard(cache, engine.serverNowMs()), isPartial: false }
        }
        const { answer } = there.ask(null)
        if (answer !== null) return { ...answer, isPartial: false }
        return { ...readWallboard(cache, engine.serverNowMs()), isPartial: true }
      },
    }
  },
} satisfies EngineFeature
