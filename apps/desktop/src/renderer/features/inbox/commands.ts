import { Archive, ArrowDownUp, Inbox, Layers, UserCheck } from 'lucide-react'

import { type Commands } from '../../contributions/contribution.ts'

export const commands = {
  'list.down': { section: 'move', label: 'command.list.down', keys: ['J'], repeats: true },
  'list.up': { section: 'move', label: 'command.list.up', keys: ['K'], repeats: true },
  'list.open': {
    section: 'move',
    label: 'command.list.open',
    keys: ['Enter'],
    place: 'list',
    isFixed: true,
  },
  'list.nextUnread': {
    section: 'move',
    label: 'command.list.nextUnread',
    keys: ['U'],
    palette: true,
  },
  'list.dueFirst': {
    section: 'move',
    label: 'command.list.dueFirst',
    keys: ['V'],
    palette: true,
    icon: ArrowDownUp,
  },
  'list.openNth': {
    section: 'move',
    label: 'command.list.openNth',
    keys: ['Mod+1', 'Mod+2', 'Mod+3', 'Mod+4', 'Mod+5', 'Mod+6', 'Mod+7', 'Mod+8'],
    shown: 'Mod+1…8',
    whileTyping: true,
  },
  'go.mine': { section: 'go', label: 'command.go.mine', keys: ['G M'], palette: true, icon: Inbox },
  'go.queue': {
    section: 'go',
    label: 'command.go.queue',
    keys: ['G Q'],
    palette: true,
    icon: Inbox,
  },
  'go.open': {
    section: 'go',
    label: 'command.go.open',
    keys: ['G O'],
    palette: true,
    icon: Layers,
  },
  'go.closed': {
    section: 'go',
    label: 'command.go.closed',
    keys: ['G E'],
    palette: true,
    icon: Archive,
  },
  // Not while typing: there it is what other programs send with, and nothing may surprise a writer.
  'queue.claimNext': {
    section: 'conversation',
    label: 'command.queue.claimNext',
    keys: ['Mod+Enter'],
    palette: true,
    icon: UserCheck,
  },
} as const satisfies Commands
