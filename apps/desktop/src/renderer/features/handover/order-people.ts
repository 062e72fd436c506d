import { byName } from '@parley/domain'
import type { PersonView } from '@parley/contracts'

import { type Translate } from '../../i18n/translate.ts'

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
      byName(a.fullName, b.fullName),
  )
}

/** 3 de 5 en línea */
export function onlineWords(people: readonly PersonView[], t: Translate): string {
  // Who takes no conversations is none of those who could.
  const working = people.filter(({ presence }) => presence.capacity > 0)
  const online = working.filter(({ presence }) => presence.status === 'online')
  return t('handover.online', { count: online.length, total: working.length })
}
