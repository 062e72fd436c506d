import type {
  ConnectionView,
  DirectoryView,
  PersonView,
  Preferences,
  SessionView,
  TeamView,
} from '@parley/contracts'
import { useMemo, useSyncExternalStore } from 'react'

import { useConnected } from './bridge-context.tsx'
import { useReadAll } from './use-read.ts'

export function useSession(): SessionView | undefined {
  const { session } = useConnected()
  return useSyncExternalStore(session.subscribe, session.get)
}

export function useConnection(): ConnectionView | undefined {
  const { connection } = useConnected()
  return useSyncExternalStore(connection.subscribe, connection.get)
}

/** Whether what is done now can reach the server only later. */
export function useWaitsForServer(): boolean {
  return useConnection()?.state === 'offline'
}

/** Used until the main process has answered, which is before the first paint. */
const UNTIL_READ: Preferences = {
  theme: 'system',
  language: 'es',
  customerPanelOpen: true,
  checksSpelling: true,
  spellingLanguages: [],
  keys: {},
  singleKeys: true,
}

export function usePreferences(): Preferences {
  const { preferences } = useConnected()
  return useSyncExternalStore(preferences.subscribe, preferences.get) ?? UNTIL_READ
}

/** The signed-in person. Only below the workstation, which is not shown without one. */
export function useMe(): PersonView {
  const session = useSession()
  const { people } = useDirectory()
  if (session?.state !== 'signed_in') throw new Error('nobody is signed in')
  // The directory is the fresher of the two: it carries load and presence.
  return people.get(session.me.id) ?? session.me
}

export interface Directory {
  teams: ReadonlyMap<string, TeamView>
  people: ReadonlyMap<string, PersonView>
}

const index = (view: DirectoryView | undefined): Directory => ({
  teams: new Map(view?.teams.map((team) => [team.id, team])),
  people: new Map(view?.people.map((person) => [person.id, person])),
})

export function useDirectory(): Directory {
  const { value } = useReadAll('directory.get')
  return useMemo(() => index(value), [value])
}
