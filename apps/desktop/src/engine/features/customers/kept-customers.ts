import { customerKind, type CustomerRow } from '@parley/contracts'
import { callCustomer, canonicalPhone, foldWord, shownName } from '@parley/domain'

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
  `UPDATE customers SET search = customer_words(row);`,
]

export const CUSTOMER_FUNCTIONS = {
  customer_words: (row: string | null): string => searchOf(JSON.parse(row ?? '') as CustomerRow),
}

/** Name and identities without case and accents; numbers by all the ways in which their country writes them. */
function searchOf({ name, identities }: CustomerRow): string {
  const known = identities.flatMap(({ externalId }) => [externalId, canonicalPhone(externalId)])
  return foldWord([shownName(name ?? ''), ...new Set(known)].join(' '))
}

export const keptCustomers = keptKind(customerKind, {
  table: 'customers',
  columns: (row) => ({ search: searchOf(row) }),
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
