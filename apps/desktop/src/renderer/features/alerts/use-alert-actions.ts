import type { AlertView } from '@parley/contracts'

import { noteOwnMove } from '../../app/own-moves.ts'
import { useViewState } from '../../app/view-state.ts'
import { useAsk } from '../../bridge/bridge-context.tsx'
import { errorWords } from '../../bridge/error-words.ts'
import { useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { notify } from '../../ui/notice-state.ts'

export interface AlertActions {
  takeOver: (alert: AlertView) => Promise<void>
  open: (alert: AlertView) => void
  /** An intent: it waits in the outbox where there is no line. */
  acknowledge: (alert: AlertView) => Promise<void>
}

/** What can be done with an alert in the workstation's window. */
export function useAlertActions(): AlertActions {
  const t = useTranslate()
  const ask = useAsk()
  const { people } = useDirectory()
  const openConversation = useViewState((state) => state.openConversation)
  return {
    open: ({ conversationId }) => openConversation(conversationId),
    takeOver: async ({ conversationId, assignedTo }) => {
      // What nobody has is claimed.
      const method = assignedTo === null ? 'conversation.claim' : 'conversation.takeOver'
      const result = await ask(method, { conversationId })
      if (!result.ok) return notify('window', errorWords(result.error, t, people))
      noteOwnMove()
      openConversation(conversationId)
    },
    acknowledge: async ({ id }) => {
      const result = await ask('alerts.acknowledge', { alertId: id })
      if (!result.ok) notify('window', errorWords(result.error, t, people))
    },
  }
}
