import { type EventEntry, type MessageEntry, type ThreadItem } from './thread-items.ts'

/** What a person who listens is told of an open thread, as it happens. */
export type ThreadNews = { key: string } & (
  | { kind: 'message'; entry: MessageEntry }
  | { kind: 'failed'; entry: MessageEntry }
  | { kind: 'event'; entry: EventEntry }
)

/**
 * What has arrived by others, and what of one's own has failed since. What is scrolled in stands before all that was
 * there, and is no news; nor is what one has just written oneself. What arrives need not stand at the end: channels
 * tell the time by the second, and late.
 */
export function threadNews(
  before: readonly ThreadItem[],
  after: readonly ThreadItem[],
  myId: string,
): ThreadNews[] {
  const known = new Map(before.map((item) => [item.key, item]))
  const firstKnown = after.findIndex(({ key, kind }) => kind !== 'day' && known.has(key))
  return after.flatMap((item, index): ThreadNews[] => {
    const { key } = item
    if (item.kind === 'message' && isFailed(item.entry)) {
      const was = known.get(key)
      const isNew = was?.kind === 'message' ? !isFailed(was.entry) : index > firstKnown
      return isNew ? [{ kind: 'failed', key: `${key} failed`, entry: item.entry }] : []
    }
    if (index <= firstKnown || known.has(key)) return []
    if (item.kind === 'message' && !item.entry.isMine)
      return [{ kind: 'message', key, entry: item.entry }]
    if (item.kind === 'event' && item.entry.event.actorId !== myId)
      return [{ kind: 'event', key, entry: item.entry }]
    return []
  })
}

const isFailed = ({ message, outbox }: MessageEntry) =>
  outbox === null && message.direction === 'outbound' && message.status === 'failed'
