import { Search } from 'lucide-react'

import { type Commands } from '../../contributions/contribution.ts'

export const commands = {
  'search.open': {
    section: 'general',
    label: 'command.search.open',
    keys: ['Mod+F'],
    whileTyping: true,
    palette: true,
    icon: Search,
  },
} as const satisfies Commands
