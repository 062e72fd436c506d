import { type Contribution } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    palette: { words: typeof es; commands: typeof commands }
  }
}

export const palette: Contribution = {
  words: { es, en },
  commands,
}
