import type { InboxRow } from '@parley/contracts'

import { useCommand } from '../../app/commands.ts'
import { noteOwnMove } from '../../app/own-moves.ts'
import { viewStore } from '../../app/view-store.ts'
import { useAsk } from '../../bridge/bridge-context.tsx'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { clearNotice, notify } from '../../ui/notice-state.ts'
import { useNotifyRefusal } from '../../ui/use-notify-refusal.ts'

const UNDO_MS = 8000

export type Undoable = keyof typeof SAID

interface Done {
  kind: Undoable
  intentId: string
  row: Pick<InboxRow, 'id' | 'title'>
}

/** The last thing that can still be undone. */
const useLast = viewStore<{ done: Done | null }>(() => ({ done: null }))

const SAID = {
  close: 'undo.closed',
  release: 'undo.released',
  transfer: 'undo.transferred',
} as const

/** Says what was done to a conversation, and for eight seconds lets it be undone. */
export function useOfferUndo(): (done: Done) => void {
  const t = useTranslate()
  const undo = useUndo()
  return (done) => {
    useLast.setState({ done })
    const words = { title: t(SAID[done.kind], { name: done.row.title }), detail: '' }
    const forget = () => {
      if (useLast.getState().done !== done) return
      useLast.setState({ done: null })
      clearNotice('undo')
    }
    notify('undo', words, { label: t('undo.do'), keysOf: 'conversation.undo', run: undo })
    setTimeout(forget, UNDO_MS)
  }
}

/** Its key; with the text's own undo it does not meet, because it does not act while somebody types. */
export function UndoCommand() {
  const undo = useUndo()
  const can = useLast(({ done }) => done !== null)
  useCommand('conversation.undo', can ? undo : null)
  return null
}

function useUndo(): () => void {
  const ask = useAsk()
  const notifyRefusal = useNotifyRefusal()
  return () => {
    const { done } = useLast.getState()
    if (done === null) return
    // Once, however often it is pressed.
    useLast.setState({ done: null })
    clearNotice('undo')
    const asked = ask('conversation.undo', { conversationId: done.row.id, of: done.intentId })
    void asked.then((result) => (result.ok ? noteOwnMove() : notifyRefusal(result.error)))
  }
}
