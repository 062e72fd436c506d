import { create } from 'zustand'

import { useReadAll } from '../../bridge/use-read.ts'

/**
 * Which intent carries what was decided about a message. Offline it waits in the outbox while the message
 * still looks undecided, and deciding twice would only be refused.
 */
const useDecided = create<{ intents: ReadonlyMap<string, string> }>()(() => ({
  intents: new Map(),
}))

export function noteDecision(messageId: string, intentId: string): void {
  useDecided.setState(({ intents }) => ({ intents: new Map(intents).set(messageId, intentId) }))
}

/** Whether something that was decided about this message here is still on its way. */
export function useIsDecided(messageId: string): boolean {
  const intentId = useDecided(({ intents }) => intents.get(messageId))
  const { value: outbox } = useReadAll('outbox.list')
  return (
    outbox?.some((intent) => intent.intentId === intentId && intent.state !== 'refused') ?? false
  )
}
