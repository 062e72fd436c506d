import { type FeedItem, type PutItem } from '@parley/contracts'
import { type Actor } from '@parley/domain'

import { Cache, type Applied } from '../store/cache.ts'
import { Store } from '../store/store.ts'

const EPOCH = '11111111-1111-4111-8111-111111111111'

/** An empty cache in memory, of the person `me`. */
export function openCache(access: Omit<Actor, 'userId'>): {
  cache: Cache
  apply(...items: FeedItem[]): Applied
} {
  const cache = new Cache(Store.open(null, ''), 'me')
  cache.setAccess(access)
  let batches = 0
  return { cache, apply: (...items) => cache.applyBatch(items, `${EPOCH}:${++batches}:1`) }
}

export const put = <Kind extends PutItem['kind']>(
  kind: Kind,
  row: Extract<PutItem, { kind: Kind }>['row'],
): PutItem => ({ op: 'put', kind, row }) as PutItem
