import {
  personKind,
  presenceKind,
  teamKind,
  type PersonRow,
  type PersonView,
  type PresenceRow,
  type TeamRow,
} from '@parley/contracts'
import { byName, callPerson, may } from '@parley/domain'

import { type Cache } from '../../store/cache.ts'
import { keptKind, type FreshLoad } from '../../store/kept-kind.ts'

export const ACCOUNT_STEPS: readonly string[] = [
  `
  CREATE TABLE people (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL, row TEXT NOT NULL, generation INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE presences (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL, row TEXT NOT NULL, generation INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE teams (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL, row TEXT NOT NULL, generation INTEGER NOT NULL
  ) WITHOUT ROWID;
  `,
]

export const keptPeople = keptKind(personKind, { table: 'people', sweep: retire('people') })
/** A person's presence is shown with them. */
export const keptPresences = keptKind(presenceKind, {
  table: 'presences',
  touches: () => ({ topics: ['person'] }),
  sweep: 'remove',
})
export const keptTeams = keptKind(teamKind, { table: 'teams', sweep: retire('teams') })

/**
 * The server sends everybody and every team in a fresh load. Whom it does not send is no longer to be given work, but
 * stays, because what they did is still told under their name.
 */
function retire(table: 'people' | 'teams') {
  return (cache: Cache, { generation }: FreshLoad): void => {
    cache.store.run(
      `UPDATE ${table} SET row = json_set(row, '$.isActive', json('false')) WHERE generation < ?`,
      generation,
    )
  }
}

export function keepPerson(cache: Cache, row: PersonRow): void {
  cache.applyItems([{ op: 'put', kind: 'person', row }])
}

export function personOf(cache: Cache, id: string): PersonRow | null {
  return cache.store.row('SELECT row FROM people WHERE id = ?', id)
}

/** How they are called; null where there is nobody, or nobody that is known. */
export function personNameOf(cache: Cache, id: string | null): string | null {
  const person = id === null ? null : personOf(cache, id)
  return person === null ? null : callPerson(person)
}

export function teamOf(cache: Cache, id: string): TeamRow | null {
  return cache.store.row('SELECT row FROM teams WHERE id = ?', id)
}

/** Empty where it is unknown. */
export function teamNameOf(cache: Cache, id: string): string {
  return teamOf(cache, id)?.name ?? ''
}

export function readPeople(cache: Cache): PersonRow[] {
  return cache.store.rows('SELECT row FROM people')
}

/** As whoever was never there has it, and whoever this person does not hear of. */
const NEVER_THERE: Omit<PersonView['presence'], 'since'> = {
  status: 'offline',
  reason: null,
  capacity: 0,
  isFinishing: false,
  wrapUpUntil: null,
}

/** Whether people are there, by their ids. */
export function readPresences(cache: Cache): (userId: string) => PersonView['presence'] {
  const rows = cache.store.rows<PresenceRow>('SELECT row FROM presences')
  const byId = new Map(rows.map(({ id, version: _version, ...presence }) => [id, presence]))
  return (userId) => byId.get(userId) ?? { ...NEVER_THERE, since: new Date(0).toISOString() }
}

/** Whoever has left a team hears no more of who of it is there: nothing of them changes, so the feed says nothing of it. */
export function removePresencesOutOfSight(cache: Cache): void {
  const { actor, store } = cache
  for (const { id: assignedTo } of store.rows<PresenceRow>('SELECT row FROM presences')) {
    const teamIds = [null, ...(personOf(cache, assignedTo)?.teamIds ?? [])]
    if (teamIds.some((teamId) => may(actor, 'presence.see', { teamId, assignedTo }))) continue
    store.run('DELETE FROM presences WHERE id = ?', assignedTo)
  }
}

/** Those that are at work, by name. */
export function readTeams(cache: Cache): TeamRow[] {
  return cache.store
    .rows<TeamRow>('SELECT row FROM teams')
    .filter(({ isActive }) => isActive)
    .toSorted((a, b) => byName(a.name, b.name))
}
