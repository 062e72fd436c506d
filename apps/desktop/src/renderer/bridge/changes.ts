import type { BridgeEvents, Topic } from '@parley/contracts'

export type Changed = BridgeEvents['changed']

/** Which changes make an answer stale. */
export interface StaleWhen {
  /** Of `any` conversation, or of the `same` that was asked for. */
  conversations?: 'any' | 'same'
  topics?: readonly Topic[]
}

export function isStale(
  { conversations, topics }: StaleWhen,
  changed: Changed,
  conversationId?: string,
): boolean {
  if (topics?.some((topic) => changed.topics.includes(topic))) return true
  if (conversations === undefined) return false
  const ids = changed.conversationIds
  if (ids === null) return true
  return conversations === 'any'
    ? ids.length > 0
    : conversationId !== undefined && ids.includes(conversationId)
}
