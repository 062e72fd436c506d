import { type Contribution } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    help: { words: typeof es; commands: typeof commands }
  }
}

export const help: Contribution = {
  words: { es, en },
  commands,
}
