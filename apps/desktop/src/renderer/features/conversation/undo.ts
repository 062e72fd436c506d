import type { InboxRow } from '@parley/contracts'

import { useCommand } from '../../app/commands.ts'
import { noteOwnMove } from '../../app/own-moves.ts'
import { viewStore } from '../../app/view-store.ts'
import { useAsk } from '../../bridge/bridge-context.tsx'
import { useMe } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { clearNotice, notify } from '../../ui/notice-state.ts'
import { useNotifyRefusal } from '../../ui/use-notify-refusal.ts'
import { type StepBack, type Undoable, wayBack } from './way-back.ts'

const UNDO_MS = 8000

interface Done {
  kind: Undoable
  intentId: string
  /** As it was before. */
  row: InboxRow
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
  const t = useTranslate()
  const ask = useAsk()
  const me = useMe()
  const notifyRefusal = useNotifyRefusal()
  const step = (conversationId: string, back: StepBack) => {
    switch (back.kind) {
      case 'assign':
        return ask('conversation.assign', { conversationId, userId: back.userId })
      case 'toTeam':
        return ask('conversation.transfer', {
          conversationId,
          to: { kind: 'team', teamId: back.teamId },
        })
      case 'claim':
      case 'release':
      case 'reopen':
      case 'takeOver':
        return ask(`conversation.${back.kind}`, { conversationId })
    }
  }
  const undo = async ({ kind, intentId, row }: Done) => {
    const taken = await ask('outbox.takeBack', { intentId })
    if (!taken.ok) return notifyRefusal(taken.error)
    if (!taken.value.isTakenBack) {
      const conversationId = row.id
      const now = await ask('conversation.get', { conversationId })
      if (!now.ok) return notifyRefusal(now.error)
      const steps = wayBack(kind, row, now.value, me.id)
      if (steps === null)
        return notify('window', { title: t('undo.tooLate'), detail: t('undo.tooLateDetail') })
      for (const back of steps) {
        const result = await step(conversationId, back)
        if (!result.ok) return notifyRefusal(result.error)
      }
    }
    noteOwnMove()
  }
  return () => {
    const { done } = useLast.getState()
    // Once, however often it is pressed.
    useLast.setState({ done: null })
    clearNotice('undo')
    if (done !== null) void undo(done)
  }
}
