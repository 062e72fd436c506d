import { type EngineFeature } from '../../feature.ts'

/** Nothing of it is kept here. */
export const audit = {
  name: 'audit',
  handlers: ({ ask }) => ({
    'audit.find': (input) => ask((trpc) => trpc.audit.find.query(input)),
  }),
} satisfies EngineFeature
