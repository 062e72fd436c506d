import { type EngineCore } from '../../feature.ts'
import { newId } from '../../new-id.ts'

/** Asks the server and nobody else: which one is next, only it knows. */
export async function claimNext(
  engine: EngineCore,
  teamId: string | null,
): Promise<{ conversationId: string | null }> {
  const intentId = newId()
  const answer = await engine.take(
    (trpc) => trpc.conversations.claimNext.mutate({ intentId, teamId }),
    ({ conversation: row }) => (row === null ? [] : [{ op: 'put', kind: 'conversation', row }]),
  )
  return { conversationId: answer.conversation?.id ?? null }
}
