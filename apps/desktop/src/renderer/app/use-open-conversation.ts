import type { ConversationView } from '@parley/contracts'

import { useRead } from '../bridge/use-read.ts'
import { useViewState } from './view-state.ts'

/** The conversation that is shown, or lies under the screen that is; null where there is none, or none yet. */
export function useOpenConversation(): ConversationView | null {
  const conversationId = useViewState((state) => state.conversationId)
  const { value } = useRead('conversation.get', conversationId === null ? null : { conversationId })
  return value ?? null
}
