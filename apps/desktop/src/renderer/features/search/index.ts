import { type Contribution, type Reads } from '../../contributions/contribution.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    search: {
      words: typeof es
      reads: typeof reads
    }
  }
}

const reads = {
  // Asked for anew with every word; and when the server has said what it adds.
  'search.query': { topics: ['beside'] },
} as const satisfies Reads

export const search: Contribution = {
  words: { es, en },
  reads,
  late: () => import('./late.ts'),
}
