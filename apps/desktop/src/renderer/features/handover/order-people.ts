import type { PersonView } from '@parley/contracts'

const PRESENCE_RANK: Record<PersonView['presence']['status'], number> = {
  online: 0,
  busy: 1,
  away: 2,
  offline: 3,
}

const room = (person: PersonView) => person.presence.capacity - person.load

/** Who can take it first: of the team, present, with the most room; then by name. */
export function orderPeople(people: readonly PersonView[], teamId: string | null): PersonView[] {
  const ofTeam = (person: PersonView) =>
    teamId !== null && person.teamIds.includes(teamId) ? 0 : 1
  return people.toSorted(
    (a, b) =>
      PRESENCE_RANK[a.presence.status] - PRESENCE_RANK[b.presence.status] ||
      ofTeam(a) - ofTeam(b) ||
      room(b) - room(a) ||
      a.fullName.localeCompare(b.fullName),
  )
}
