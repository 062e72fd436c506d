import { type ConversationRow, type FeedItem, type PutItem } from '@parley/contracts'
import { type Actor } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { PARTS_OF_WHOLE, type Kinds, put, putWhole } from './kinds.ts'
import { isOf } from './served-kind.ts'

/**
 * These conversations as they are now, with what lists show of them, or whole. One that is gone, or that this person may
 * not see, is said to be removed: nobody learns which of the two it is.
 */
export async function conversationItems(
  db: Queryable,
  kinds: Kinds,
  actor: Actor,
  ids: readonly string[],
  { threads }: { threads: boolean },
): Promise<FeedItem[]> {
  const wanted = [...new Set(ids)]
  const { carrying } = kinds
  const found = await carrying.load(db, wanted)
  const rows = found.flatMap(({ row, audience }) => (isOf(actor, audience) ? [row] : []))
  const seen = new Set(rows.map(({ id }) => id))
  return [
    ...rows.map((row) => (threads ? putWhole(carrying, row) : put(carrying.kind, row))),
    ...(await partsFor(db, kinds, actor, rows, threads ? PARTS_OF_WHOLE : 0)),
    ...wanted.flatMap((id): FeedItem[] =>
      seen.has(id) ? [] : [{ op: 'remove', kind: carrying.kind, id }],
    ),
  ]
}

async function partsFor(
  db: Queryable,
  kinds: Kinds,
  actor: Actor,
  rows: readonly ConversationRow[],
  mostOfEach: number,
): Promise<PutItem[]> {
  return kinds.readBy(actor, await kinds.hangingOn(db, rows, mostOfEach), rows)
}
