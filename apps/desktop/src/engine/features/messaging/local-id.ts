import { type MessageRow } from '@parley/contracts'

import { type Cache } from '../../store/cache.ts'

/** So many messages of the same second have a place of their own. */
const PLACES = 4096

/**
 * A message's row id, which rises with the time at which it was sent: the index of words gives its hits by row id, so
 * that the newest come first without a look at the others, in whatever order they were loaded. Within a second by the
 * server's own order. Far below what a number can hold exactly, for as long as seconds are counted from 1970.
 */
export function localId(
  { store }: Cache,
  { sentAt, seq }: Pick<MessageRow, 'sentAt' | 'seq'>,
): {
  local_id: number
} {
  const second = Math.floor(Date.parse(sentAt) / 1000)
  let id = second * PLACES + (seq % PLACES)
  while (store.value('SELECT 1 FROM messages WHERE local_id = ?', id) !== null) id += 1
  return { local_id: id }
}
