import type { SearchResult } from '@parley/contracts'
import { useEffect, useState } from 'react'

import { useRead } from '../../bridge/use-read.ts'

const ASK_AFTER_MS = 120
const SHORTEST = 2
const MOST = 30
const NOTHING: SearchResult = { hits: [], isPartial: false, isBrokenOff: false, isAsking: false }

/** What the engine finds for the words, a little after the typing stops; the last hits stay until then, and not where these are refused. */
export function useSearch(wanted: string): Pick<
  SearchResult,
  'hits' | 'isPartial' | 'isBrokenOff'
> & {
  isDone: boolean
} {
  const [asked, setAsked] = useState('')
  const trimmed = wanted.trim()
  useEffect(() => {
    const timer = setTimeout(() => setAsked(trimmed), ASK_AFTER_MS)
    return () => clearTimeout(timer)
  }, [trimmed])

  const isWorthIt = asked.length >= SHORTEST
  const { value, error } = useRead(
    'search.query',
    isWorthIt ? { text: asked.slice(0, 200), limit: MOST } : null,
  )
  const [last, setLast] = useState<SearchResult>(NOTHING)
  if (value && last !== value) setLast(value)
  const { hits, isPartial, isBrokenOff } =
    trimmed.length < SHORTEST ? NOTHING : (value ?? (error === null ? last : NOTHING))
  const isAnswered = value === undefined ? error !== null : !value.isAsking
  return {
    hits,
    // As long as the server is being asked nobody knows yet.
    isPartial: isPartial && isAnswered,
    isBrokenOff,
    isDone: trimmed.length < SHORTEST || (asked === trimmed && isAnswered),
  }
}
