import { type FeedItem } from '@parley/contracts'
import { beforeEach, describe, expect, test } from 'vitest'

import { type Applied } from '../../store/applied.ts'
import { type Cache } from '../../store/cache.ts'
import { cursor, loadAfresh, openCache, put } from '../../testing/open-cache.ts'
import { conversation, customer, message, offer, someId } from '../../testing/rows.ts'
import { areOffered, decideHere, offerOver, offered } from './kept-offers.ts'
import { listOffers } from './list-offers.ts'

let cache: Cache
let apply: (...items: FeedItem[]) => Applied

beforeEach(() => {
  ;({ cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] }))
})

const said = ({ topics, news }: Applied) => ({
  offers: topics.has('offer'),
  offered: news.of(offered),
  offersOver: news.of(offerOver),
})

describe('offers', () => {
  const NOW = Date.parse('2026-11-20T10:00:10.000Z')
  const shown = () => listOffers(cache, NOW).map(({ id }) => id)

  test('show who asks what and why, the one that ends first first', () => {
    const row = conversation({ priority: 'urgent' })
    apply(
      put('conversation', row),
      put('customer', customer(row.customerId)),
      put('message', message(row.id, { text: 'no me llegó' })),
      put('message', message(row.id, { text: 'voy', direction: 'outbound' })),
    )
    const later = offer(row.id, { expiresAt: '2026-11-20T10:00:40.000Z' })
    const sooner = offer(row.id)
    expect(said(apply(put('offer', later), put('offer', sooner)))).toMatchObject({
      offers: true,
      offered: [later, sooner],
    })
    expect(listOffers(cache, NOW)).toMatchObject([
      {
        id: sooner.id,
        title: 'Héctor Quintanilla',
        priority: 'urgent',
        preview: { contentType: 'text', text: 'no me llegó' },
        explanation: { chosenBecause: 'least_loaded' },
      },
      { id: later.id },
    ])
  })

  test('are others with what their customers write, as long as they are open', () => {
    const [row, other] = [conversation(), conversation()]
    const made = offer(row.id)
    apply(put('conversation', row), put('conversation', other), put('offer', made))
    expect(areOffered(cache, new Set([other.id, row.id]))).toBe(true)
    expect(areOffered(cache, new Set([other.id]))).toBe(false)
    decideHere(cache, made.id, 'refused')
    expect(areOffered(cache, new Set([row.id]))).toBe(false)
  })

  test('go when they are decided, and nothing late brings them back', () => {
    const row = conversation()
    const open = offer(row.id)
    const decided = { ...open, version: 2, outcome: 'withdrawn' as const }
    apply(put('conversation', row), put('offer', open))
    expect(shown()).toEqual([open.id])
    expect(said(apply(put('offer', decided)))).toMatchObject({
      offers: true,
      offersOver: [open.id],
    })
    expect(shown()).toEqual([])
    expect(said(apply(put('offer', open)))).toMatchObject({ offers: false, offered: [] })
    expect(shown()).toEqual([])
  })

  test('decided here stay so until the feed says otherwise', () => {
    const row = conversation()
    const open = offer(row.id)
    apply(put('conversation', row), put('offer', open))
    expect(said(decideHere(cache, open.id, 'refused'))).toMatchObject({ offersOver: [open.id] })
    apply(put('offer', open))
    expect(shown()).toEqual([])
    expect(said(decideHere(cache, open.id, 'accepted'))).toMatchObject({ offers: false })
  })

  test('are none after their time, without their conversation, or for somebody else', () => {
    const row = conversation()
    apply(
      put('conversation', row),
      put('offer', offer(row.id, { expiresAt: '2026-11-20T10:00:10.000Z' })),
      put('offer', offer(row.id, { userId: 'somebody' })),
      put('offer', offer(someId())),
    )
    expect(shown()).toEqual([])
  })

  test('that a fresh load does not bring are gone', () => {
    const row = conversation()
    const [gone, still] = [offer(row.id), offer(row.id)]
    apply(put('conversation', row), put('offer', gone), put('offer', still))
    loadAfresh(cache, cursor(2), put('conversation', row), put('offer', still))
    expect(shown()).toEqual([still.id])
  })
})
