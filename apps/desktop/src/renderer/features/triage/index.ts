import { mayEver } from '@parley/domain'
import { ListFilter } from 'lucide-react'

import { SAVED_MEANWHILE } from '../../bridge/error-words.ts'
import { type Contribution } from '../../contributions/contribution.ts'
import { type EventsByType } from '../conversation/index.ts'
import { commands } from './commands.ts'
import { triageEvent, triageReason } from './triage-event.tsx'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    triage: {
      words: typeof es
      commands: typeof commands
      events: typeof events
      screens: { triage: { part: 'rules' | 'trial' | 'versions' | 'order' | 'model' } }
    }
  }
}

const events = { 'triage.completed': triageEvent } satisfies EventsByType

export const triage: Contribution = {
  words: { es, en },
  commands,
  refusals: ({ details: { action } }) =>
    action === 'triage.saveRules'
      ? { ...SAVED_MEANWHILE, did: 'triage.savedVersion' }
      : action === 'triage.saveSettings'
        ? SAVED_MEANWHILE
        : null,
  events,
  eventReasons: { 'triage.completed': triageReason },
  rail: [
    {
      screen: { kind: 'triage', part: 'rules' },
      command: 'go.triage',
      label: 'triage.title',
      icon: ListFilter,
      isFor: ({ role }) => mayEver(role, 'triage.read'),
      order: 1,
    },
  ],
  late: () => import('./late.ts'),
}
