import type { BridgeResult, ConversationView } from '@parley/contracts'
import type { CloseReason } from '@parley/domain'
import { useState } from 'react'

import { useCommand } from '../../app/commands.ts'
import { noteOwnMove } from '../../app/own-moves.ts'
import { useViewState } from '../../app/view-state.ts'
import { useAsk } from '../../bridge/bridge-context.tsx'
import { clearNotice } from '../../ui/notice-state.ts'
import { useNotifyRefusal } from '../../ui/use-notify-refusal.ts'

import { useOfferUndo, type Undoable } from './undo.ts'

export interface ConversationActions {
  claim: () => void
  release: () => void
  takeOver: () => void
  reopen: () => void
  close: (reason: CloseReason) => void
  transfer: () => void
  assign: () => void
  /** Opens the menu of reasons, which the key and the composer open, too. */
  askCloseReason: () => void
  closeMenu: { isOpen: boolean; setOpen: (isOpen: boolean) => void }
}

/**
 * What can be done with the open conversation, offered as commands exactly where it is allowed now.
 * @param isCurrent false for the moment in which another one is being opened: no key may act on this one then
 */
export function useConversationActions(
  { row, abilities }: ConversationView,
  isCurrent: boolean,
): ConversationActions {
  const ask = useAsk()
  const openDialog = useViewState((state) => state.openDialog)
  const [isOpen, setOpen] = useState(false)
  const conversationId = row.id
  const settleMove = useSettleMove(conversationId)
  const offerUndo = useOfferUndo()
  const settle = (asked: Promise<BridgeResult<{ intentId: string }>>, undoable?: Undoable) => {
    settleMove(asked)
    if (!undoable) return
    void asked.then((result) => {
      if (result.ok) offerUndo({ kind: undoable, intentId: result.value.intentId, row })
    })
  }
  const actions: ConversationActions = {
    claim: () => settle(ask('conversation.claim', { conversationId })),
    release: () => settle(ask('conversation.release', { conversationId }), 'release'),
    takeOver: () => settle(ask('conversation.takeOver', { conversationId })),
    reopen: () => settle(ask('conversation.reopen', { conversationId })),
    close: (reason) => settle(ask('conversation.close', { conversationId, reason }), 'close'),
    transfer: () => openDialog({ kind: 'handover', mode: 'transfer', conversationId }),
    assign: () => openDialog({ kind: 'handover', mode: 'assign', conversationId }),
    askCloseReason: () => setOpen(true),
    closeMenu: { isOpen, setOpen },
  }
  const ifMay = (isAllowed: boolean, run: () => void) => (isCurrent && isAllowed ? run : null)
  useCommand('conversation.claim', ifMay(abilities.claim, actions.claim))
  useCommand('conversation.release', ifMay(abilities.release, actions.release))
  useCommand('conversation.takeOver', ifMay(abilities.takeOver, actions.takeOver))
  useCommand('conversation.reopen', ifMay(abilities.reopen, actions.reopen))
  useCommand('conversation.transfer', ifMay(abilities.transfer, actions.transfer))
  useCommand('conversation.assign', ifMay(abilities.assign, actions.assign))
  useCommand('conversation.close', ifMay(abilities.close, actions.askCloseReason))
  return actions
}

/** What becomes of something done with a conversation: seen at once, or said why not beside it. */
export function useSettleMove(
  conversationId: string,
): (asked: Promise<BridgeResult<unknown>>) => void {
  const place = `conversation:${conversationId}` as const
  const notifyRefusal = useNotifyRefusal()
  const settle = async (asked: Promise<BridgeResult<unknown>>) => {
    const result = await asked
    if (!result.ok) return notifyRefusal(result.error, place)
    clearNotice(place)
    noteOwnMove()
  }
  return (asked) => void settle(asked)
}
