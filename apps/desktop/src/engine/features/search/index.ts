import { type EngineFeature } from '../../feature.ts'
import { search as find } from './search.ts'

export { all, understand, type Choice } from './conditions.ts'

export const search = {
  name: 'search',
  handlers: (engine) => ({
    'search.query': ({ text, limit }) => find(engine.cache, text, limit, engine.serverNowMs()),
  }),
} satisfies EngineFeature
