import { Check } from 'lucide-react'

import { type Contribution, type Reads } from '../../contributions/contribution.ts'
import { type OutboxWordsByKind } from '../outbox/index.ts'
import { AlertButton } from './alert-button.tsx'
import { AlertBand, AlertStack } from './alert-stack.tsx'
import { commands } from './commands.ts'
import { escalationEvents } from './escalation-events.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

export { EscalationWindow } from './escalation-window.tsx'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    alerts: {
      words: typeof es
      commands: typeof commands
      reads: typeof reads
      outbox: typeof outbox
      events: typeof escalationEvents
      screens: { alerts: { part: 'list' | 'preferences' } }
    }
  }
}

const reads = {
  // With the conversation's words, its owner's load, and what was acknowledged and not sent yet.
  'alerts.list': {
    topics: ['alert', 'alert_preferences', 'load', 'outbox', 'person', 'team'],
  },
  'alerts.preferences': { topics: ['alert_preferences'] },
} as const satisfies Reads

const outbox = {
  acknowledge: { icon: Check, title: 'outbox.acknowledge', refused: 'refused.acknowledge' },
} as const satisfies OutboxWordsByKind

export const alerts: Contribution = {
  words: { es, en },
  commands,
  opens: { 'go.alerts': { screen: { kind: 'alerts', part: 'list' } } },
  reads,
  outbox,
  events: escalationEvents,
  slots: {
    titleBarEnd: [{ part: AlertBand, order: -2 }, { part: AlertButton }],
    overlay: [{ part: AlertStack }],
  },
  late: () => import('./late.ts'),
}
