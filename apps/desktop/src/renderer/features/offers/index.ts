import { type Contribution } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { Offers } from './offers.tsx'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    offers: { words: typeof es; commands: typeof commands }
  }
}

export const offers: Contribution = {
  words: { es, en },
  commands,
  slots: { overlay: [{ part: Offers }] },
}
