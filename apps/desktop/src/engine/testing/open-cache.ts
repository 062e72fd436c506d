import { type ConversationRow, type FeedItem, type PutItem } from '@parley/contracts'
import { type Actor } from '@parley/domain'

import { REGISTRY } from '../features.ts'
import { customerNameIn } from '../features/customers/index.ts'
import { Outbox } from '../outbox/outbox.ts'
import { type Applied } from '../store/applied.ts'
import { Cache } from '../store/cache.ts'
import { Store } from '../store/store.ts'

export const KEY = 'ab'.repeat(32)
const EPOCH = '11111111-1111-4111-8111-111111111111'
export const cursor = (number: number): string => `${EPOCH}:${number}:1`

/** The cache in this file, new or as it was left; by default of the person `me`. */
export function openCacheFile(file: string, myId = 'me'): Cache {
  return new Cache(Store.open(file, KEY, REGISTRY.features), myId, REGISTRY)
}

/** An empty cache in memory, of the person `me`. */
export function openCache(access: Omit<Actor, 'userId'>): {
  cache: Cache
  apply(...items: FeedItem[]): Applied
} {
  const cache = new Cache(Store.open(null, '', REGISTRY.features), 'me', REGISTRY)
  cache.setAccess(access)
  let batches = 0
  return { cache, apply: (...items) => cache.applyBatch(items, cursor(++batches)) }
}

export function openOutbox(cache: Cache): Outbox {
  return new Outbox(cache, {
    changed: () => {},
    customerName: (conversationId) => customerNameIn(cache, conversationId),
    nowMs: () => Date.now(),
  })
}

/** As it comes; a conversation with its thread, as new ones do. */
export const put = <Kind extends PutItem['kind']>(
  kind: Kind,
  row: Extract<PutItem, { kind: Kind }>['row'],
): PutItem => ({ op: 'put', kind, row, ...(kind === 'conversation' && { whole: true }) }) as PutItem

/** A conversation without its thread. */
export const listed = (row: ConversationRow): PutItem => ({ op: 'put', kind: 'conversation', row })

/** A fresh load of these, complete, with all that follows from it done. */
export function loadAfresh(cache: Cache, at: string, ...items: PutItem[]): void {
  cache.beginLoad(at)
  cache.applyLoaded(items)
  cache.finishLoad(null)
  while (cache.tidy());
}
