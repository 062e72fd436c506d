import { resealSecondFactors } from '../../features/accounts/index.ts'
import { resealProviders } from '../../features/sign-on/index.ts'
import { resealIntegrations } from '../../features/triage/index.ts'
import { type Command } from './command.ts'

export const secretKeyCommands: Record<string, Command> = {
  reseal: {
    operands: 0,
    takes: '',
    does: 'seals with the first of PARLEY_SECRET_KEY what those after it have sealed, so that they can go',
    async run({ services, by, say }) {
      // All that is sealed and stays: whoever seals something more adds it.
      const sealed = {
        secondFactors: await resealSecondFactors(services),
        providers: await resealProviders(services),
        integrations: await resealIntegrations(services),
      }
      for (const [what, counts] of Object.entries(sealed)) say({ what, ...counts })
      await services.db.transaction(async (tx) =>
        services.audit.record(tx, by, {
          action: 'security.secrets_resealed',
          after: {
            secondFactors: sealed.secondFactors.resealed,
            providers: sealed.providers.resealed,
            integrations: sealed.integrations.resealed,
          },
        }),
      )
    },
  },
}
