import { type OutboxRecord } from './outbox-table.ts'
import { type IntentOrder } from './intent-definition.ts'

/** As much of an intent as its place in the order needs. */
export type Placed = Pick<OutboxRecord, 'intent_id' | 'conversation_id' | 'state'>

export interface Turns<Intent extends Placed> {
  /** Those that may be sent now. */
  ready: Intent[]
  /** Those that wait for the person's decision about an earlier one that was refused, by id. */
  held: Set<string>
}

/** Whose turn it is, among intents in the order in which they were made. Conversations do not wait for each other. */
export function inTurn<Intent extends Placed>(
  intents: readonly Intent[],
  orderOf: (intent: Intent) => IntentOrder,
): Turns<Intent> {
  const turns: Turns<Intent> = { ready: [], held: new Set() }
  const withRefused = new Set<string>()
  const withEarlier = new Set<string>()
  for (const intent of intents) {
    const { intent_id: id, conversation_id: conversation, state } = intent
    const order = orderOf(intent)
    if (state === 'refused') {
      if (order === 'in_turn') withRefused.add(conversation)
    } else if (order === 'in_turn' && withRefused.has(conversation)) {
      turns.held.add(id)
    } else {
      const isFirst = order === 'any' || !withEarlier.has(conversation)
      if (isFirst && state === 'waiting') turns.ready.push(intent)
      if (order !== 'any') withEarlier.add(conversation)
    }
  }
  return turns
}
