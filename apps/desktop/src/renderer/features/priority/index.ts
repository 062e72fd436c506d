import { type Contribution } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { Priority } from './priority-menu.tsx'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    priority: { words: typeof es; commands: typeof commands }
  }
}

export const priority: Contribution = {
  words: { es, en },
  commands,
  slots: { conversationHeader: [{ part: Priority }] },
}
