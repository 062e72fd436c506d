import { customerKind, type CustomerRow } from '@parley/contracts'
import { callCustomer } from '@parley/domain'

import { type Cache } from '../../store/cache.ts'
import { keptKind } from '../../store/kept-kind.ts'

export const CUSTOMER_STEPS: readonly string[] = [
  `
  CREATE TABLE customers (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    search TEXT NOT NULL,  -- name and numbers, lower case, without accents
    row TEXT NOT NULL
  ) WITHOUT ROWID;
  `,
]

export const keptCustomers = keptKind(customerKind, {
  table: 'customers',
  columns: ({ name, identities }) => ({
    search: searchable([name ?? '', ...identities.map(({ externalId }) => externalId)].join(' ')),
  }),
  touches: (cache, { id }) => ({
    conversationIds: cache.store
      .all<{ id: string }>('SELECT id FROM conversations WHERE customer_id = ?', id)
      .map((conversation) => conversation.id),
  }),
  // A customer goes with the last of their conversations.
  sweep: 'nothing',
})

export function forgetCustomerWithoutConversations(cache: Cache, customerId: string): void {
  cache.store.run(
    'DELETE FROM customers WHERE id = ? AND NOT EXISTS (SELECT 1 FROM conversations WHERE customer_id = customers.id)',
    customerId,
  )
}

export function customerOf(cache: Cache, id: string): CustomerRow | null {
  return cache.store.row('SELECT row FROM customers WHERE id = ?', id)
}

export const CUSTOMER_OF_CONVERSATION =
  'SELECT u.row FROM conversations c JOIN customers u ON u.id = c.customer_id WHERE c.id = ?'

/** How they are called; empty where the cache has not got the conversation. */
export function customerNameIn(cache: Cache, conversationId: string): string {
  const customer = cache.store.row<CustomerRow>(CUSTOMER_OF_CONVERSATION, conversationId)
  return customer === null ? '' : callCustomer(customer)
}

/** Lower case and without accents, so that «Héctor» is found as "hector". */
export function searchable(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}
