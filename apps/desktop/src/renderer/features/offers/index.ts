import { type Contribution } from '../../contributions/contribution.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    offers: { words: typeof es }
  }
}

export const offers: Contribution = {
  words: { es, en },
}
