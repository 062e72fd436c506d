import { PanelRight } from 'lucide-react'

import { type Commands } from '../../contributions/contribution.ts'

export const commands = {
  'panel.toggle': {
    section: 'general',
    label: 'command.panel.toggle',
    keys: ['Mod+I'],
    whileTyping: true,
    palette: true,
    icon: PanelRight,
  },
} as const satisfies Commands
