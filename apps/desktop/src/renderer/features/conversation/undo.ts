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

/** What can still be undone, the latest last. */
const useDone = viewStore<{ all: readonly Done[] }>(() => ({ all: [] }))

const SAID = {
  close: 'undo.closed',
  release: 'undo.released',
  transfer: 'undo.transferred',
} as const

/** Says what was done to a conversation, and for eight seconds lets it be undone. */
export function useOfferUndo(): (done: Done) => void {
  const { show } = useUndo()
  return (done) => {
    useDone.setState(({ all }) => ({ all: [...all, done] }))
    show()
    setTimeout(() => {
      const wasLatest = useDone.getState().all.at(-1) === done
      forget(done)
      if (wasLatest) show()
    }, UNDO_MS)
  }
}

function forget(done: Done): void {
  useDone.setState(({ all }) => ({ all: all.filter((one) => one !== done) }))
}

/** Its key; with the text's own undo it does not meet, because it does not act while somebody types. */
export function UndoCommand() {
  const { undo } = useUndo()
  const can = useDone(({ all }) => all.length > 0)
  useCommand('conversation.undo', can ? undo : null)
  return null
}

function useUndo(): { undo: () => void; show: () => void } {
  const t = useTranslate()
  const ask = useAsk()
  const notifyRefusal = useNotifyRefusal()
  function show(): void {
    const latest = useDone.getState().all.at(-1)
    if (latest === undefined) return clearNotice('undo')
    const words = { title: t(SAID[latest.kind], { name: latest.row.title }), detail: '' }
    notify('undo', words, { label: t('undo.do'), keysOf: 'conversation.undo', run: undo })
  }
  function undo(): void {
    const done = useDone.getState().all.at(-1)
    if (done === undefined) return
    // Once, however often it is pressed; and it gives way to what was done before it.
    forget(done)
    show()
    const asked = ask('conversation.undo', { conversationId: done.row.id, of: done.intentId })
    void asked.then((result) => (result.ok ? noteOwnMove() : notifyRefusal(result.error)))
  }
  return { undo, show }
}
