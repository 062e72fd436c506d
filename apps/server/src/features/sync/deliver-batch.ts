import { type ConversationRow, type FeedItem, type PutItem } from '@parley/contracts'
import { may, type Actor, type Belonging } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { type Change, intentOwners } from './feed.queries.ts'
import { PARTS_OF_WHOLE, type Kinds, carries, putFor, putWhole } from './kinds.ts'
import { isOf, type AnyServedKind, type Audience, type Seen } from './served-kind.ts'

/** For all who begin to see the same at the same time. */
const ARRIVAL_KEPT_MS = 2_000

/** Changes with the content they name, read once for all who follow. */
export interface LoadedBatch {
  changes: readonly Change[]
  /** By kind, in the order in which kinds travel. */
  loaded: LoadedKind[]
  intents: { id: string; user_id: string }[]
  /**
   * What comes along with conversations that this person did not see before. Read when first needed, all at once, and
   * once for all who begin to see the same.
   */
  arrival(actor: Actor, conversations: readonly ConversationRow[]): Promise<PutItem[]>
}

/** A row as it is, as far as its batch knows; absent: gone. Shared by all batches that are remembered. */
export interface Content {
  seen: Seen<PutItem['row']> | undefined
}

export interface LoadedKind {
  served: AnyServedKind
  /** What happened to each row, in the order of the feed. */
  changes: ReadonlyMap<string, readonly Change[]>
  present: Map<string, Content>
}

export async function loadBatch(
  db: Queryable,
  kinds: Kinds,
  changes: readonly Change[],
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
    async arrival(actor, conversations) {
      const key = conversations.map(({ id }) => id).join()
      const items = arrivals.get(key) ?? kinds.hangingOn(db, conversations, PARTS_OF_WHOLE)
      if (!arrivals.has(key)) {
        arrivals.set(key, items)
        // Whoever comes later is given what is there then.
        setTimeout(() => arrivals.delete(key), ARRIVAL_KEPT_MS).unref()
      }
      return kinds.readBy(actor, await items, conversations)
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
  const seenById = new Map(present.map((seen) => [seen.row.id, seen]))
  return {
    served,
    changes: ofKind,
    present: new Map([...ofKind.keys()].map((id) => [id, { seen: seenById.get(id) }])),
  }
}

/** What this person gets of a batch, by their permissions as they are now. */
export async function itemsFor(batch: LoadedBatch, actor: Actor): Promise<FeedItem[]> {
  const items: FeedItem[] = []
  for (const { served, changes, present } of batch.loaded) {
    const arrived: ConversationRow[] = []
    for (const [id, happened] of changes) {
      const current = present.get(id)?.seen
      if (current !== undefined && isOf(actor, current.audience)) {
        if (carries(served) && !sawThroughout(actor, served, happened)) {
          const conversation = current.row as ConversationRow
          arrived.push(conversation)
          items.push(putWhole(served, conversation))
        } else {
          items.push(putFor(actor, served, current.row, belongingOf(current.audience)))
        }
      } else if (mayHaveIt(actor, served, happened)) {
        items.push({ op: 'remove', kind: served.kind, id })
      }
    }
    if (arrived.length > 0) items.push(...(await batch.arrival(actor, arrived)))
  }
  for (const intent of batch.intents) {
    if (intent.user_id === actor.userId) items.push({ op: 'acknowledge', intentId: intent.id })
  }
  return items
}

/** Whether `itemsFor` brings this person anything, or changes what they may see; in no time, since most concerns few. */
export function concerns(batch: LoadedBatch, actor: Actor): boolean {
  if (batch.intents.some(({ user_id }) => user_id === actor.userId)) return true
  for (const { served, changes, present } of batch.loaded) {
    if (served.isReader === true && changes.has(actor.userId)) return true
    for (const [id, happened] of changes) {
      const current = present.get(id)?.seen
      if (current !== undefined && isOf(actor, current.audience)) return true
      if (mayHaveIt(actor, served, happened)) return true
    }
  }
  return false
}

/**
 * Whether this person saw it all the time, so that they have what hangs on it. It is not enough that they saw it before
 * the first change: rows are read later than their changes, so one that has left by then was removed from them by an
 * earlier batch already, and whichever change brings it back is where they see it again.
 */
function sawThroughout(
  actor: Actor,
  { removedFor }: AnyServedKind,
  happened: readonly Change[],
): boolean {
  return happened.every(
    ({ version, before }) =>
      removedFor !== undefined && version > 1 && may(actor, removedFor, before),
  )
}

function belongingOf(audience: Audience): Belonging {
  const of = 'of' in audience ? audience.of[0] : undefined
  return of ?? { teamId: null, assignedTo: null }
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
