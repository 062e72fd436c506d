import { type Contribution } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { PresenceMenu } from './presence-menu.tsx'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

export { presenceWords, shownPresence } from './presence-words.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    presence: {
      words: typeof es
      commands: typeof commands
      dialogs: { end_shift: object }
    }
  }
}

export const presence: Contribution = {
  words: { es, en },
  commands,
  slots: { railSelf: [{ part: PresenceMenu }] },
  late: () => import('./late.ts'),
}
