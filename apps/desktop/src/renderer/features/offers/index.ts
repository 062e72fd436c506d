import { type Contribution, type Reads } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { Offers } from './offers.tsx'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    offers: {
      words: typeof es
      commands: typeof commands
      reads: typeof reads
    }
  }
}

const reads = {
  // With the customer's name and newest words.
  'offers.list': { topics: ['offer'] },
} as const satisfies Reads

export const offers: Contribution = {
  words: { es, en },
  commands,
  reads,
  slots: { overlay: [{ part: Offers }] },
}
