import { type EngineFeature } from '../../feature.ts'
import { searchFurther } from './search-further.ts'

export { all, understand, type Choice } from './conditions.ts'

export const search = {
  name: 'search',
  handlers: (engine) => ({ 'search.query': searchFurther(engine) }),
} satisfies EngineFeature
