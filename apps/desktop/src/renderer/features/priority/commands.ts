import { ChevronsUp } from 'lucide-react'

import { type Commands } from '../../contributions/contribution.ts'

export const commands = {
  'conversation.priority': {
    section: 'conversation',
    label: 'command.conversation.priority',
    keys: ['P'],
    palette: true,
    icon: ChevronsUp,
  },
} as const satisfies Commands
