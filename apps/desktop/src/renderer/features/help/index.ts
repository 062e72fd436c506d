import { type Contribution } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { HelpButton } from './help-button.tsx'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    help: {
      words: typeof es
      commands: typeof commands
      dialogs: { help: object }
    }
  }
}

export const help: Contribution = {
  words: { es, en },
  commands,
  opens: { 'help.open': { dialog: { kind: 'help' } } },
  slots: { titleBarEnd: [{ part: HelpButton, order: -1 }] },
  late: () => import('./late.ts'),
}
