import { type CloseReason, type Priority } from '@parley/domain'

/** What a person wants done, as it waits to be sent. */
export type IntentPayload =
  | { kind: 'reply'; text: string; lastSeenSeq: number | null; despiteNewerReply: boolean }
  | { kind: 'retry'; messageId: string }
  | { kind: 'settle'; messageId: string; as: 'sent' | 'discarded' }
  | { kind: 'claim' }
  | { kind: 'assign'; userId: string }
  | {
      kind: 'transfer'
      to: { kind: 'team'; teamId: string } | { kind: 'person'; userId: string }
      note?: string | undefined
    }
  | { kind: 'release' }
  | { kind: 'take_over' }
  | { kind: 'close'; reason: CloseReason }
  | { kind: 'reopen' }
  | { kind: 'set_priority'; priority: Priority }
  | { kind: 'acknowledge'; alertId: string }

export interface OutboxRecord {
  position: number
  intent_id: string
  conversation_id: string
  customer_name: string
  payload: IntentPayload
  created_at: string
  state: 'waiting' | 'sending' | 'refused'
  refusal: string | null
  attempts: number
}
