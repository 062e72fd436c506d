import { Keyboard } from 'lucide-react'

import { type Commands } from '../../contributions/contribution.ts'

export const commands = {
  'help.open': {
    section: 'general',
    label: 'command.help.open',
    keys: ['?'],
    palette: true,
    icon: Keyboard,
  },
} as const satisfies Commands
