import { type EngineFeature } from '../../feature.ts'
import { haveLoadsChanged, readDirectory } from './directory.ts'
import { lookAt } from './people-elsewhere.ts'
import {
  ACCOUNT_STEPS,
  keptPeople,
  keptPresences,
  keptTeams,
  removePresencesOutOfSight,
} from './people-and-teams.ts'

export { readLoads, readMe } from './directory.ts'
export {
  keepPerson,
  personNameOf,
  personOf,
  readPeople,
  readPresences,
  readTeams,
  teamNameOf,
  teamOf,
} from './people-and-teams.ts'

/** People and teams. Who is signed in is the engine's own business. */
export const accounts = {
  name: 'accounts',
  steps: ACCOUNT_STEPS,
  kinds: [keptPeople, keptPresences, keptTeams],
  handlers: (engine) => ({
    'directory.get': () => readDirectory(engine.cache),
    'directory.lookAt': ({ userIds }) => lookAt(engine, userIds),
    'account.own': () => engine.ask((trpc) => trpc.accounts.own.query()),
    'account.changePassword': (input) =>
      engine.tell((trpc) => trpc.accounts.changePassword.mutate(input)),
    'account.beginSecondFactor': (input) =>
      engine.ask((trpc) => trpc.accounts.beginSecondFactor.mutate(input)),
    'account.confirmSecondFactor': (input) =>
      engine.ask((trpc) => trpc.accounts.confirmSecondFactor.mutate(input)),
    'account.removeSecondFactor': (input) =>
      engine.tell((trpc) => trpc.accounts.removeSecondFactor.mutate(input)),
    'account.renewRecoveryCodes': (input) =>
      engine.ask((trpc) => trpc.accounts.renewRecoveryCodes.mutate(input)),
  }),
  speaksOf: (cache) => (haveLoadsChanged(cache) ? ['load'] : []),
  accessChanged(cache, { topics }) {
    removePresencesOutOfSight(cache)
    topics.add('person').add('team')
  },
  listens: ({ cache, sessionChanged }) => ({
    start() {
      haveLoadsChanged(cache)
    },
    applied({ topics }) {
      if (topics.has('person') || topics.has('team')) sessionChanged()
    },
  }),
} satisfies EngineFeature
