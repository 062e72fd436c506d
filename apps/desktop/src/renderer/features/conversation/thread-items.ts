import type { OutboxView, ThreadEntry } from '@parley/contracts'

import { isSameDay } from '../../i18n/moments.ts'
import { isOfFailedAnswer } from './lifecycle-events.ts'

export type MessageEntry = Extract<ThreadEntry, { type: 'message' }>
export type EventEntry = Extract<ThreadEntry, { type: 'event' }>

/** What stands in the thread, one under the other. */
export type ThreadItem =
  | { kind: 'day'; key: string; at: number }
  | { kind: 'new_since'; key: string; at: number }
  | {
      kind: 'message'
      key: string
      entry: MessageEntry
      isFirstOfRun: boolean
      showsAuthor: boolean
    }
  | { kind: 'event'; key: string; entry: EventEntry }
  | { kind: 'refused'; key: string; intent: OutboxView }

/** Messages of one side and one author, this close together, are one run. */
const RUN_GAP_MS = 5 * 60_000

/**
 * The thread with its day lines, runs and the line "new since".
 * @param seenSeq the newest the person had seen when they opened it; 0 where they had seen nothing
 * @param hasOlder whether there is more before the first entry: then its day may have begun earlier and has
 *   no line yet. (A line there would also be what the scroller holds on to while older ones come in above.)
 * @param refused intents that were refused and await a decision; they stand at the end
 */
export function threadItems(
  entries: readonly ThreadEntry[],
  seenSeq: number,
  refused: readonly OutboxView[],
  hasOlder = false,
): ThreadItem[] {
  const items: ThreadItem[] = []
  let previous: ThreadEntry | null = null
  let previousAt: number | null = null
  let lineDrawn = seenSeq === 0
  for (const entry of entries) {
    if (!isShown(entry)) continue
    const at = Date.parse(entry.at)
    if (previousAt === null ? !hasOlder : !isSameDay(previousAt, at)) {
      items.push({ kind: 'day', key: `day ${new Date(at).toDateString()}`, at })
      previous = null
    }
    if (
      !lineDrawn &&
      entry.type === 'message' &&
      entry.message.direction === 'inbound' &&
      entry.message.seq > seenSeq
    ) {
      lineDrawn = true
      // Since the last thing that had been seen, not since what is new.
      const since = items.findLast((item) => item.kind === 'message' || item.kind === 'event')
      if (since && 'entry' in since) {
        items.push({ kind: 'new_since', key: 'new since', at: Date.parse(since.entry.at) })
        previous = null
      }
    }
    if (entry.type === 'event') items.push({ kind: 'event', key: entry.key, entry })
    else {
      const isFirstOfRun = previous?.type !== 'message' || !isSameRun(previous, entry)
      items.push({
        kind: 'message',
        key: entry.key,
        entry,
        isFirstOfRun,
        showsAuthor: isFirstOfRun && entry.authorName !== null,
      })
    }
    previous = entry
    previousAt = at
  }
  for (const intent of refused) items.push({ kind: 'refused', key: intent.intentId, intent })
  return items
}

/**
 * A change of state that follows from a message is said by the message, and whose turn it is by the
 * header; a line for it would only be noise. That an answer did not arrive is no such thing.
 */
function isShown(entry: ThreadEntry): boolean {
  if (entry.type === 'message' || entry.event.type !== 'conversation.status_changed') return true
  return isOfFailedAnswer(entry.event)
}

function isSameRun(before: MessageEntry, entry: MessageEntry): boolean {
  return (
    before.message.direction === entry.message.direction &&
    before.message.senderType === entry.message.senderType &&
    before.message.senderId === entry.message.senderId &&
    before.isMine === entry.isMine &&
    Date.parse(entry.at) - Date.parse(before.at) < RUN_GAP_MS
  )
}

/** Messages of others after the given item: what a reader who has scrolled up has not seen. */
export function othersAfter(items: readonly ThreadItem[], lastKey: string | null): number {
  if (lastKey === null) return 0
  const at = items.findIndex((item) => item.key === lastKey)
  if (at === -1) return 0
  return items.slice(at + 1).filter((item) => item.kind === 'message' && !item.entry.isMine).length
}
