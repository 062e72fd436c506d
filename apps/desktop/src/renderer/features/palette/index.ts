import { type Contribution } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { FindButton } from './find-button.tsx'
import { type PaletteGroup } from './palette-groups.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

export { type PaletteGroup } from './palette-groups.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    palette: {
      words: typeof es
      commands: typeof commands
      dialogs: { palette: { scope: 'everything' | 'messages' } }
    }
  }
}

declare module '../../contributions/contribution.ts' {
  interface Contribution {
    /** What it finds by the words that are typed. */
    paletteGroups?: readonly PaletteGroup[]
  }
}

export const palette: Contribution = {
  words: { es, en },
  commands,
  opens: {
    'palette.open': { dialog: { kind: 'palette', scope: 'everything' } },
    'search.open': { dialog: { kind: 'palette', scope: 'messages' } },
  },
  slots: { titleBarFind: [{ part: FindButton }] },
  late: () => import('./late.ts'),
}
