import { Route } from 'lucide-react'

import { SAVED_MEANWHILE } from '../../bridge/error-words.ts'
import { teamsWith } from '../../bridge/use-teams-with.ts'
import { type Contribution } from '../../contributions/contribution.ts'
import { assignmentReason } from './assignment-reason.tsx'
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
  refusals: ({ details: { action } }) =>
    action === 'team_settings.saved' ? SAVED_MEANWHILE : null,
  eventReasons: { 'conversation.assigned': assignmentReason },
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
