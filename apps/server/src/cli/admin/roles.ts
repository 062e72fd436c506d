import { PERMISSIONS, reachOf, ROLES } from '@parley/domain'

import { type Command } from './command.ts'

export const roleCommands: Record<string, Command> = {
  list: {
    operands: 0,
    takes: '',
    does: 'what each role may do, and how far: none, own, teams, all',
    async run({ say }) {
      for (const permission of PERMISSIONS) {
        const reaches = ROLES.map((role) => [role, reachOf(role, permission)])
        say({ permission, ...Object.fromEntries(reaches) })
      }
    },
  },
}
