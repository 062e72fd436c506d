import { customerKind, type CustomerRow } from '@parley/contracts'
import { callCustomer, customerWords } from '@parley/domain'

import { type Cache } from '../../store/cache.ts'
import { keptKind } from '../../store/kept-kind.ts'

export const CUSTOMER_STEPS: readonly string[] = [
  `
  CREATE TABLE customers (
    local_id INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    title TEXT NOT NULL,   -- how they are called
    search TEXT NOT NULL,  -- names and numbers as they are looked for
    row TEXT NOT NULL
  );
  -- Of three characters and more, wherever they stand.
  CREATE VIRTUAL TABLE customer_search USING fts5(
    search, content='', contentless_delete=1, tokenize="trigram case_sensitive 1"
  );
  CREATE TRIGGER customer_came AFTER INSERT ON customers BEGIN
    INSERT INTO customer_search(rowid, search) VALUES (new.local_id, new.search);
    INSERT INTO touched SELECT id FROM conversations WHERE customer_id = new.id ON CONFLICT DO NOTHING;
  END;
  CREATE TRIGGER customer_went AFTER DELETE ON customers BEGIN
    DELETE FROM customer_search WHERE rowid = old.local_id;
  END;
  CREATE TRIGGER customer_called AFTER UPDATE OF title ON customers WHEN old.title <> new.title BEGIN
    INSERT INTO touched SELECT id FROM conversations WHERE customer_id = new.id ON CONFLICT DO NOTHING;
  END;
  CREATE TRIGGER customer_known AFTER UPDATE OF search ON customers WHEN old.search <> new.search BEGIN
    DELETE FROM customer_search WHERE rowid = old.local_id;
    INSERT INTO customer_search(rowid, search) VALUES (new.local_id, new.search);
  END;
  `,
]

const searchOf = ({ name, identities }: CustomerRow): string =>
  customerWords(
    name,
    identities.map(({ externalId }) => externalId),
  )

export const keptCustomers = keptKind(customerKind, {
  table: 'customers',
  columns: (row) => ({ title: callCustomer(row), search: searchOf(row) }),
  touches: (cache, { id }) => ({
    conversationIds: cache.store
      .all<{ id: string }>('SELECT id FROM conversation_rows WHERE customer_id = ?', id)
      .map((conversation) => conversation.id),
  }),
  // A batch that is delivered late may bring one whose last conversation has left.
  mayKeep: ({ store }, { id }) =>
    store.value('SELECT 1 FROM conversation_rows WHERE customer_id = ? LIMIT 1', id) !== null,
  // A customer goes with the last of their conversations.
  sweep: 'nothing',
})

export function forgetCustomerWithoutConversations(cache: Cache, customerId: string): void {
  cache.store.run(
    'DELETE FROM customers WHERE id = ? AND NOT EXISTS (SELECT 1 FROM conversation_rows WHERE customer_id = customers.id)',
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
  return cache.store.value('SELECT title FROM conversations WHERE id = ?', conversationId) ?? ''
}
