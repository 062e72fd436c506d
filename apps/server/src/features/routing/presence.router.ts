import { setPresenceInput } from '@parley/contracts'

import { procedure, router } from '../../platform/procedure.ts'

export const presenceRouter = router({
  set: procedure('presence.set_own')
    .input(setPresenceInput)
    .mutation(async ({ ctx, input }) => {
      await ctx.features.presence.choose(ctx.actor.userId, input.status, input.reason)
      return null
    }),
})
