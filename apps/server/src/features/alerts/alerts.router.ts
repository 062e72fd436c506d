import { acknowledgeInput, savePreferencesInput } from '@parley/contracts'

import { procedure } from '../../platform/procedure.ts'
import { acknowledge } from './acknowledge.ts'
import { savePreferences } from './save-preferences.ts'

export const alertProcedures = {
  acknowledge: procedure('alert.receive')
    .input(acknowledgeInput)
    .mutation(async ({ ctx, input }) => {
      await acknowledge(ctx.services, { actor: ctx.actor, ...input })
      return null
    }),

  savePreferences: procedure('alert.receive')
    .input(savePreferencesInput)
    .mutation(async ({ ctx, input }) => {
      await savePreferences(ctx.services, ctx.actor.userId, input.preferences)
      return null
    }),
}
