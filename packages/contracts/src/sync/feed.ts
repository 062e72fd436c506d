import { ROLES } from '@parley/domain'
import { z } from 'zod'

import { id, instant } from '../primitives.ts'
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
  [Of in Kind]: { op: 'put'; kind: Of; row: RowOf<Of> } & (Of extends 'conversation'
    ? { whole?: true | undefined }
    : unknown)
}[Kind]

/**
 * Of a conversation: what hangs on it comes along in the same batch, page or answer, its newest messages and events
 * without a hole from the oldest of them to the newest that there is. Without it only what lists show of it does:
 * customer and tags. A conversation that was whole stays so, whatever comes of it later.
 */
const whole = z.literal(true).optional()

const [first, ...others] = KINDS.map(({ kind, row }) =>
  z.object({
    op: z.literal('put'),
    kind: z.literal(kind),
    row,
    ...(kind === 'conversation' && { whole }),
  }),
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

/** What of all that its person may see a load has brought: see decision 26. */
export const coverage = z.object({
  /** All open conversations in reach. */
  open: z.boolean(),
  /** All that were closed since; null: all of the last 30 days. */
  closedSince: instant.nullable(),
})
export type Coverage = z.infer<typeof coverage>

/**
 * A page goes on where the one before ended, on whichever process and however much later; one of another epoch is
 * refused as `invalid_input`, and the load begins anew. Beyond what a process carries at a time, loads are refused as
 * `try_later` with `retryAfterMs`: their place is kept until then.
 */
export const bootstrapInput = z.object({ page: z.string().max(512).nullable() })
/**
 * One page of the initial load. `cursor` stands on the first page and is no newer than any of its rows, so whatever
 * changes meanwhile is delivered again by the feed.
 */
export const bootstrapPage = z.object({
  cursor: feedCursor.nullable(),
  items: z.array(putItem),
  nextPage: z.string().nullable(),
  /** On the last page. */
  coverage: coverage.nullable(),
})
export type BootstrapPage = z.infer<typeof bootstrapPage>
