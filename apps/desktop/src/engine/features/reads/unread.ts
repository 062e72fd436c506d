import { QUIET_MESSAGE_TYPES } from '@parley/domain'

import { type Cache } from '../../store/cache.ts'

/**
 * What is unread, for everything that shows or tells it: words of customers after one's mark, in open conversations
 * that one owns. Those of others are others' to read.
 */

const quiet = QUIET_MESSAGE_TYPES.map((type) => `'${type}'`).join(', ')

/** Words of the customer's, of `messages m`; as `isQuietMessage` has it. */
const WORDS = `m.direction = 'inbound' AND m.row ->> '$.contentType' NOT IN (${quiet})
  AND COALESCE(m.row ->> '$.content.unsupported.type', '') NOT IN (${quiet})`

/** Of `conversations c`; takes the person. */
const CONCERNS_ME = `c.assigned_to = ? AND c.status <> 'closed'`

/** Of `messages m` in `conversations c`. */
const IS_UNREAD = `m.conversation_id = c.id AND ${WORDS}
  AND m.seq > COALESCE((SELECT r.seq FROM read_marks r WHERE r.conversation_id = c.id), 0)`

/** How many messages are unread in these conversations; those that have none are left out. */
export function unreadIn(
  { store, myId }: Cache,
  conversationIds: readonly string[],
): ReadonlyMap<string, number> {
  const counted = store.all<{ id: string; count: number }>(
    `SELECT c.id, COUNT(*) AS count FROM conversations c JOIN messages m ON ${IS_UNREAD}
     WHERE c.id IN (SELECT value FROM json_each(?)) AND ${CONCERNS_ME} GROUP BY c.id`,
    JSON.stringify(conversationIds),
    myId,
  )
  return new Map(counted.map(({ id, count }) => [id, count]))
}

/** Of these conversations, whosever they are, those in which the customer's words are unread. */
export function withUnreadWords({ store }: Cache, conversationIds: readonly string[]): string[] {
  const found = store.all<{ id: string }>(
    `SELECT c.id FROM conversations c
     WHERE c.id IN (SELECT value FROM json_each(?)) AND EXISTS (SELECT 1 FROM messages m WHERE ${IS_UNREAD})`,
    JSON.stringify(conversationIds),
  )
  return found.map(({ id }) => id)
}

/** In how many conversations something is unread. */
export function countUnread({ store, myId }: Cache): number {
  const count = store.value<number>(
    `SELECT COUNT(*) FROM conversations c
     WHERE ${CONCERNS_ME} AND EXISTS (SELECT 1 FROM messages m WHERE ${IS_UNREAD})`,
    myId,
  )
  return count ?? 0
}

/** The customer's newest words in an open conversation of this person's own; null where there is no such thing. */
export function newestToRead({ store, myId }: Cache, conversationId: string): number | null {
  return store.value(
    `SELECT MAX(m.seq) FROM conversations c JOIN messages m ON m.conversation_id = c.id AND ${WORDS}
     WHERE c.id = ? AND ${CONCERNS_ME}`,
    conversationId,
    myId,
  )
}
