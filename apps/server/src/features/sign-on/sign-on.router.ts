import {
  checkProviderInput,
  personInput,
  removeProviderInput,
  saveProviderInput,
  setBreakGlassInput,
  useTicketInput,
  type CheckProviderOutput,
} from '@parley/contracts'
import { ClientError } from 'openid-client'

import { Failure } from '../../platform/failure.ts'
import { done, procedure, publicProcedure } from '../../platform/procedure.ts'
import { discover } from './provider-client.ts'
import {
  activeProviders,
  findProvider,
  listProviders,
  removeProvider,
  saveProvider,
  setBreakGlass,
  unlink,
} from './providers.ts'

export const signOnProcedures = {
  options: publicProcedure.query(({ ctx }) => activeProviders(ctx.services.db)),

  useTicket: publicProcedure
    .input(useTicketInput)
    .mutation(({ ctx, input }) => ctx.features.signOn.useTicket(input, ctx.by)),

  providers: procedure('security.manage').query(({ ctx }) =>
    listProviders(ctx.services.db, ctx.features.signOn.publicUrl()),
  ),

  save: procedure('security.manage')
    .input(saveProviderInput)
    .mutation(({ ctx, input }) => done(saveProvider(ctx.services, ctx.by, input))),

  remove: procedure('security.manage')
    .input(removeProviderInput)
    .mutation(({ ctx, input }) =>
      done(
        removeProvider(ctx.services, ctx.by, input.id, (tx) =>
          ctx.features.accounts.sessions.end(
            tx,
            { providerId: input.id, subject: null, providerSession: null },
            'provider_ended',
          ),
        ),
      ),
    ),

  /** Reads anew what the provider says of itself, so that a mistake shows before anybody meets it. */
  check: procedure('security.manage')
    .input(checkProviderInput)
    .mutation(async ({ ctx, input }): Promise<CheckProviderOutput> => {
      const provider = await findProvider(ctx.services, input)
      if (provider === null) throw new Failure('not_found')
      try {
        await discover(provider, ctx.services.clock)
        return { fault: null }
      } catch (error) {
        return { fault: faultOf(error) }
      }
    }),

  setBreakGlass: procedure('security.manage')
    .input(setBreakGlassInput)
    .mutation(({ ctx, input }) => done(setBreakGlass(ctx.services, ctx.by, input.userId))),

  unlink: procedure('security.manage')
    .input(personInput)
    .mutation(({ ctx, input }) => done(unlink(ctx.services, ctx.by, input.userId))),
}

function faultOf(error: unknown): CheckProviderOutput['fault'] {
  if (!(error instanceof ClientError)) return 'unreachable'
  switch (error.code) {
    case 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED':
      return 'other_issuer'
    case 'OAUTH_HTTP_REQUEST_FORBIDDEN':
      return 'insecure'
    case 'OAUTH_TIMEOUT':
      return 'unreachable'
    default:
      return 'not_openid'
  }
}
