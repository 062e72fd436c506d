import { ChartColumn } from 'lucide-react'

import { type Commands } from '../../contributions/contribution.ts'

export const commands = {
  'go.wallboard': {
    section: 'go',
    label: 'command.go.wallboard',
    keys: ['G T'],
    palette: true,
    icon: ChartColumn,
  },
} as const satisfies Commands
