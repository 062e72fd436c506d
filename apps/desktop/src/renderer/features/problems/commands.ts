import { mayEver } from '@parley/domain'
import { Check, ServerCrash } from 'lucide-react'

import { type Commands } from '../../contributions/contribution.ts'

export const commands = {
  'go.problems': {
    section: 'go',
    label: 'command.go.problems',
    keys: ['G X'],
    palette: true,
    icon: ServerCrash,
  },
  'problem.acknowledge': {
    section: 'general',
    label: 'command.problem.acknowledge',
    keys: ['Mod+Shift+X'],
    palette: true,
    icon: Check,
    isFor: ({ role }) => mayEver(role, 'problem.see'),
  },
} as const satisfies Commands
