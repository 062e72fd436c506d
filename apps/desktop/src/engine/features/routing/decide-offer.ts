import { type EngineCore } from '../../feature.ts'
import { newId } from '../../new-id.ts'
import { Refusal } from '../../session/server-client.ts'
import { decideHere } from './kept-offers.ts'

export async function acceptOffer(
  engine: EngineCore,
  offerId: string,
): Promise<{ conversationId: string }> {
  const intentId = newId()
  const { conversation } = await decide(engine, offerId, 'accepted', () =>
    engine.take(
      (trpc) => trpc.offers.accept.mutate({ intentId, offerId }),
      (answer) => [{ op: 'put', kind: 'conversation', row: answer.conversation }],
    ),
  )
  return { conversationId: conversation.id }
}

export async function refuseOffer(engine: EngineCore, offerId: string): Promise<null> {
  const intentId = newId()
  await decide(engine, offerId, 'refused', () =>
    engine.ask((trpc) => trpc.offers.refuse.mutate({ intentId, offerId })),
  )
  return null
}

/** Asks the server and nobody else: an offer is worth nothing later. */
async function decide<Answer>(
  engine: EngineCore,
  offerId: string,
  outcome: 'accepted' | 'refused',
  request: () => Promise<Answer>,
): Promise<Answer> {
  const { cache } = engine
  try {
    const answer = await request()
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
