import { v7 as uuidv7 } from 'uuid'

import { type EngineCore } from '../../feature.ts'

/** Asks the server and nobody else: which one is next, only it knows. */
export async function claimNext(
  engine: EngineCore,
  teamId: string | null,
): Promise<{ conversationId: string | null }> {
  const intentId = uuidv7()
  const { conversation } = await engine.ask((trpc) =>
    trpc.conversations.claimNext.mutate({ intentId, teamId }),
  )
  if (conversation === null) return { conversationId: null }
  engine.answered([{ op: 'put', kind: 'conversation', row: conversation }])
  return { conversationId: conversation.id }
}
