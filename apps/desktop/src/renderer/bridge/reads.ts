import type { BridgeEvents, BridgeInput, EngineOutputs } from '@parley/contracts'

type Changed = BridgeEvents['changed']
const touches = (changed: Changed, conversationId: string) =>
  changed.conversationIds === null || changed.conversationIds.includes(conversationId)
const anyConversation = (changed: Changed) =>
  changed.conversationIds === null || changed.conversationIds.length > 0

/**
 * What is read and kept on the screen, and which changes make it stale. Names (`directory`) are part of
 * previews and threads, and presence of what one may do, so those read again with it.
 */
export const READ_AGAIN_WHEN = {
  'directory.get': (changed) => changed.directory || anyConversation(changed),
  'cannedResponses.list': (changed) => changed.cannedResponses,
  'inbox.list': (changed) => anyConversation(changed) || changed.outbox || changed.directory,
  'inbox.counts': (changed) => anyConversation(changed) || changed.outbox,
  'conversation.get': (changed, input) =>
    touches(changed, input.conversationId) || changed.outbox || changed.directory,
  'outbox.list': (changed) => changed.outbox,
  // With the customer's name and newest words.
  'offers.list': (changed) => changed.offers || anyConversation(changed),
  // With the conversation's words, its owner's load, and what was acknowledged and not sent yet.
  'alerts.list': (changed) =>
    changed.alerts || changed.outbox || changed.directory || anyConversation(changed),
  'alerts.preferences': (changed) => changed.alerts,
  'wallboard.get': (changed) => changed.directory || anyConversation(changed),
  'search.query': () => false,
} as const satisfies {
  [Method in keyof EngineOutputs]?: (changed: Changed, input: BridgeInput<Method>) => boolean
}
export type ReadMethod = keyof typeof READ_AGAIN_WHEN
