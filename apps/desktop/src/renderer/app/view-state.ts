import type { BridgeInput, InboxView } from '@parley/contracts'
import { create } from 'zustand'

/** What is on the screen. Never the truth: that is read over the bridge. */

/** A message that is to be brought into view, in the conversation it stands in. */
export interface Reach {
  conversationId: string
  messageId: string
}

/** What the workspace shows beside the rail. `teamId` null: the first team that there is. */
export type Screen =
  | { kind: 'inbox' }
  | { kind: 'watch'; teamId: string | null }
  | { kind: 'routing'; teamId: string | null; part: RoutingPart }
  | { kind: 'triage'; part: TriagePart }
  | { kind: 'alerts'; part: AlertsPart }
  | { kind: 'wallboard' }
  | { kind: 'sla'; teamId: string | null; part: SlaPart }
export type AlertsPart = 'list' | 'preferences'
export type SlaPart = 'goals' | 'hours' | 'breaches'
export type TriagePart = 'rules' | 'trial' | 'versions' | 'order' | 'model'
export type RoutingPart = 'settings' | 'skills' | 'replay'

/** Which of a list's conversations are shown, and in which order. */
export interface ListWay {
  only: NonNullable<BridgeInput<'inbox.list'>['only']>
  order: NonNullable<BridgeInput<'inbox.list'>['order']>
}
const PLAIN_WAY: ListWay = { only: 'all', order: 'queue' }

export type OpenDialog =
  | { kind: 'palette'; scope: 'everything' | 'messages' }
  | { kind: 'help' }
  | { kind: 'handover'; mode: 'transfer' | 'assign'; conversationId: string }
  | { kind: 'end_shift' }
  | { kind: 'sign_out' }
  | { kind: 'sign_in_again' }

interface ViewState {
  screen: Screen
  view: InboxView
  conversationId: string | null
  /** Where in it to begin; null: at its end. Taken back once the thread has gone there. */
  reach: Reach | null
  marked: Reach | null
  /** Conversations shown before, the last one at the end. */
  before: string[]
  dialog: OpenDialog | null
  isOutboxOpen: boolean
  /** The customer panel where it lies over the conversation, in narrow windows. */
  isPanelOverlayOpen: boolean
  closeMenuFor: string | null
  priorityMenuFor: string | null
  /** By view; a view without one shows everything in the queue's order. */
  listWays: Readonly<Record<string, ListWay>>
  /** The list takes the focus as soon as it is there. */
  listWantsFocus: boolean
  /** How often the person has moved a conversation themselves: what they do is seen at once. */
  ownMoves: number
  showScreen: (screen: Screen) => void
  showView: (view: InboxView) => void
  /** Shows a view and goes there. */
  goToView: (view: InboxView) => void
  listTookFocus: () => void
  /** Opens it at its end, or where this message stands. */
  openConversation: (conversationId: string, messageId?: string | null) => void
  /** The thread has gone there: the message is marked for a moment. */
  reached: (reach: Reach) => void
  /** It is not in the thread (any more). */
  missed: (reach: Reach) => void
  unmark: (reach: Reach) => void
  goBack: () => void
  openDialog: (dialog: OpenDialog) => void
  closeDialog: () => void
  setOutboxOpen: (open: boolean) => void
  setPanelOverlayOpen: (open: boolean) => void
  setCloseMenuFor: (conversationId: string | null) => void
  setPriorityMenuFor: (conversationId: string | null) => void
  setListWay: (view: InboxView, way: ListWay) => void
  noteOwnMove: () => void
  reset: () => void
}

const INBOX: Screen = { kind: 'inbox' }
const START = {
  screen: INBOX,
  view: { kind: 'mine' } as const,
  conversationId: null,
  reach: null,
  marked: null,
  before: [],
  dialog: null,
  isOutboxOpen: false,
  isPanelOverlayOpen: false,
  closeMenuFor: null,
  priorityMenuFor: null,
  listWays: {},
  listWantsFocus: false,
  ownMoves: 0,
}
const REMEMBERED = 50

export const useViewState = create<ViewState>()((set) => ({
  ...START,
  showScreen: (screen) => set({ screen }),
  showView: (view) => set({ view, screen: INBOX }),
  goToView: (view) => set({ view, screen: INBOX, listWantsFocus: true }),
  listTookFocus: () => set({ listWantsFocus: false }),
  openConversation: (conversationId, messageId = null) =>
    set((state) => {
      const reach = messageId === null ? null : { conversationId, messageId }
      if (state.conversationId === conversationId)
        return { reach, screen: INBOX, isOutboxOpen: false }
      const before = state.conversationId
        ? [...state.before, state.conversationId].slice(-REMEMBERED)
        : state.before
      return {
        conversationId,
        reach,
        before,
        screen: INBOX,
        closeMenuFor: null,
        priorityMenuFor: null,
        isOutboxOpen: false,
      }
    }),
  goBack: () =>
    set((state) => {
      const conversationId = state.before.at(-1)
      return conversationId === undefined
        ? {}
        : {
            conversationId,
            reach: null,
            before: state.before.slice(0, -1),
            screen: INBOX,
            closeMenuFor: null,
            priorityMenuFor: null,
          }
    }),
  reached: (reach) => set((state) => (state.reach === reach ? { reach: null, marked: reach } : {})),
  missed: (reach) => set((state) => (state.reach === reach ? { reach: null } : {})),
  unmark: (reach) => set((state) => (state.marked === reach ? { marked: null } : {})),
  openDialog: (dialog) => set({ dialog, isOutboxOpen: false }),
  closeDialog: () => set({ dialog: null }),
  setOutboxOpen: (isOutboxOpen) => set({ isOutboxOpen }),
  setPanelOverlayOpen: (isPanelOverlayOpen) => set({ isPanelOverlayOpen }),
  setCloseMenuFor: (closeMenuFor) => set({ closeMenuFor }),
  setPriorityMenuFor: (priorityMenuFor) => set({ priorityMenuFor }),
  setListWay: (view, way) =>
    set(({ listWays }) => ({ listWays: { ...listWays, [JSON.stringify(view)]: way } })),
  noteOwnMove: () => set((state) => ({ ownMoves: state.ownMoves + 1 })),
  reset: () => set(START),
}))

/** How this view's list is shown now. */
export function useListWay(view: InboxView): ListWay {
  return useViewState(({ listWays }) => listWays[JSON.stringify(view)] ?? PLAIN_WAY)
}

/** Where this conversation is to begin, if not at its end. */
export function pendingReach(conversationId: string): Reach | null {
  const { reach } = useViewState.getState()
  return reach?.conversationId === conversationId ? reach : null
}

export function isSameView(a: InboxView, b: InboxView): boolean {
  return a.kind === b.kind && (a.kind !== 'team' || (b.kind === 'team' && a.teamId === b.teamId))
}
