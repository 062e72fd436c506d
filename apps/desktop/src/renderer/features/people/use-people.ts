import type { PeopleInput, PeopleOutput, PersonSummary } from '@parley/contracts'
import { useState } from 'react'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { type ServerRead, useServerRead } from '../../bridge/use-server-read.ts'
import { useNotifyRefusal } from '../../ui/use-notify-refusal.ts'

const PAGE = 100

export type Wanted = Pick<PeopleInput, 'text' | 'roles' | 'teamId' | 'states'>

export interface FoundPeople extends Omit<ServerRead<PeopleOutput>, 'value' | 'put'> {
  value: { people: readonly PersonSummary[]; counts: PeopleOutput['counts'] } | undefined
  /** Null: these are all. */
  readMore: (() => Promise<void>) | null
}

/** A page of those who are asked for, and further ones where somebody scrolls on. */
export function usePeople(wanted: Wanted): FoundPeople {
  const ask = useAsk()
  const notifyRefusal = useNotifyRefusal()
  const first = useServerRead('people.find', { ...wanted, page: null, limit: PAGE })
  const [further, setFurther] = useState<{ after: PeopleOutput; pages: PeopleOutput[] } | null>(
    null,
  )
  // What was read on belongs to one answer.
  const pages = further !== null && further.after === first.value ? further.pages : []
  const next = (pages.at(-1) ?? first.value)?.next ?? null
  const readMore = async () => {
    const after = first.value
    if (after === undefined) return
    const result = await ask('people.find', { ...wanted, page: next, limit: PAGE })
    if (result.ok) setFurther({ after, pages: [...pages, result.value] })
    else notifyRefusal(result.error)
  }
  return {
    error: first.error,
    readAgain: first.readAgain,
    value: first.value && {
      people: [first.value, ...pages].flatMap(({ people }) => people),
      counts: first.value.counts,
    },
    readMore: next === null ? null : readMore,
  }
}
