import { type DirectoryView, type PersonRow, type PersonView } from '@parley/contracts'
import { DEFAULT_ROUTING_SETTINGS, byName, callPerson } from '@parley/domain'

import { type Cache } from '../../store/cache.ts'
import { personOf, readPeople, readPresences, readTeams } from './people-and-teams.ts'
import { presenceElsewhere } from './people-elsewhere.ts'

export function readDirectory(cache: Cache): DirectoryView {
  const mine = cache.actor.teamIds
  const loads = readLoads(cache)
  const presenceHere = readPresences(cache)
  const presenceOf: typeof presenceHere = (userId) =>
    presenceElsewhere(cache, userId) ?? presenceHere(userId)
  return {
    teams: readTeams(cache).map(({ id, name, slug }) => ({
      id,
      name,
      slug,
      isMine: mine.includes(id),
    })),
    people: readPeople(cache)
      .map((row) => toPersonView(row, presenceOf, loads))
      .toSorted((a, b) => byName(a.fullName, b.fullName)),
  }
}

export function readMe(cache: Cache): PersonView | null {
  const row = personOf(cache, cache.myId)
  return row === null ? null : toPersonView(row, readPresences(cache), readLoads(cache))
}

function toPersonView(
  row: PersonRow,
  presenceOf: (userId: string) => PersonView['presence'],
  loads: Map<string, number>,
): PersonView {
  return {
    id: row.id,
    fullName: callPerson(row),
    role: row.role,
    isActive: row.isActive,
    teamIds: row.teamIds,
    presence: presenceOf(row.id),
    load: loads.get(row.id) ?? 0,
  }
}

/** As they were when somebody was told last. */
const toldOf = new WeakMap<Cache, number>()

/** Whether anybody's load may be another one than at the last time that this was asked. */
export function haveLoadsChanged(cache: Cache): boolean {
  const changes = cache.store.value<number>('SELECT count FROM tally_changes') ?? 0
  const isSame = toldOf.get(cache) === changes
  toldOf.set(cache, changes)
  return !isSame
}

/** What counts against each person's capacity, as far as this cache can see. */
export function readLoads(cache: Cache): Map<string, number> {
  const records = cache.store.all<{ assigned_to: string; load: number }>(
    `SELECT who AS assigned_to,
       SUM(count * CASE status WHEN 'pending_customer' THEN ${DEFAULT_ROUTING_SETTINGS.pendingCustomerFraction} ELSE 1 END) AS load
     FROM tallies
     WHERE of = 'owner' AND count > 0 AND status IN ('assigned', 'pending_agent', 'pending_customer')
     GROUP BY who`,
  )
  return new Map(records.map(({ assigned_to, load }) => [assigned_to, load]))
}
