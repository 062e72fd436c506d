import { ChartColumn } from 'lucide-react'

import { teamsWith } from '../../bridge/use-teams-with.ts'
import { type Contribution, type Reads } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    wallboard: {
      words: typeof es
      commands: typeof commands
      reads: typeof reads
      screens: { wallboard: object }
      slots: { wallboardSide: { teamIds: readonly string[]; onChanged: () => void } }
    }
  }
}

const reads = {
  'wallboard.get': { conversations: 'any', topics: ['person', 'team', 'beside'] },
} as const satisfies Reads

export const wallboard: Contribution = {
  words: { es, en },
  commands,
  reads,
  rail: [
    {
      screen: { kind: 'wallboard' },
      command: 'go.wallboard',
      label: 'wallboard.title',
      icon: ChartColumn,
      isFor: (viewer) => teamsWith('queue.watch', viewer).length > 0,
      order: -1,
      isLanding: true,
    },
  ],
  late: () => import('./late.ts'),
}
