import { resealSecondFactors } from '../../features/accounts/index.ts'
import { resealProviders } from '../../features/sign-on/index.ts'
import { resealIntegrations } from '../../features/triage/index.ts'
import { type Command } from './command.ts'

/** All that is sealed and stays: whoever seals something more adds it. */
const SEALED = {
  'second factors': resealSecondFactors,
  'identity providers': resealProviders,
  integrations: resealIntegrations,
}

export const secretKeyCommands: Record<string, Command> = {
  reseal: {
    operands: 0,
    takes: '',
    does: 'seals with the first of PARLEY_SECRET_KEY what those after it have sealed, so that they can go',
    async run({ services, by, say }) {
      const after: Record<string, number> = {}
      for (const [what, resealAll] of Object.entries(SEALED)) {
        const counts = await resealAll(services)
        say({ what, ...counts })
        after[what] = counts.resealed
      }
      await services.db.transaction(async (tx) =>
        services.audit.record(tx, by, { action: 'security.secrets_resealed', after }),
      )
    },
  },
}
