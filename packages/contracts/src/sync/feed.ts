import { ROLES } from '@parley/domain'
import { z } from 'zod'

import { id } from '../primitives.ts'
import { KINDS, type RowKind, type RowOf } from '../registry.ts'

/**
 * A place in the change feed: `epoch:transaction:number`. Opaque to workstations but for its epoch: they store it
 * with the batch it came with. A restore from backup begins a new epoch, and older cursors are refused.
 */
export const feedCursor = z.string().regex(/^[0-9a-f-]{36}:\d{1,20}:\d{1,19}$/)
export type FeedCursor = z.infer<typeof feedCursor>

/** Of two epochs the same number or id may mean something else, and what the one had the other may lack. */
export function epochOf(cursor: FeedCursor): string {
  return cursor.slice(0, cursor.indexOf(':'))
}

export type PutItem<Kind extends RowKind = RowKind> = {
  [Of in Kind]: { op: 'put'; kind: Of; row: RowOf<Of> }
}[Kind]

const [first, ...others] = KINDS.map(({ kind, row }) =>
  z.object({ op: z.literal('put'), kind: z.literal(kind), row }),
)
if (first === undefined) throw new Error('no kind of row is declared')
/** The row as it is now. A kind that the reader does not know is of a newer server: it is passed over. */
export const putItem = z.discriminatedUnion('kind', [
  first,
  ...others,
]) as unknown as z.ZodType<PutItem>

export const feedItem = z.union([
  putItem,
  /** This person may not see it any more, or it is gone. Removing a conversation removes all that hangs on it. */
  z.object({
    op: z.literal('remove'),
    kind: z.enum(KINDS.map(({ kind }) => kind) as [RowKind]),
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

export const feedInput = z.object({
  cursor: feedCursor,
  /** Set by the transport when it resumes; it is the id of the last batch received. */
  lastEventId: z.string().nullish(),
})

export const bootstrapInput = z.object({ page: z.string().max(512).nullable() })
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
