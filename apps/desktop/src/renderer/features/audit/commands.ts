import { ScrollText } from 'lucide-react'

import { type Commands } from '../../contributions/contribution.ts'

export const commands = {
  'go.audit': {
    section: 'go',
    label: 'command.go.audit',
    keys: ['G B'],
    palette: true,
    icon: ScrollText,
  },
} as const satisfies Commands
