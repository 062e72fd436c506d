import { type Commands } from '../../contributions/contribution.ts'

export const commands = {
  'go.routing': { section: 'go', label: 'command.go.routing', keys: ['G R'], palette: true },
} as const satisfies Commands
