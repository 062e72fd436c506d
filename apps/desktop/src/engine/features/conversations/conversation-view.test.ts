import { type FeedItem, type OfCustomer } from '@parley/contracts'
import { expect, test } from 'vitest'

import { type EngineCore } from '../../feature.ts'
import { listed, openCache, openOutbox, put } from '../../testing/open-cache.ts'
import { conversation, customer } from '../../testing/rows.ts'
import { conversationViews, readConversation } from './conversation-view.ts'

test('what a customer wrote before is said to be partial where older closed conversations are not here', () => {
  const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
  const row = conversation({ assignedTo: 'me', status: 'assigned' })
  apply(listed(row), put('customer', customer(row.customerId)))
  cache.setCoverage({ open: true, closedSince: '2026-11-20T08:00:00.000Z' })
  // "This is their first conversation" is shown where there are none: of that nobody knows anything here.
  expect(readConversation(cache, openOutbox(cache), row.id)?.customer).toMatchObject({
    others: [],
    isPartial: true,
  })
})

test('what a customer wrote before is asked of the server, and shown when it has said it', async () => {
  const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
  const row = conversation({ assignedTo: 'me', status: 'assigned' })
  const [earlier, merged] = [
    conversation({ customerId: row.customerId, status: 'closed' }),
    // Of another row of the same person.
    conversation({ status: 'closed', lastMessageAt: '2026-11-20T11:00:00.000Z' }),
  ]
  apply(put('conversation', row), put('customer', customer(row.customerId)))
  const asked: unknown[] = []
  let answered = { ids: [merged.id, earlier.id], items: [listed(earlier), listed(merged)] }
  const trpc = {
    lists: {
      ofCustomer: {
        query: async (question: unknown) => {
          asked.push(question)
          return answered
        },
      },
    },
  }
  const engineOf = () =>
    ({
      cache,
      outbox: openOutbox(cache),
      isOnline: true,
      changed: () => {},
      take: async (
        request: (there: unknown) => Promise<OfCustomer>,
        itemsOf: (answer: OfCustomer) => FeedItem[],
      ) => {
        const answer = await request(trpc)
        apply(...itemsOf(answer))
        return answer
      },
    }) as unknown as EngineCore
  const read = conversationViews(engineOf())
  const view = () => read({ conversationId: row.id })?.customer
  expect(view()).toMatchObject({ others: [], isPartial: true })
  await new Promise(setImmediate)
  expect(view()).toMatchObject({ isPartial: false, isOfTeams: true })
  expect(view()?.others.map(({ id }) => id)).toEqual([merged.id, earlier.id])
  expect(asked).toEqual([{ customerId: row.customerId, besides: row.id }])
  // What has gone from here since this person may not see any more.
  apply({ op: 'remove', kind: 'conversation', id: merged.id })
  expect(view()?.others.map(({ id }) => id)).toEqual([earlier.id])

  answered = { ids: [], items: [] }
  apply(
    { op: 'remove', kind: 'conversation', id: earlier.id },
    { op: 'access', role: 'supervisor', teamIds: [] },
  )
  expect(view()).toMatchObject({ isPartial: true })
  await new Promise(setImmediate)
  // All there are are in a supervisor's reach.
  expect(view()).toMatchObject({ others: [], isPartial: false, isOfTeams: false })
})
