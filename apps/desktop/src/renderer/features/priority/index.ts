import { ChevronsUp } from 'lucide-react'

import { type Contribution } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { Priority } from './priority-menu.tsx'
import { priorityEvent } from './priority-event.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    priority: { words: typeof es; commands: typeof commands }
  }
}

export const priority: Contribution = {
  words: { es, en },
  events: { 'conversation.priority_changed': priorityEvent },
  outbox: {
    set_priority: { icon: ChevronsUp, title: 'outbox.setPriority', refused: 'refused.setPriority' },
  },
  commands,
  slots: { conversationHeader: [{ part: Priority }] },
}
