import type { ConversationView } from '@parley/contracts'

import { type Contribution } from '../../contributions/contribution.ts'
import { commands } from './commands.ts'
import { ConversationPane } from './conversation-pane.tsx'
import { type EventsByType, type ReasonsByType } from './event-words.ts'
import { lifecycleEvents } from './lifecycle-events.ts'
import { outbox } from './outbox.ts'
import { reads } from './reads.ts'
import { conversationRefusal } from './refusals.ts'
import { UndoCommand } from './undo.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

export {
  type EventContext,
  type EventReason,
  type EventSentence,
  type EventWords,
  type EventsByType,
  actorOf,
} from './event-words.ts'
export { useSettleMove } from './use-conversation-actions.ts'
export { useOfferUndo } from './undo.ts'
export { useListedActions } from './use-listed-actions.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    conversation: {
      words: typeof es
      commands: typeof commands
      reads: typeof reads
      outbox: typeof outbox
      events: typeof lifecycleEvents
      slots: { conversationHeader: { conversation: ConversationView; isCurrent: boolean } }
    }
  }
}

declare module '../../contributions/contribution.ts' {
  interface Contribution {
    /** What happened to a conversation, in its thread. */
    events?: EventsByType
    /** Why it happened, where that can be opened. */
    eventReasons?: ReasonsByType
  }
}

export const conversation: Contribution = {
  words: { es, en },
  commands,
  reads,
  refusals: conversationRefusal,
  outbox,
  events: lifecycleEvents,
  slots: { main: [{ part: ConversationPane }], overlay: [{ part: UndoCommand }] },
}
