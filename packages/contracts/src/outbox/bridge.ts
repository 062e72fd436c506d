import { z } from 'zod'

import { type AppError } from '../errors.ts'
import { engineMethods, takes, takesNothing } from '../method.ts'
import { id } from '../primitives.ts'
import { type IntentKind } from './intents.ts'

export interface OutboxView {
  intentId: string
  kind: IntentKind
  conversationId: string
  customerName: string
  /** A reply's words. */
  text: string | null
  createdAt: string
  state: 'waiting' | 'sending' | 'refused'
  /** An earlier one of its conversation was refused: it waits until the person has decided about that. */
  isHeld: boolean
  /** Why it was refused, for `refused`. */
  refusal: AppError | null
}

const intent = z.object({ intentId: id })

export const outboxMethods = engineMethods({
  'outbox.list': takesNothing.shows<OutboxView[]>(),
  /** Sends a refused intent again; a reply refused as outdated then goes despite the newer one. */
  'outbox.retry': takes(intent).gives<null>(),
  'outbox.discard': takes(intent).gives<null>(),
})
