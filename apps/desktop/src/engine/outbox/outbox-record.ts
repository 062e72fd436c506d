import { type Intent } from '@parley/contracts'

/** What a person wants done, as it waits to be sent. */
export interface OutboxRecord {
  position: number
  intent_id: string
  conversation_id: string
  customer_name: string
  payload: Intent
  created_at: string
  state: 'waiting' | 'sending' | 'refused'
  refusal: string | null
  attempts: number
}
