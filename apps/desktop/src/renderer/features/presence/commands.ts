import { User } from 'lucide-react'

import { type Commands } from '../../contributions/contribution.ts'

export const commands = {
  'presence.open': {
    section: 'general',
    label: 'command.presence.open',
    keys: ['Mod+.'],
    whileTyping: true,
    palette: true,
    icon: User,
  },
} as const satisfies Commands
