import { indexedWords } from '@parley/domain'

import { type Cache } from '../../store/cache.ts'

/** Longer texts are found by their beginning. */
const MOST_INDEXED = 20_000
/** What a person says or is told is found at once; more than this comes with loads and after an absence, and can wait. */
const FEW = 100
/** Some milliseconds' worth. */
const SLICE = 250

export const MESSAGING_FUNCTIONS = {
  message_words: (text: string | null): string => indexedWords((text ?? '').slice(0, MOST_INDEXED)),
}

/** Before a transaction ends in which messages came. */
export function indexFew(cache: Cache): void {
  const waiting = cache.store.value<number>(
    `SELECT COUNT(*) FROM (SELECT 1 FROM unindexed LIMIT ${FEW + 1})`,
  )
  if (waiting !== null && waiting > 0 && waiting <= FEW) indexNewest(cache, FEW)
}

/** One slice of those that wait, the newest first, since they are what people look for. @returns whether there was one */
export function indexSome(cache: Cache): boolean {
  return indexNewest(cache, SLICE) > 0
}

/** In the order of their row ids: whatever goes back makes the index write down what it has gathered. */
function indexNewest({ store }: Cache, most: number): number {
  const from = store.value<number>(
    `SELECT MIN(local_id) FROM (SELECT local_id FROM unindexed ORDER BY local_id DESC LIMIT ${most})`,
  )
  if (from === null) return 0
  store.run(
    `INSERT INTO message_search(rowid, words)
     SELECT m.local_id, message_words(m.text) FROM unindexed u CROSS JOIN messages m ON m.local_id = u.local_id
     WHERE u.local_id >= ? ORDER BY u.local_id`,
    from,
  )
  return store.run('DELETE FROM unindexed WHERE local_id >= ?', from)
}
