import { Timer } from 'lucide-react'

import { SAVED_MEANWHILE } from '../../bridge/error-words.ts'
import { teamsWith } from '../../bridge/use-teams-with.ts'
import { type Contribution } from '../../contributions/contribution.ts'
import { type EventsByType } from '../conversation/index.ts'
import { breachEvent } from './breach-event.ts'
import { commands } from './commands.ts'
import { dueFilter } from './due-filter.tsx'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    sla: {
      words: typeof es
      commands: typeof commands
      events: typeof events
      screens: { sla: { teamId: string | null; part: 'goals' | 'hours' | 'breaches' } }
    }
  }
}

const events = { 'sla.breached': breachEvent } satisfies EventsByType

export const sla: Contribution = {
  words: { es, en },
  commands,
  refusals: ({ details: { action } }) =>
    action === 'sla.saved' || action === 'business_hours.saved' ? SAVED_MEANWHILE : null,
  events,
  listSections: [dueFilter],
  rail: [
    {
      screen: { kind: 'sla', teamId: null, part: 'goals' },
      command: 'go.sla',
      label: 'sla.title',
      icon: Timer,
      isFor: (viewer) => teamsWith('team_settings.read', viewer).length > 0,
    },
  ],
  late: () => import('./late.ts'),
}
