import { type DirectoryView } from '@parley/contracts'

import { answerTo, complain, type Sight } from './sight.ts'
import { peopleInSight } from './truth.ts'

export async function comparePeople(sight: Sight): Promise<void> {
  const { world, workstation, coverage, blurred } = sight
  const directory = answerTo<DirectoryView>(sight, 'directory.get', undefined)
  const people = new Map(directory?.people.map((person) => [person.id, person]))
  for (const { id, status, capacity, load_seen: load } of await peopleInSight(world, workstation)) {
    const { presence, load: shown } = people.get(id) ?? {}
    const here = `${presence?.status} of ${presence?.capacity}`
    if (here !== `${status} of ${capacity}`)
      complain(sight, `${world.describe(id)} is shown as ${here}, and is ${status} of ${capacity}`)
    if (coverage.open && blurred.size === 0 && shown !== load)
      complain(sight, `${world.describe(id)} is shown with ${shown} in hand, and has ${load}`)
  }
}
