import { bootstrapInput, feedInput } from '@parley/contracts'
import { tracked } from '@trpc/server'

import { procedure } from '../../platform/procedure.ts'

export const syncProcedures = {
  bootstrap: procedure('session.manage_own')
    .input(bootstrapInput)
    .query(({ ctx, input }) => ctx.features.feed.bootstrap(ctx.actor, input.page)),

  /** Follows the change feed. While it is open, the person is present. */
  feed: procedure('session.manage_own')
    .input(feedInput)
    .subscription(async function* ({ ctx, input, signal }) {
      const disconnected = ctx.features.presence.connected(ctx.actor)
      try {
        const from = input.lastEventId ?? input.cursor
        const ending = signal ?? new AbortController().signal
        for await (const { cursor, message } of ctx.features.feed.follow(ctx.actor, from, ending)) {
          yield tracked(cursor, message)
          // Whoever reads slowly is served slowly, instead of filling the server's memory.
          await ctx.drained(ending)
        }
      } finally {
        disconnected()
      }
    }),
}
