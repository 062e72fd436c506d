import { type AppError, type Intent } from '@parley/contracts'

import { type EngineFeature } from '../../feature.ts'
import { OUTBOX_STEPS } from '../../outbox/outbox-table.ts'

/** What waits to be sent, as the person sees it and decides about it. */
export const outbox = {
  name: 'outbox',
  steps: OUTBOX_STEPS,
  needs: ({ store }) =>
    store
      .all<{ id: string }>('SELECT DISTINCT conversation_id AS id FROM outbox')
      .map(({ id }) => id),
  own: {
    table: 'outbox',
    order: 'position',
    countedBy: 'outbox_conversation',
    view(row) {
      const { text = null, kind } = JSON.parse(String(row['payload'])) as Intent & { text?: string }
      return {
        kind,
        conversationId: String(row['conversation_id']),
        customerName: String(row['customer_name']) || null,
        text,
        at: String(row['created_at']),
      }
    },
    putBack(store, { position: _order, ...row }) {
      const names = Object.keys(row)
      store.run(
        `INSERT OR IGNORE INTO outbox (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
        ...Object.values(row),
      )
    },
    holdAll(store) {
      const refusal: AppError = { code: 'conflict', details: { action: 'carried_over' } }
      store.run(
        `UPDATE outbox SET state = 'refused', refusal = ? WHERE state <> 'refused'`,
        JSON.stringify(refusal),
      )
    },
  },
  handlers: (engine) => ({
    'outbox.list': () => engine.outbox.list(),
    'outbox.retry': ({ intentId }) => {
      engine.outbox.retry(intentId)
      return null
    },
    'outbox.discard': ({ intentId }) => {
      engine.outbox.discard(intentId)
      return null
    },
  }),
} satisfies EngineFeature
