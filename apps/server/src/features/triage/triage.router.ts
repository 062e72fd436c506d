import {
  dryRunInput,
  getRulesInput,
  ruleVersionsInput,
  saveModelInput,
  saveRulesInput,
  saveTriageSettingsInput,
  testModelInput,
} from '@parley/contracts'

import { done, procedure } from '../../platform/procedure.ts'
import { dryRun } from './dry-run.ts'
import { getRules, ruleVersions, saveRules, saveSettings } from './triage.commands.ts'

export const triageProcedures = {
  getRules: procedure('triage.read')
    .input(getRulesInput)
    .query(({ ctx, input }) => getRules(ctx.services.db, ctx.features.triage.setup, input.version)),

  ruleVersions: procedure('triage.read')
    .input(ruleVersionsInput)
    .query(({ ctx, input }) => ruleVersions(ctx.services.db, input.before)),

  saveRules: procedure('triage.manage')
    .input(saveRulesInput)
    .mutation(async ({ ctx, input }) => ({
      version: await saveRules(ctx.services, ctx.features.triage.setup, input, ctx.by),
    })),

  saveSettings: procedure('triage.manage')
    .input(saveTriageSettingsInput)
    .mutation(async ({ ctx, input }) => ({
      version: await saveSettings(ctx.services, ctx.features.triage.setup, input, ctx.by),
    })),

  /** Changes nothing; a mutation because rules are too long for an address. */
  dryRun: procedure('triage.manage')
    .input(dryRunInput)
    .mutation(({ ctx, input }) => dryRun(ctx.services, ctx.features.triage.setup, input)),

  getModel: procedure('integration.manage').query(({ ctx }) => ctx.features.triage.model.get()),

  saveModel: procedure('integration.manage')
    .input(saveModelInput)
    .mutation(({ ctx, input }) => done(ctx.features.triage.model.save(input, ctx.by))),

  testModel: procedure('integration.manage')
    .input(testModelInput)
    .mutation(({ ctx, input }) => ctx.features.triage.model.test(input.text)),
}
