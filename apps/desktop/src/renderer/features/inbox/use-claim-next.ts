import { noteOwnMove } from '../../app/own-moves.ts'
import { useViewState } from '../../app/view-state.ts'
import { useAsk } from '../../bridge/bridge-context.tsx'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { clearNotice, notify } from '../../ui/notice-state.ts'
import { useNotifyRefusal } from '../../ui/use-notify-refusal.ts'

/** Takes the next one of a queue, or of all one's queues, and opens it. Asks the server: it cannot wait in the outbox. */
export function useClaimNext(): (teamId: string | null) => Promise<void> {
  const t = useTranslate()
  const ask = useAsk()
  const notifyRefusal = useNotifyRefusal()
  const openConversation = useViewState((state) => state.openConversation)
  return async (teamId) => {
    const result = await ask('conversation.claimNext', { teamId })
    if (!result.ok) return notifyRefusal(result.error, 'list')
    if (result.value.conversationId === null) {
      return notify('list', { title: t('queue.empty'), detail: t('queue.emptyDetail') })
    }
    clearNotice('list')
    noteOwnMove()
    openConversation(result.value.conversationId)
  }
}
