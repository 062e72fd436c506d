import { type Contribution } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { InboxPane } from './inbox-pane.tsx'
import { RailViews } from './rail-views.tsx'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

export { goToView } from './list-state.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    inbox: { words: typeof es; commands: typeof commands }
  }
}

export const inbox: Contribution = {
  words: { es, en },
  commands,
  slots: { rail: [{ part: RailViews }], main: [{ part: InboxPane }] },
}
