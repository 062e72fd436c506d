import { v7 as uuidv7 } from 'uuid'

import { type EngineCore } from '../../feature.ts'
import { Refusal, type ServerClient } from '../../session/server-client.ts'
import { decideHere } from './kept-offers.ts'

export async function acceptOffer(
  engine: EngineCore,
  offerId: string,
): Promise<{ conversationId: string }> {
  const { conversation } = await decide(engine, offerId, 'accepted', (trpc, intentId) =>
    trpc.offers.accept.mutate({ intentId, offerId }),
  )
  engine.answered([{ op: 'put', kind: 'conversation', row: conversation }])
  return { conversationId: conversation.id }
}

export async function refuseOffer(engine: EngineCore, offerId: string): Promise<null> {
  await decide(engine, offerId, 'refused', (trpc, intentId) =>
    trpc.offers.refuse.mutate({ intentId, offerId }),
  )
  return null
}

/** Asks the server and nobody else: an offer is worth nothing later. */
async function decide<Answer>(
  engine: EngineCore,
  offerId: string,
  outcome: 'accepted' | 'refused',
  request: (trpc: ServerClient['trpc'], intentId: string) => Promise<Answer>,
): Promise<Answer> {
  const { cache } = engine
  try {
    const answer = await engine.ask((trpc) => request(trpc, uuidv7()))
    engine.changed(decideHere(cache, offerId, outcome))
    return answer
  } catch (error) {
    const code = error instanceof Refusal ? error.error.code : null
    if (code === 'conflict' || code === 'not_found') {
      engine.changed(decideHere(cache, offerId, 'withdrawn'))
    }
    throw error
  }
}
