import { Timer } from 'lucide-react'

import { type Commands } from '../../contributions/contribution.ts'

export const commands = {
  'go.sla': { section: 'go', label: 'command.go.sla', keys: ['G N'], palette: true, icon: Timer },
} as const satisfies Commands
