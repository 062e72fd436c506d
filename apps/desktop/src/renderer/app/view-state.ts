import type { InboxView } from '@parley/contracts'
import { create } from 'zustand'

/** What is on the screen. Never the truth: that is read over the bridge. */

export type OpenDialog =
  | { kind: 'palette'; scope: 'everything' | 'messages' }
  | { kind: 'help' }
  | { kind: 'handover'; mode: 'transfer' | 'assign'; conversationId: string }
  | { kind: 'sign_out' }
  | { kind: 'sign_in_again' }

interface ViewState {
  view: InboxView
  conversationId: string | null
  /** Conversations shown before, the last one at the end. */
  before: string[]
  dialog: OpenDialog | null
  isOutboxOpen: boolean
  /** The customer panel where it lies over the conversation, in narrow windows. */
  isPanelOverlayOpen: boolean
  closeMenuFor: string | null
  /** The list takes the focus as soon as it is there. */
  listWantsFocus: boolean
  /** How often the person has moved a conversation themselves: what they do is seen at once. */
  ownMoves: number
  showView: (view: InboxView) => void
  /** Shows a view and goes there. */
  goToView: (view: InboxView) => void
  listTookFocus: () => void
  openConversation: (conversationId: string) => void
  goBack: () => void
  openDialog: (dialog: OpenDialog) => void
  closeDialog: () => void
  setOutboxOpen: (open: boolean) => void
  setPanelOverlayOpen: (open: boolean) => void
  setCloseMenuFor: (conversationId: string | null) => void
  noteOwnMove: () => void
  reset: () => void
}

const START = {
  view: { kind: 'mine' } as const,
  conversationId: null,
  before: [],
  dialog: null,
  isOutboxOpen: false,
  isPanelOverlayOpen: false,
  closeMenuFor: null,
  listWantsFocus: false,
  ownMoves: 0,
}
const REMEMBERED = 50

export const useViewState = create<ViewState>()((set) => ({
  ...START,
  showView: (view) => set({ view }),
  goToView: (view) => set({ view, listWantsFocus: true }),
  listTookFocus: () => set({ listWantsFocus: false }),
  openConversation: (conversationId) =>
    set((state) => {
      if (state.conversationId === conversationId) return { isOutboxOpen: false }
      const before = state.conversationId
        ? [...state.before, state.conversationId].slice(-REMEMBERED)
        : state.before
      return { conversationId, before, closeMenuFor: null, isOutboxOpen: false }
    }),
  goBack: () =>
    set((state) => {
      const conversationId = state.before.at(-1)
      return conversationId === undefined
        ? {}
        : { conversationId, before: state.before.slice(0, -1), closeMenuFor: null }
    }),
  openDialog: (dialog) => set({ dialog, isOutboxOpen: false }),
  closeDialog: () => set({ dialog: null }),
  setOutboxOpen: (isOutboxOpen) => set({ isOutboxOpen }),
  setPanelOverlayOpen: (isPanelOverlayOpen) => set({ isPanelOverlayOpen }),
  setCloseMenuFor: (closeMenuFor) => set({ closeMenuFor }),
  noteOwnMove: () => set((state) => ({ ownMoves: state.ownMoves + 1 })),
  reset: () => set(START),
}))

export function isSameView(a: InboxView, b: InboxView): boolean {
  return a.kind === b.kind && (a.kind !== 'team' || (b.kind === 'team' && a.teamId === b.teamId))
}
