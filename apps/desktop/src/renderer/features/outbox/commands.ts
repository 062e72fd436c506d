import { Clock } from 'lucide-react'

import { type Commands } from '../../contributions/contribution.ts'

export const commands = {
  'go.waiting': {
    section: 'go',
    label: 'command.go.waiting',
    keys: ['G P'],
    palette: true,
    icon: Clock,
  },
} as const satisfies Commands
