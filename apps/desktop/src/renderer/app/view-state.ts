import { type OpenDialog, type Screen, type Sheet } from '../contributions/contributed.ts'
import { viewStore } from './view-store.ts'

/** A message that is to be brought into view, in the conversation it stands in. */
export interface Reach {
  conversationId: string
  messageId: string
}

interface ViewState {
  screen: Screen
  conversationId: string | null
  /** Where in it to begin; null: at its end. Taken back once the thread has gone there, or could not. */
  reach: Reach | null
  /** Conversations shown before, the last one at the end. */
  before: string[]
  dialog: OpenDialog | null
  /** Gone as soon as something else is opened. */
  sheet: Sheet | null
  showScreen: (screen: Screen) => void
  /** Opens it at its end, or where this message stands. */
  openConversation: (conversationId: string, messageId?: string | null) => void
  /** Nothing is open then; it can be gone back to. */
  leaveConversation: () => void
  goBack: () => void
  leaveReach: (reach: Reach) => void
  openDialog: (dialog: OpenDialog) => void
  closeDialog: () => void
  setSheet: (sheet: Sheet | null) => void
}

/** The conversations; every other screen stands in their place. */
export const MAIN: Screen = { kind: 'main' }
const REMEMBERED = 50

export const useViewState = viewStore<ViewState>((set) => ({
  screen: MAIN,
  conversationId: null,
  reach: null,
  before: [],
  dialog: null,
  sheet: null,
  showScreen: (screen) => set({ screen }),
  openConversation: (conversationId, messageId = null) =>
    set((state) => {
      const reach = messageId === null ? null : { conversationId, messageId }
      const shown = { reach, screen: MAIN, sheet: null }
      if (state.conversationId === conversationId) return shown
      const before = state.conversationId
        ? [...state.before, state.conversationId].slice(-REMEMBERED)
        : state.before
      return { ...shown, conversationId, before }
    }),
  leaveConversation: () =>
    set(({ conversationId, before }) =>
      conversationId === null
        ? {}
        : {
            conversationId: null,
            reach: null,
            before: [...before, conversationId].slice(-REMEMBERED),
          },
    ),
  goBack: () =>
    set(({ before }) => {
      const conversationId = before.at(-1)
      return conversationId === undefined
        ? {}
        : { conversationId, reach: null, before: before.slice(0, -1), screen: MAIN }
    }),
  leaveReach: (reach) => set((state) => (state.reach === reach ? { reach: null } : {})),
  openDialog: (dialog) => set({ dialog, sheet: null }),
  closeDialog: () => set({ dialog: null }),
  setSheet: (sheet) => set({ sheet }),
}))

/** Where this conversation is to begin, if not at its end. */
export function pendingReach(conversationId: string): Reach | null {
  const { reach } = useViewState.getState()
  return reach?.conversationId === conversationId ? reach : null
}
