import { Users } from 'lucide-react'

import { type Commands } from '../../contributions/contribution.ts'

export const commands = {
  'go.people': {
    section: 'go',
    label: 'command.go.people',
    keys: ['G U'],
    palette: true,
    icon: Users,
  },
} as const satisfies Commands
