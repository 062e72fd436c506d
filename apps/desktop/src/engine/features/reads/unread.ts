import { type Cache } from '../../store/cache.ts'

/**
 * What is unread, for everything that shows or tells it: words of customers after one's mark, in open conversations
 * that one owns. Those of others are others' to read. The column `unread` counts them for whoever owns it.
 */

/** Of `conversations c`; takes the person. */
const CONCERNS_ME = `c.assigned_to = ? AND c.stage <> 'closed'`

/** Of these conversations, whosever they are, those in which the customer's words are unread. */
export function withUnreadWords({ store }: Cache, conversationIds: readonly string[]): string[] {
  const found = store.all<{ id: string }>(
    `SELECT c.id FROM conversations c WHERE c.id IN (SELECT value FROM json_each(?)) AND c.unread > 0`,
    JSON.stringify(conversationIds),
  )
  return found.map(({ id }) => id)
}

/** Whether something is unread in it, and this person's to read. */
export function hasUnread({ store, myId }: Cache, conversationId: string): boolean {
  const found = store.value(
    `SELECT 1 FROM conversations c WHERE c.id = ? AND ${CONCERNS_ME} AND c.unread > 0`,
    conversationId,
    myId,
  )
  return found !== null
}

/** In how many conversations something is unread. */
export function countUnread({ store, myId }: Cache): number {
  const count = store.value<number>(
    `SELECT COUNT(*) FROM conversations c WHERE ${CONCERNS_ME} AND c.unread > 0`,
    myId,
  )
  return count ?? 0
}

/** The customer's newest words in an open conversation of this person's own; null where there is no such thing. */
export function newestToRead({ store, myId }: Cache, conversationId: string): number | null {
  return store.value(
    `SELECT MAX(m.seq) FROM conversations c JOIN messages m ON m.conversation_id = c.id AND m.is_words = 1
     WHERE c.id = ? AND ${CONCERNS_ME}`,
    conversationId,
    myId,
  )
}
