import { type CustomerRow } from '@parley/contracts'
import { callCustomer } from '@parley/domain'

import { type OwnWords } from '../../feature.ts'
import { CUSTOMER_OF_CONVERSATION } from '../customers/index.ts'

/** Drafts, where they outlive the cache that they stand in. */
export const ownDrafts: OwnWords = {
  table: 'drafts',
  order: 'conversation_id',
  view(row, read) {
    const conversationId = String(row['conversation_id'])
    const customer = read(CUSTOMER_OF_CONVERSATION, conversationId)
    return {
      kind: null,
      conversationId,
      customerName: customer === null ? null : callCustomer(JSON.parse(customer) as CustomerRow),
      text: String(row['text']),
      at: String(row['updated_at']),
    }
  },
  /** Where there is another one, both stay, one under the other. */
  putBack(store, { conversation_id, text, updated_at }) {
    store.run(
      `INSERT INTO drafts (conversation_id, text, updated_at) VALUES (?, ?, ?)
       ON CONFLICT (conversation_id) DO UPDATE SET updated_at = excluded.updated_at,
         text = CASE WHEN instr(text, excluded.text) > 0 THEN text ELSE text || char(10, 10) || excluded.text END`,
      conversation_id ?? '',
      text ?? '',
      updated_at ?? '',
    )
  },
}
