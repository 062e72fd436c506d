import { type EngineFeature } from '../../feature.ts'
import { readWallboard } from './wallboard.ts'

export const wallboard = {
  name: 'wallboard',
  handlers: (engine) => ({
    'wallboard.get': () => readWallboard(engine.cache, engine.serverNowMs()),
  }),
} satisfies EngineFeature
