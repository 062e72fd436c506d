import { CornerUpLeft, SunMoon } from 'lucide-react'

import { type Commands } from '../contributions/contribution.ts'

export const commands = {
  'pane.next': { section: 'move', label: 'command.pane.next', keys: ['F6'], whileTyping: true },
  'pane.previous': {
    section: 'move',
    label: 'command.pane.previous',
    keys: ['Shift+F6'],
    whileTyping: true,
  },
  'history.back': {
    section: 'move',
    label: 'command.history.back',
    keys: ['Alt+ArrowLeft'],
    whileTyping: true,
    palette: true,
    icon: CornerUpLeft,
  },
  'form.save': {
    section: 'general',
    label: 'command.form.save',
    keys: ['Mod+S'],
    whileTyping: true,
  },
  'theme.toggle': {
    section: 'general',
    label: 'command.theme.toggle',
    keys: ['Mod+Shift+L'],
    whileTyping: true,
    palette: true,
    icon: SunMoon,
  },
} as const satisfies Commands
