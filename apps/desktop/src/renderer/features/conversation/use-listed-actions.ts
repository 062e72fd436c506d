import { noteOwnMove } from '../../app/own-moves.ts'
import { useViewState } from '../../app/view-state.ts'
import { useAsk } from '../../bridge/bridge-context.tsx'
import { useMe } from '../../bridge/views.ts'
import { useNotifyRefusal } from '../../ui/use-notify-refusal.ts'

interface Listed {
  conversationId: string
  assignedTo?: string | null
}

/** What can be done with a conversation where a list tells of it. */
export function useListedActions() {
  const ask = useAsk()
  const me = useMe()
  const notifyRefusal = useNotifyRefusal()
  const openConversation = useViewState((state) => state.openConversation)
  const openDialog = useViewState((state) => state.openDialog)
  return {
    open: ({ conversationId }: Listed) => openConversation(conversationId),
    assign: ({ conversationId }: Listed) =>
      openDialog({ kind: 'handover', mode: 'assign', conversationId }),
    takeOver: async ({ conversationId, assignedTo = null }: Listed) => {
      if (assignedTo !== me.id) {
        // What nobody has is claimed.
        const method = assignedTo === null ? 'conversation.claim' : 'conversation.takeOver'
        const result = await ask(method, { conversationId })
        if (!result.ok) return notifyRefusal(result.error)
        noteOwnMove()
      }
      openConversation(conversationId)
    },
  }
}
