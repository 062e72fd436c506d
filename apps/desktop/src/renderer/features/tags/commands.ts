import { Tag, Tags } from 'lucide-react'

import { type Commands } from '../../contributions/contribution.ts'

export const commands = {
  'go.tags': {
    section: 'go',
    label: 'command.go.tags',
    keys: ['G K'],
    palette: true,
    icon: Tags,
  },
  'conversation.tag': {
    section: 'conversation',
    label: 'command.conversation.tag',
    keys: ['L'],
    palette: true,
    icon: Tag,
  },
} as const satisfies Commands
