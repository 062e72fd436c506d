import { securityPolicy } from '@parley/contracts'

import { readPolicy, savePolicy } from '../../features/accounts/index.ts'
import { parsed, type Command } from './command.ts'

export const policyCommands: Record<string, Command> = {
  show: {
    operands: 0,
    takes: '',
    does: 'what holds for all accounts',
    async run({ services, say }) {
      say((await readPolicy(services.db)).policy)
    },
  },

  set: {
    operands: 0,
    takes: '[--idle MINUTES] [--lifetime MINUTES] [--length N] [--second-factor ROLE,ROLE]',
    does: 'changes what is given; what it ends is over at once',
    async run({ services, by, values, say }) {
      const { version, policy } = await readPolicy(services.db)
      const roles = values['second-factor']?.split(',').map((role) => role.trim())
      const wanted = parsed(securityPolicy, {
        sessionIdleMinutes: numberOr(values.idle, policy.sessionIdleMinutes),
        sessionLifetimeMinutes: numberOr(values.lifetime, policy.sessionLifetimeMinutes),
        passwordMinLength: numberOr(values.length, policy.passwordMinLength),
        secondFactorRoles: roles?.filter(Boolean) ?? policy.secondFactorRoles,
      })
      say((await savePolicy(services, by, { policy: wanted, basedOn: version })).policy)
    },
  },
}

function numberOr(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : Number(text)
}
