import type { ConversationView } from '@parley/contracts'

import { useCommand } from '../../app/commands.ts'
import { useViewState } from '../../app/view-state.ts'
import { useAsk } from '../../bridge/bridge-context.tsx'
import { useMe } from '../../bridge/views.ts'
import { focusList } from '../inbox/index.ts'

interface MarkUnreadProps {
  conversation: ConversationView
  isCurrent: boolean
}

/** The open conversation is left for later: it is put away, for what is on the screen has been read. */
export function MarkUnread({ conversation: { row }, isCurrent }: MarkUnreadProps) {
  const ask = useAsk()
  const me = useMe()
  const leaveConversation = useViewState((state) => state.leaveConversation)
  const isOwn = row.assignedTo === me.id && row.status !== 'closed'
  const markUnread = () => {
    leaveConversation()
    focusList()
    void ask('reads.markUnread', { conversationId: row.id })
  }
  useCommand('conversation.markUnread', isCurrent && isOwn ? markUnread : null)
  return null
}
