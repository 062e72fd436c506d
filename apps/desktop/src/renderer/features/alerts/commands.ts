import { mayEver } from '@parley/domain'
import { Bell } from 'lucide-react'

import { type Commands } from '../../contributions/contribution.ts'

export const commands = {
  'go.alerts': {
    section: 'go',
    label: 'command.go.alerts',
    keys: ['G A'],
    palette: true,
    icon: Bell,
  },
  'alert.focus': {
    section: 'go',
    label: 'command.alert.focus',
    keys: ['Mod+Shift+A'],
    whileTyping: true,
    palette: true,
    icon: Bell,
    order: 1,
  },
  'alert.takeOver': {
    section: 'conversation',
    label: 'command.alert.takeOver',
    keys: ['T'],
    place: 'alert',
    shadows: true,
    isFor: ({ role }) => mayEver(role, 'conversation.take_over'),
  },
  'alert.open': {
    section: 'conversation',
    label: 'command.alert.open',
    keys: ['O'],
    place: 'alert',
  },
  'alert.acknowledge': {
    section: 'conversation',
    label: 'command.alert.acknowledge',
    keys: ['A'],
    place: 'alert',
  },
} as const satisfies Commands
