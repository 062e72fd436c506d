import { offerInput } from '@parley/contracts'

import { Failure } from '../../platform/failure.ts'
import { done, procedure } from '../../platform/procedure.ts'
import { conversationSeenBy } from '../conversations/index.ts'
import { acceptOffer, refuseOffer } from './offers.ts'

export const offerProcedures = {
  accept: procedure('conversation.claim')
    .input(offerInput)
    .mutation(async ({ ctx, input }) => {
      const { services, actor } = ctx
      const id = await acceptOffer(services, { actor, ...input })
      const conversation = await conversationSeenBy(services.db, actor, id)
      // Accepted once, and out of their reach since.
      if (conversation === null) throw new Failure('not_found')
      return { conversation }
    }),

  refuse: procedure('conversation.claim')
    .input(offerInput)
    .mutation(({ ctx, input }) => done(refuseOffer(ctx.services, { actor: ctx.actor, ...input }))),
}
