import {
  checkProviderInput,
  personInput,
  removeProviderInput,
  saveProviderInput,
  setBreakGlassInput,
  useTicketInput,
} from '@parley/contracts'
import { done, procedure, publicProcedure } from '../../platform/procedure.ts'
import { checkProvider } from './check-provider.ts'
import {
  activeProviders,
  endSessionsOf,
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
    .mutation(({ ctx, input }) =>
      done(
        saveProvider(
          ctx.services,
          ctx.by,
          input,
          endSessionsOf(ctx.features.accounts.sessions, input.id),
        ),
      ),
    ),

  remove: procedure('security.manage')
    .input(removeProviderInput)
    .mutation(({ ctx, input }) =>
      done(
        removeProvider(
          ctx.services,
          ctx.by,
          input.id,
          endSessionsOf(ctx.features.accounts.sessions, input.id),
        ),
      ),
    ),

  check: procedure('security.manage')
    .input(checkProviderInput)
    .mutation(({ ctx, input }) => checkProvider(ctx.services, input.id)),

  setBreakGlass: procedure('security.manage')
    .input(setBreakGlassInput)
    .mutation(({ ctx, input }) => done(setBreakGlass(ctx.services, ctx.by, input.userId))),

  unlink: procedure('security.manage')
    .input(personInput)
    .mutation(({ ctx, input }) =>
      done(unlink(ctx.services, ctx.features.accounts.sessions, ctx.by, input.userId)),
    ),
}
