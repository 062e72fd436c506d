import type { BridgeEvents } from '@parley/contracts'

import { type Client } from './client.ts'

/** Rows changed in the cache: of which conversations, null where too many to name, and of which kinds. */
export interface Changed {
  conversationIds: readonly string[] | null
  /** `person`, `team`, …, and `outbox`. */
  topics: readonly string[]
}

/** Which changes make an answer stale. */
export interface StaleWhen {
  /** Of `any` conversation, or of the `same` that was asked for. */
  conversations?: 'any' | 'same'
  topics?: readonly string[]
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

export function onChanged(
  client: Pick<Client, 'on'>,
  listener: (changed: Changed) => void,
): () => void {
  return client.on('changed', (told) => listener(byTopics(told)))
}

/** The engine tells of kinds by flags; here they have the names of their rows. */
function byTopics({ conversationIds, ...told }: BridgeEvents['changed']): Changed {
  const topics = [
    told.directory && ['person', 'team'],
    told.cannedResponses && ['canned_response'],
    told.outbox && ['outbox'],
    told.offers && ['offer'],
    told.alerts && ['alert', 'alert_preferences'],
  ]
  return { conversationIds, topics: topics.flatMap((names) => names || []) }
}
