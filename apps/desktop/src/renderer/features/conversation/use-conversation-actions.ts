import type { ConversationView } from '@parley/contracts'
import type { CloseReason, Priority } from '@parley/domain'

import { useCommand } from '../../app/commands.ts'
import { useViewState } from '../../app/view-state.ts'
import { useAsk } from '../../bridge/bridge-context.tsx'
import { errorWords } from '../../bridge/error-words.ts'
import { useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { clearNotice, notify } from '../../ui/notice-state.ts'

export interface ConversationActions {
  claim: () => void
  release: () => void
  takeOver: () => void
  reopen: () => void
  close: (reason: CloseReason) => void
  transfer: () => void
  assign: () => void
  askCloseReason: () => void
  setPriority: (priority: Priority) => void
}

type PlainMethod =
  | 'conversation.claim'
  | 'conversation.release'
  | 'conversation.takeOver'
  | 'conversation.reopen'

/**
 * What can be done with the open conversation, offered as commands exactly where it is allowed now.
 * @param isCurrent false for the moment in which another one is being opened: no key may act on this one then
 */
export function useConversationActions(
  { row, abilities }: ConversationView,
  isCurrent: boolean,
): ConversationActions {
  const t = useTranslate()
  const ask = useAsk()
  const { people } = useDirectory()
  const openDialog = useViewState((state) => state.openDialog)
  const setCloseMenuFor = useViewState((state) => state.setCloseMenuFor)
  const setPriorityMenuFor = useViewState((state) => state.setPriorityMenuFor)
  const noteOwnMove = useViewState((state) => state.noteOwnMove)
  const conversationId = row.id
  const place = `conversation:${conversationId}` as const

  const succeeded = () => {
    clearNotice(place)
    noteOwnMove()
  }
  const act = async (method: PlainMethod) => {
    const result = await ask(method, { conversationId })
    if (result.ok) succeeded()
    else notify(place, errorWords(result.error, t, people))
  }
  const actions: ConversationActions = {
    claim: () => void act('conversation.claim'),
    release: () => void act('conversation.release'),
    takeOver: () => void act('conversation.takeOver'),
    reopen: () => void act('conversation.reopen'),
    close: async (reason) => {
      const result = await ask('conversation.close', { conversationId, reason })
      if (result.ok) succeeded()
      else notify(place, errorWords(result.error, t, people))
    },
    transfer: () => openDialog({ kind: 'handover', mode: 'transfer', conversationId }),
    assign: () => openDialog({ kind: 'handover', mode: 'assign', conversationId }),
    askCloseReason: () => setCloseMenuFor(conversationId),
    setPriority: async (priority) => {
      const result = await ask('conversation.setPriority', { conversationId, priority })
      if (result.ok) succeeded()
      else notify(place, errorWords(result.error, t, people))
    },
  }
  useCommand('conversation.claim', isCurrent && abilities.claim ? actions.claim : null)
  useCommand('conversation.release', isCurrent && abilities.release ? actions.release : null)
  useCommand('conversation.takeOver', isCurrent && abilities.takeOver ? actions.takeOver : null)
  useCommand('conversation.reopen', isCurrent && abilities.reopen ? actions.reopen : null)
  useCommand('conversation.transfer', isCurrent && abilities.transfer ? actions.transfer : null)
  useCommand('conversation.assign', isCurrent && abilities.assign ? actions.assign : null)
  useCommand('conversation.close', isCurrent && abilities.close ? actions.askCloseReason : null)
  useCommand(
    'conversation.priority',
    isCurrent && abilities.setPriority ? () => setPriorityMenuFor(conversationId) : null,
  )
  return actions
}
