import { Route } from 'lucide-react'

import { teamsWith } from '../../bridge/use-teams-with.ts'
import { type Contribution } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

export { readExplanation } from './explanation.ts'
export { REPLAY_PERIODS, type ReplayPeriod, periodOf } from './replay-period.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    routing: {
      words: typeof es
      commands: typeof commands
      screens: { routing: { teamId: string | null; part: 'settings' | 'skills' | 'replay' } }
    }
  }
}

export const routing: Contribution = {
  words: { es, en },
  commands,
  rail: [
    {
      screen: { kind: 'routing', teamId: null, part: 'settings' },
      command: 'go.routing',
      label: 'routing.title',
      icon: Route,
      isFor: (viewer) => teamsWith('team_settings.read', viewer).length > 0,
    },
  ],
  late: () => import('./late.ts'),
}
