import { acknowledgeInput, savePreferencesInput } from '@parley/contracts'

import { done, procedure } from '../../platform/procedure.ts'
import { acknowledge } from './acknowledge.ts'
import { savePreferences } from './save-preferences.ts'

export const alertProcedures = {
  acknowledge: procedure('alert.receive')
    .input(acknowledgeInput)
    .mutation(({ ctx, input }) => done(acknowledge(ctx.services, { actor: ctx.actor, ...input }))),

  savePreferences: procedure('alert.receive')
    .input(savePreferencesInput)
    .mutation(({ ctx, input }) =>
      done(savePreferences(ctx.services, ctx.actor.userId, input.preferences)),
    ),
}
