import { type z } from 'zod'

import { engineMethods, takes, takesNothing } from '../method.ts'
import {
  type DryRunOutput,
  type GetModelOutput,
  type GetRulesOutput,
  type RuleVersionsOutput,
  type TestModelOutput,
  dryRunInput,
  getRulesInput,
  ruleVersionsInput,
  saveModelInput,
  saveRulesInput,
  type saveRulesOutput,
  saveTriageSettingsInput,
  type saveTriageSettingsOutput,
  testModelInput,
} from './api.ts'

/** These ask the server and fail with `server_unreachable` without it. */
export const triageMethods = engineMethods({
  'triage.getRules': takes(getRulesInput).gives<GetRulesOutput>(),
  'triage.ruleVersions': takes(ruleVersionsInput).gives<RuleVersionsOutput>(),
  'triage.saveRules': takes(saveRulesInput).gives<z.infer<typeof saveRulesOutput>>(),
  'triage.saveSettings':
    takes(saveTriageSettingsInput).gives<z.infer<typeof saveTriageSettingsOutput>>(),
  'triage.dryRun': takes(dryRunInput).gives<DryRunOutput>(),
  'triage.getModel': takesNothing.gives<GetModelOutput>(),
  'triage.saveModel': takes(saveModelInput).gives<null>(),
  'triage.testModel': takes(testModelInput).gives<TestModelOutput>(),
})
