import { expect, test } from 'vitest'

import { listed, openCache, openOutbox, put } from '../../testing/open-cache.ts'
import { conversation, customer } from '../../testing/rows.ts'
import { readConversation } from './conversation-view.ts'

test('what a customer wrote before is said to be partial where older closed conversations are not here', () => {
  const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
  const row = conversation({ assignedTo: 'me', status: 'assigned' })
  apply(put('customer', customer(row.customerId)), listed(row))
  cache.setCoverage({ open: true, closedSince: '2026-11-20T08:00:00.000Z' })
  // "This is their first conversation" is shown where there are none: of that nobody knows anything here.
  expect(readConversation(cache, openOutbox(cache), row.id)?.customer).toMatchObject({
    others: [],
    isPartial: true,
  })
})
