import { type Contribution } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

export { Composer, type ComposerHandle } from './composer.tsx'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    composer: { words: typeof es; commands: typeof commands }
  }
}

export const composer: Contribution = {
  words: { es, en },
  commands,
}
