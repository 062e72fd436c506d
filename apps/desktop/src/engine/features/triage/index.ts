import { type EngineFeature } from '../../feature.ts'

/** Everything about it is the server's; what it decides comes with conversations and their events. */
export const triage = {
  name: 'triage',
  handlers: ({ ask, tell }) => ({
    'triage.getRules': (input) => ask((trpc) => trpc.triage.getRules.query(input)),
    'triage.ruleVersions': (input) => ask((trpc) => trpc.triage.ruleVersions.query(input)),
    'triage.saveRules': (input) => ask((trpc) => trpc.triage.saveRules.mutate(input)),
    'triage.saveSettings': (input) => ask((trpc) => trpc.triage.saveSettings.mutate(input)),
    'triage.dryRun': (input) => ask((trpc) => trpc.triage.dryRun.mutate(input)),
    'triage.getModel': () => ask((trpc) => trpc.triage.getModel.query()),
    'triage.saveModel': (input) => tell((trpc) => trpc.triage.saveModel.mutate(input)),
    'triage.testModel': (input) => ask((trpc) => trpc.triage.testModel.mutate(input)),
  }),
} satisfies EngineFeature
