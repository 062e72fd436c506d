import { ROLES } from '@parley/domain'
import { z } from 'zod'

import { id } from './primitives.ts'
import { ROW_SCHEMAS, type RowKind } from './rows/rows.ts'

/**
 * A place in the change feed: `epoch:transaction:number`. Opaque to workstations, which store it with
 * the batch it came with. A restore from backup begins a new epoch, and older cursors are refused.
 */
export const feedCursor = z.string().regex(/^[0-9a-f-]{36}:\d{1,20}:\d{1,19}$/)
export type FeedCursor = z.infer<typeof feedCursor>

const put = <Kind extends RowKind>(kind: Kind) =>
  z.object({ op: z.literal('put'), kind: z.literal(kind), row: ROW_SCHEMAS[kind] })

export const putItem = z.discriminatedUnion('kind', [
  put('conversation'),
  put('message'),
  put('event'),
  put('customer'),
  put('person'),
  put('team'),
  put('canned_response'),
  put('offer'),
  put('alert'),
  put('alert_preferences'),
])
export type PutItem = z.infer<typeof putItem>

export const feedItem = z.union([
  putItem,
  /** This person may not see it any more, or it is gone. Removing a conversation removes all that hangs on it. */
  z.object({
    op: z.literal('remove'),
    kind: z.enum(['conversation', 'canned_response']),
    id,
  }),
  /** This intent of the person's own took effect; its outbox row can go. */
  z.object({ op: z.literal('acknowledge'), intentId: id }),
  /**
   * The person's own role or teams changed. What they may no longer see goes from the cache at once;
   * what they gained comes with a fresh bootstrap.
   */
  z.object({
    op: z.literal('access'),
    role: z.enum(ROLES),
    teamIds: z.array(id),
  }),
])
export type FeedItem = z.infer<typeof feedItem>

export const feedBatch = z.object({ cursor: feedCursor, items: z.array(feedItem) })
export type FeedBatch = z.infer<typeof feedBatch>

/** What the subscription yields. */
export const feedMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('batch'), batch: feedBatch }),
  /** The reader has everything that is readable now; sent once after catching up. */
  z.object({ type: z.literal('live') }),
  /** The cursor is unknown, too old or of another epoch: bootstrap again behind the running view. */
  z.object({
    type: z.literal('reset'),
    reason: z.enum(['unknown_cursor', 'cursor_too_old', 'new_epoch']),
  }),
])
export type FeedMessage = z.infer<typeof feedMessage>

/**
 * One page of the initial load. `cursor` stands on the first page and is taken before its rows are read,
 * so whatever changes meanwhile is delivered again by the feed.
 */
export const bootstrapPage = z.object({
  cursor: feedCursor.nullable(),
  items: z.array(putItem),
  nextPage: z.string().nullable(),
})
export type BootstrapPage = z.infer<typeof bootstrapPage>
