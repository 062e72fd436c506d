import { securityPolicy, type SecurityPolicy } from '@parley/contracts'

import { readPolicy, savePolicy } from '../../features/accounts/index.ts'
import { parsed, type Administration, type Command } from './command.ts'

export const policyCommands: Record<string, Command> = {
  show: {
    operands: 0,
    takes: '',
    does: 'what holds for all accounts',
    async run(administration) {
      const { policy } = await readPolicy(administration.services.db)
      sayPolicy(administration, policy)
    },
  },

  set: {
    operands: 0,
    takes: '[--idle MINUTES] [--lifetime MINUTES] [--length N] [--second-factor ROLE,ROLE]',
    does: 'changes what is given; what it ends is over at once',
    async run(administration) {
      const { services, by, values } = administration
      const { version, policy } = await readPolicy(services.db)
      const roles = values['second-factor']?.split(',').map((role) => role.trim())
      const wanted = parsed(securityPolicy, {
        sessionIdleMinutes: numberOr(values.idle, policy.sessionIdleMinutes),
        sessionLifetimeMinutes: numberOr(values.lifetime, policy.sessionLifetimeMinutes),
        passwordMinLength: numberOr(values.length, policy.passwordMinLength),
        secondFactorRoles: roles?.filter(Boolean) ?? policy.secondFactorRoles,
      })
      const saved = await savePolicy(services, by, { policy: wanted, basedOn: version })
      sayPolicy(administration, saved.policy)
    },
  },
}

/** For people each with the option that changes it: numbers alone say nothing. */
function sayPolicy({ values, say }: Administration, policy: SecurityPolicy): void {
  if (values.json === true) return say(policy)
  say({ option: '--idle', value: policy.sessionIdleMinutes })
  say({ option: '--lifetime', value: policy.sessionLifetimeMinutes })
  say({ option: '--length', value: policy.passwordMinLength })
  say({ option: '--second-factor', value: policy.secondFactorRoles })
}

function numberOr(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : Number(text)
}
