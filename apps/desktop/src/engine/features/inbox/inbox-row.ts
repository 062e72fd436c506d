import { type InboxRow, type RowMarks } from '@parley/contracts'
import { type ListedConversation } from '../../feature.ts'

import { type Cache } from '../../store/cache.ts'
import { personNameOf } from '../accounts/index.ts'
import { type StoredPreview } from './keep-rows.ts'

interface ListedRecord extends ListedConversation {
  version: number
  title: string
  channel: InboxRow['channel']
  language: string | null
  priority: InboxRow['priority']
  team_id: string | null
  preview: string
  waiting_since: string | null
  last_message_at: string
  closed_at: string | null
}

/** Everything a row shows but its marks. */
const LISTED = `
  SELECT c.id, c.version, c.title, c.channel, c.language, c.status, c.priority, c.team_id, c.assigned_to, c.preview,
    c.waiting_since, c.last_message_at, c.closed_at, c.unread, c.clock
  FROM conversations c`

/** @param which follows the statement: conditions over `conversations c`, and their order */
export function readInboxRows(
  cache: Cache,
  which: string,
  ...parameters: (string | number)[]
): InboxRow[] {
  const records = cache.store.all<ListedRecord>(`${LISTED} ${which}`, ...parameters)
  const marks = marksOf(cache, records)
  return records.map((record, index) => ({
    ...toRow(cache, record),
    ...(marks[index] as RowMarks),
  }))
}

export function readInboxRow(cache: Cache, conversationId: string): InboxRow | null {
  return readInboxRows(cache, 'WHERE c.id = ?', conversationId)[0] ?? null
}

/** What features add to each, asked of every feature once for all of them. */
function marksOf(cache: Cache, conversations: readonly ListedConversation[]): RowMarks[] {
  const columns = [...cache.registry.rowMarks].map(
    ([mark, read]) => [mark, read(cache, conversations)] as const,
  )
  return conversations.map(
    (_, index) =>
      Object.fromEntries(
        columns.map(([mark, values]) => [mark, values[index]]),
      ) as unknown as RowMarks,
  )
}

function toRow(cache: Cache, record: ListedRecord): Omit<InboxRow, keyof RowMarks> {
  return {
    id: record.id,
    version: record.version,
    title: record.title,
    channel: record.channel,
    language: record.language,
    status: record.status,
    priority: record.priority,
    teamId: record.team_id,
    assignedTo: record.assigned_to,
    preview: toPreview(cache, JSON.parse(record.preview) as StoredPreview),
    waitingSince: record.waiting_since,
    lastMessageAt: record.last_message_at === '' ? null : record.last_message_at,
    closedAt: record.closed_at,
  }
}

function toPreview(cache: Cache, { by, ...preview }: StoredPreview): InboxRow['preview'] {
  if (by.kind !== 'colleague') return { ...preview, by }
  return { ...preview, by: { kind: 'colleague', name: personNameOf(cache, by.id) ?? '' } }
}
