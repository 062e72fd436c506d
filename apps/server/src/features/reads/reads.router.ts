import { markReadsInput } from '@parley/contracts'

import { procedure } from '../../platform/procedure.ts'
import { markReads } from './reads.commands.ts'

export const readProcedures = {
  mark: procedure('conversation.see')
    .input(markReadsInput)
    .mutation(async ({ ctx, input }) => ({
      marks: await markReads(ctx.services, { actor: ctx.actor, marks: input.marks }),
    })),
}
