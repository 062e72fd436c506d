import { offerInput } from '@parley/contracts'

import { done, procedure } from '../../platform/procedure.ts'
import { conversationAnswer } from '../conversations/index.ts'
import { acceptOffer, refuseOffer } from './offers.ts'

export const offerProcedures = {
  accept: procedure('conversation.claim')
    .input(offerInput)
    .mutation(async ({ ctx, input }) =>
      conversationAnswer(
        ctx.services.db,
        await acceptOffer(ctx.services, { actor: ctx.actor, ...input }),
      ),
    ),

  refuse: procedure('conversation.claim')
    .input(offerInput)
    .mutation(({ ctx, input }) => done(refuseOffer(ctx.services, { actor: ctx.actor, ...input }))),
}
