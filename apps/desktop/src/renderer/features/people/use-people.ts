import type { PeopleInput, PeopleOutput, PersonSummary } from '@parley/contracts'

import { useServerPages } from '../../bridge/use-server-pages.ts'

const PAGE = 100

export type Wanted = Pick<PeopleInput, 'text' | 'roles' | 'teamId' | 'states'>

/** A page of those who are asked for, and further ones where somebody reads on. */
export function usePeople(wanted: Wanted) {
  const { pages, ...read } = useServerPages(
    'people.find',
    (page: PeopleInput['page']) => ({ ...wanted, page, limit: PAGE }),
    ({ next }) => next,
  )
  return { ...read, value: pages && together(pages) }
}

function together(pages: readonly PeopleOutput[]): {
  people: readonly PersonSummary[]
  counts: PeopleOutput['counts'] | undefined
} {
  return { people: pages.flatMap(({ people }) => people), counts: pages[0]?.counts }
}
