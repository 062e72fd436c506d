import { bootstrapInput, conversationsInput, feedInput, type FeedItem } from '@parley/contracts'
import { tracked } from '@trpc/server'

import { procedure } from '../../platform/procedure.ts'
import { passed } from '../../platform/stages.ts'

export const syncProcedures = {
  bootstrap: procedure('session.manage_own')
    .input(bootstrapInput)
    .query(({ ctx, input }) => ctx.features.feed.bootstrap(ctx.actor, input.page)),

  /** What a workstation lacks of conversations: see `conversationsInput`. */
  conversations: procedure('conversation.see')
    .input(conversationsInput)
    .query(({ ctx, input: { ids, threads } }): Promise<FeedItem[]> =>
      ctx.features.feed.conversations(ctx.actor, ids, { threads }),
    ),

  /**
   * Follows the change feed. While it is open, the person is present. A connection follows once: who begins anew on
   * it has given up what was before, whether or not that has been said yet.
   */
  feed: procedure('session.manage_own')
    .input(feedInput)
    .subscription(async function* ({ ctx, input, signal }) {
      const ending = newestOf(ctx.connection, signal)
      const disconnected = ctx.features.presence.connected(ctx.actor)
      try {
        const from = input.lastEventId ?? input.cursor
        for await (const { cursor, message } of ctx.features.feed.follow(ctx.actor, from, ending)) {
          passed('batch sent')
          yield tracked(cursor, message)
          // Whoever reads slowly is served slowly, instead of filling the server's memory.
          await ctx.drained(ending)
        }
      } finally {
        disconnected()
      }
    }),
}

const following = new WeakMap<object, AbortController>()

/** Aborts when the connection ends the subscription, or begins another. */
function newestOf(connection: object, signal: AbortSignal | undefined): AbortSignal {
  const replaced = new AbortController()
  following.get(connection)?.abort()
  following.set(connection, replaced)
  return signal === undefined ? replaced.signal : AbortSignal.any([signal, replaced.signal])
}
