import { type ConversationRow, type FeedItem, type PutItem } from '@parley/contracts'
import { may, type Actor } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { type Change, intentOwners } from './feed.queries.ts'
import { type Kinds, carries, put } from './kinds.ts'
import { isOf, type Seen, type AnyServedKind } from './served-kind.ts'

/** How much of a conversation comes along when somebody begins to see it. */
const PARTS_ON_ARRIVAL = 200

/** Changes with the content they name, read once for all who follow. */
export interface LoadedBatch {
  changes: Change[]
  /** By kind, in the order in which kinds travel. */
  loaded: LoadedKind[]
  intents: { id: string; user_id: string }[]
  /** What comes along with a conversation that somebody did not see before; read when first needed. */
  arrival(conversation: ConversationRow): Promise<PutItem[]>
}

interface LoadedKind {
  served: AnyServedKind
  /** What happened to each row, in the order of the feed. */
  changes: ReadonlyMap<string, readonly Change[]>
  present: ReadonlyMap<string, Seen<PutItem['row']>>
}

export async function loadBatch(
  db: Queryable,
  kinds: Kinds,
  changes: Change[],
): Promise<LoadedBatch> {
  const intentIds = [...new Set(changes.flatMap(({ intentId }) => intentId ?? []))]
  const [loaded, intents] = await Promise.all([
    Promise.all(kinds.all.map((served) => loadKind(db, served, changes))),
    intentIds.length === 0 ? [] : intentOwners(db, intentIds),
  ])
  const arrivals = new Map<string, Promise<PutItem[]>>()
  return {
    changes,
    loaded: loaded.filter((kind) => kind.changes.size > 0),
    intents,
    arrival(conversation) {
      let items = arrivals.get(conversation.id)
      if (items === undefined) {
        items = kinds.hangingOn(db, [conversation], PARTS_ON_ARRIVAL)
        arrivals.set(conversation.id, items)
      }
      return items
    },
  }
}

async function loadKind(
  db: Queryable,
  served: AnyServedKind,
  changes: readonly Change[],
): Promise<LoadedKind> {
  const ofKind = Map.groupBy(
    changes.filter(({ entity }) => entity === served.kind),
    ({ entityId }) => entityId,
  )
  const present = ofKind.size === 0 ? [] : await served.load(db, [...ofKind.keys()])
  return {
    served,
    changes: ofKind,
    present: new Map(present.map((seen) => [seen.row.id, seen])),
  }
}

/** What this person gets of a batch, by their permissions as they are now. */
export async function itemsFor(batch: LoadedBatch, actor: Actor): Promise<FeedItem[]> {
  const items: FeedItem[] = []
  for (const { served, changes, present } of batch.loaded) {
    for (const [id, happened] of changes) {
      const current = present.get(id)
      if (current !== undefined && isOf(actor, current.audience)) {
        items.push(put(served.kind, current.row))
        if (carries(served) && !sawBefore(actor, served, happened)) {
          items.push(...(await batch.arrival(current.row as ConversationRow)))
        }
      } else if (mayHaveIt(actor, served, happened)) {
        items.push({ op: 'remove', kind: served.kind, id })
      }
    }
  }
  for (const intent of batch.intents) {
    if (intent.user_id === actor.userId) items.push({ op: 'acknowledge', intentId: intent.id })
  }
  return items
}

function sawBefore(
  actor: Actor,
  { removedFor }: AnyServedKind,
  [first]: readonly Change[],
): boolean {
  if (first === undefined || removedFor === undefined || first.version === 1) return false
  return may(actor, removedFor, first.before)
}

/** Whether what this person must not see (any more) may be in their cache. */
function mayHaveIt(
  actor: Actor,
  { removedFor }: AnyServedKind,
  happened: readonly Change[],
): boolean {
  if (removedFor === undefined) return false
  return happened.some(
    ({ everyone, before, after }) =>
      everyone || may(actor, removedFor, before) || may(actor, removedFor, after),
  )
}
