import { type Commands } from '../../contributions/contribution.ts'

export const commands = {
  'palette.open': {
    section: 'general',
    label: 'command.palette.open',
    keys: ['Mod+K'],
    whileTyping: true,
  },
} as const satisfies Commands
