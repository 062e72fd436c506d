import type { ConversationView } from '@parley/contracts'
import type { Ref } from 'react'

export interface ComposerHandle {
  /** Puts words where the draft is, before what is there already, and goes there. */
  insert: (words: string) => void
}

/** What can be done with the conversation from here. */
interface Actions {
  claim: () => void
  takeOver: () => void
  reopen: () => void
  askCloseReason: () => void
}

export interface ComposerProps {
  conversation: ConversationView
  /** Out of this person's reach, all but the words they have written for it. */
  isGone: boolean
  actions: Actions
  ref: Ref<ComposerHandle>
}
