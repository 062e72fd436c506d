import { byName } from '@parley/domain'
import type { PersonView } from '@parley/contracts'

const loadShare = (person: PersonView) =>
  person.presence.capacity === 0 ? 0 : person.load / person.presence.capacity

/** Who is there before who is not, the fullest first: the one to relieve stands on top. */
export function byLoad(people: readonly PersonView[]): PersonView[] {
  const isThere = (person: PersonView) => (person.presence.status === 'offline' ? 1 : 0)
  return people.toSorted(
    (a, b) =>
      isThere(a) - isThere(b) || loadShare(b) - loadShare(a) || byName(a.fullName, b.fullName),
  )
}
