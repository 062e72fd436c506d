import { type Contribution } from '../../contributions/contribution.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    search: { words: typeof es }
  }
}

export const search: Contribution = {
  words: { es, en },
}
