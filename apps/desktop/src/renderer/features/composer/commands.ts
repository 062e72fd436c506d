import { CornerUpLeft, SquareSlash } from 'lucide-react'

import { type Commands } from '../../contributions/contribution.ts'

export const commands = {
  'composer.focus': {
    section: 'write',
    label: 'command.composer.focus',
    keys: ['R'],
    palette: true,
    icon: CornerUpLeft,
  },
  'composer.send': {
    section: 'write',
    label: 'command.composer.send',
    keys: ['Enter'],
    place: 'composer',
  },
  'composer.line': {
    section: 'write',
    label: 'command.composer.line',
    keys: ['Shift+Enter'],
    isFixed: true,
    place: 'composer',
  },
  'composer.sendAndClose': {
    section: 'write',
    label: 'command.composer.sendAndClose',
    keys: ['Mod+Shift+Enter'],
    place: 'composer',
  },
  'composer.canned': {
    section: 'write',
    label: 'command.composer.canned',
    keys: ['/'],
    palette: true,
    icon: SquareSlash,
  },
  'composer.leave': {
    section: 'write',
    label: 'command.composer.leave',
    keys: ['Escape'],
    isFixed: true,
    place: 'composer',
  },
} as const satisfies Commands
