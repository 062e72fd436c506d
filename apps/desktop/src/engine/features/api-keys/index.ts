import { type EngineFeature } from '../../feature.ts'

/** Keys are the server's alone: what is shown once is kept nowhere. */
export const apiKeys = {
  name: 'api-keys',
  handlers: ({ ask, tell }) => ({
    'apiKeys.list': () => ask((trpc) => trpc.apiKeys.list.query()),
    'apiKeys.create': (input) => ask((trpc) => trpc.apiKeys.create.mutate(input)),
    'apiKeys.rotate': (input) => ask((trpc) => trpc.apiKeys.rotate.mutate(input)),
    'apiKeys.revoke': (input) => tell((trpc) => trpc.apiKeys.revoke.mutate(input)),
  }),
} satisfies EngineFeature
