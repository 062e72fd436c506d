import { Search } from 'lucide-react'

import { type Commands } from '../../contributions/contribution.ts'

export const commands = {
  'palette.open': {
    section: 'general',
    label: 'command.palette.open',
    keys: ['Mod+K'],
    whileTyping: true,
  },
  'search.open': {
    section: 'general',
    label: 'command.search.open',
    keys: ['Mod+F'],
    whileTyping: true,
    palette: true,
    icon: Search,
  },
} as const satisfies Commands
