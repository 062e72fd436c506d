import {
  presenceHistoryInput,
  reportDeviceInput,
  setCapacityInput,
  setFinishingInput,
  setPresenceInput,
  setPresenceOfInput,
  type PresenceHistory,
} from '@parley/contracts'

import { done, procedure } from '../../platform/procedure.ts'
import { returnAllOf } from './abandoned.ts'
import { requireOverPerson } from '../../platform/require-over.ts'
import { presenceHistory } from './presence-history.queries.ts'

export const presenceProcedures = {
  set: procedure('presence.set_own')
    .input(setPresenceInput)
    .mutation(({ ctx, input }) =>
      done(ctx.features.presence.choose(ctx.actor.userId, { ...input, setBy: null })),
    ),

  report: procedure('presence.set_own')
    .input(reportDeviceInput)
    .mutation(({ ctx, input }) => done(ctx.features.presence.report(ctx.actor, input.state))),

  setFinishing: procedure('presence.set_own')
    .input(setFinishingInput)
    .mutation(({ ctx, input }) =>
      done(ctx.features.presence.setFinishing(ctx.actor.userId, input.isFinishing)),
    ),

  /** Nothing new from now on, and what waits for this person goes back to the queue. Again: what is left. */
  endShift: procedure('presence.set_own').mutation(async ({ ctx }) => {
    await ctx.features.presence.setFinishing(ctx.actor.userId, true)
    return { returned: await returnAllOf(ctx.services, ctx.actor.userId) }
  }),

  setOf: procedure('presence.set_others')
    .input(setPresenceOfInput)
    .mutation(async ({ ctx, input: { userId, ...choice } }) => {
      await requireOverPerson(ctx.services.db, ctx.actor, 'presence.set_others', userId)
      await ctx.features.presence.choose(userId, { ...choice, setBy: ctx.actor.userId }, ctx.by)
      return null
    }),

  setCapacity: procedure('presence.set_others')
    .input(setCapacityInput)
    .mutation(async ({ ctx, input: { userId, capacity } }) => {
      await requireOverPerson(ctx.services.db, ctx.actor, 'presence.set_others', userId)
      await ctx.features.presence.setCapacity(userId, capacity, ctx.by)
      return null
    }),

  history: procedure('report.see')
    .input(presenceHistoryInput)
    .query(async ({ ctx, input }): Promise<PresenceHistory> => {
      if (input.userId !== ctx.actor.userId) {
        await requireOverPerson(ctx.services.db, ctx.actor, 'report.see', input.userId)
      }
      return presenceHistory(ctx.services.db, input)
    }),
}
