import { ListOrdered } from 'lucide-react'

import { teamsWith } from '../../bridge/use-teams-with.ts'
import { type Contribution } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    queue: {
      words: typeof es
      commands: typeof commands
      screens: { watch: { teamId: string | null } }
    }
  }
}

export const queue: Contribution = {
  words: { es, en },
  commands,
  rail: [
    {
      screen: { kind: 'watch', teamId: null },
      command: 'go.watch',
      label: 'watch.title',
      icon: ListOrdered,
      isFor: (viewer) => teamsWith('queue.watch', viewer).length > 0,
    },
  ],
  late: () => import('./late.ts'),
}
