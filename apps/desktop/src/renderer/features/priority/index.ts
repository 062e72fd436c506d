import { ChevronsUp } from 'lucide-react'

import { type Contribution } from '../../contributions/contribution.ts'
import { type EventsByType } from '../conversation/index.ts'
import { type OutboxWordsByKind } from '../outbox/index.ts'
import { commands } from './commands.ts'
import { priorityEvent } from './priority-event.ts'
import { Priority } from './priority-menu.tsx'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    priority: {
      words: typeof es
      commands: typeof commands
      outbox: typeof outbox
      events: typeof events
    }
  }
}

const outbox = {
  set_priority: { icon: ChevronsUp, title: 'outbox.setPriority', refused: 'refused.setPriority' },
} as const satisfies OutboxWordsByKind

const events = { 'conversation.priority_changed': priorityEvent } satisfies EventsByType

export const priority: Contribution = {
  words: { es, en },
  commands,
  outbox,
  events,
  slots: { conversationHeader: [{ part: Priority }] },
}
