import { setImmediate } from 'node:timers/promises'

import { type SearchHit, type SearchResult } from '@parley/contracts'

import { Beside } from '../../beside.ts'
import { type EngineCore } from '../../feature.ts'
import { newApplied } from '../../store/applied.ts'
import { type Cache } from '../../store/cache.ts'
import { searchInSlices } from './search.ts'

/** Of what was given up for something else. The server was not asked: most of it nobody waits for, a word begun. */
const NOT_YET: SearchResult = { hits: [], isPartial: true, isBrokenOff: false, isAsking: true }

interface Asked {
  text: string
  limit: number
}

/**
 * What is here at once, and what the server has beside that: threads of others' conversations are not on this device.
 * What the server adds stands after what was found here, so that nothing moves that somebody is about to choose.
 */
export function searchFurther(engine: EngineCore): (asked: Asked) => Promise<SearchResult> {
  const there = new Beside(engine, {
    request: (trpc, asked: Asked) => trpc.search.query.query(asked),
    itemsOf: ({ items }) => items,
    keep: ({ hits, isComplete }) => ({ hits, isComplete }),
  })
  let newest = ''
  let underWay = 0
  let isLeftOpen = false
  const find = async (asked: Asked): Promise<SearchResult> => {
    const name = JSON.stringify(asked)
    newest = name
    const here = await inTurns(engine, asked, () => newest === name)
    if (here === null) {
      isLeftOpen = true
      return NOT_YET
    }
    if (asked.text.trim() === '')
      return { hits: here, isPartial: false, isBrokenOff: false, isAsking: false }
    const { answer, isAsking } = there.ask(asked)
    const { cache } = engine
    // What it brought is not taken from under its reader's eyes, as with lists.
    if (answer !== null) cache.lookedBeyondAtMs = performance.now()
    return {
      hits: merged(here, stillHere(cache, answer?.hits ?? [])),
      isPartial: answer === null,
      isBrokenOff: answer?.isComplete === false,
      isAsking,
    }
  }
  return async (asked) => {
    underWay += 1
    try {
      return await find(asked)
    } finally {
      underWay -= 1
      if (underWay === 0 && isLeftOpen) {
        isLeftOpen = false
        // After the answer. Whoever shows what was given up, having come back to it meanwhile, asks for it again.
        setImmediate().then(() =>
          engine.changed(newApplied({ topics: ['beside'], isOwnDoing: true })),
        )
      }
    }
  }
}

/** Whoever asks something else meanwhile is answered in between. Null: somebody did, and nobody waits for this any more. */
async function inTurns(
  { cache, serverNowMs }: EngineCore,
  { text, limit }: Asked,
  isWaitedFor: () => boolean,
): Promise<SearchHit[] | null> {
  const slices = searchInSlices(cache, text, limit, serverNowMs())
  for (;;) {
    const next = slices.next()
    if (next.done === true) return next.value
    await setImmediate()
    if (!isWaitedFor()) return null
  }
}

/**
 * Its rows came into the cache with the answer. An answer is remembered for a while, and what has gone from the cache
 * meanwhile this person may not see any more, not even its name.
 */
function stillHere({ store }: Cache, hits: readonly SearchHit[]): SearchHit[] {
  const ids = new Set(hits.map(({ conversationId }) => conversationId))
  const held = store.all<{ id: string }>(
    'SELECT id FROM conversation_rows WHERE id IN (SELECT value FROM json_each(?))',
    JSON.stringify([...ids]),
  )
  const known = new Set(held.map(({ id }) => id))
  return hits.filter(({ conversationId }) => known.has(conversationId))
}

function merged(here: readonly SearchHit[], there: readonly SearchHit[]): SearchHit[] {
  const known = new Set(here.map(nameOf))
  return [...here, ...there.filter((hit) => !known.has(nameOf(hit)))]
}

const nameOf = ({ conversationId, messageId }: SearchHit): string =>
  `${conversationId} ${messageId ?? ''}`
