import { mayEver } from '@parley/domain'
import {
  ArrowRightLeft,
  Check,
  Hand,
  Inbox,
  RotateCcw,
  Undo2,
  UserCheck,
  UserPlus,
} from 'lucide-react'

import { type Commands } from '../../contributions/contribution.ts'

export const commands = {
  'conversation.claim': {
    section: 'conversation',
    label: 'command.conversation.claim',
    keys: ['C'],
    palette: true,
    icon: UserCheck,
    order: -1,
  },
  'conversation.transfer': {
    section: 'conversation',
    label: 'command.conversation.transfer',
    keys: ['T'],
    palette: true,
    icon: ArrowRightLeft,
  },
  'conversation.assign': {
    section: 'conversation',
    label: 'command.conversation.assign',
    keys: ['Shift+A'],
    palette: true,
    icon: UserPlus,
  },
  'conversation.takeOver': {
    section: 'conversation',
    label: 'command.conversation.takeOver',
    keys: ['Shift+T'],
    isFor: ({ role }) => mayEver(role, 'conversation.take_over'),
    palette: true,
    icon: Hand,
  },
  'conversation.release': {
    section: 'conversation',
    label: 'command.conversation.release',
    keys: ['Shift+S'],
    palette: true,
    icon: Inbox,
  },
  'conversation.close': {
    section: 'conversation',
    label: 'command.conversation.close',
    keys: ['E'],
    palette: true,
    icon: Check,
  },
  'conversation.reopen': {
    section: 'conversation',
    label: 'command.conversation.reopen',
    keys: ['Shift+O'],
    palette: true,
    icon: Undo2,
  },
  'conversation.undo': {
    section: 'conversation',
    label: 'command.conversation.undo',
    keys: ['Mod+Z'],
    palette: true,
    icon: RotateCcw,
  },
  'refused.edit': {
    section: 'write',
    label: 'command.refused.edit',
    keys: ['E'],
    place: 'refused',
    shadows: true,
  },
  'refused.resend': {
    section: 'write',
    label: 'command.refused.resend',
    keys: ['S'],
    place: 'refused',
  },
  'refused.discard': {
    section: 'write',
    label: 'command.refused.discard',
    keys: ['D'],
    place: 'refused',
  },
} as const satisfies Commands
