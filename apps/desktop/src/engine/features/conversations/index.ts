import { type EngineFeature } from '../../feature.ts'
import { conversationViews } from './conversation-view.ts'
import { conversationIntents } from './intents.ts'
import { keptConversations, removeWhatMayNotBeSeen } from './kept-conversations.ts'
import { keptEvents } from './kept-events.ts'
import { mustBeHere } from './of-conversation.ts'
import { CONVERSATION_STEPS } from './steps.ts'
import { claimNext } from './claim-next.ts'
import { Holder } from './holder.ts'
import { comesWhole } from './threads.ts'
import { tidyConversations } from './tidy.ts'

export { mayTakeOver } from './abilities.ts'
export { becameMine, conversationOf, shownConversation } from './kept-conversations.ts'
export { eventsBetween } from './kept-events.ts'
export { OF_CONVERSATION, mustBeHere, ofThread, oldestSeq, threadOf } from './of-conversation.ts'
export { fetchThreads } from './fetch.ts'
export { noteOpened } from './note-opened.ts'
export { takeLastMessage } from './last-message.ts'

/** Conversations with their events: who has them, how they stand, and what a person may do with them. */
export const conversations = {
  name: 'conversations',
  steps: CONVERSATION_STEPS,
  kinds: [keptConversations, keptEvents],
  intents: conversationIntents,
  guards: {
    claim: mustBeHere,
    take_over: mustBeHere,
    assign: mustBeHere,
    transfer: mustBeHere,
    release: mustBeHere,
    close: mustBeHere,
    reopen: mustBeHere,
    set_priority: mustBeHere,
  },
  accessChanged: removeWhatMayNotBeSeen,
  comesWhole,
  listens: (post) => new Holder(post),
  tidy: (cache, applied) => tidyConversations(cache, applied),
  handlers: (engine) => ({
    'conversation.get': conversationViews(engine),
    'conversation.claim': ({ conversationId }) => engine.intend(conversationId, { kind: 'claim' }),
    'conversation.claimNext': ({ teamId }) => claimNext(engine, teamId),
    'conversation.assign': ({ conversationId, userId }) =>
      engine.intend(conversationId, { kind: 'assign', userId }),
    'conversation.transfer': ({ conversationId, to, note }) =>
      engine.intend(conversationId, { kind: 'transfer', to, note }),
    'conversation.release': ({ conversationId }) =>
      engine.intend(conversationId, { kind: 'release' }),
    'conversation.takeOver': ({ conversationId }) =>
      engine.intend(conversationId, { kind: 'take_over' }),
    'conversation.close': ({ conversationId, reason }) =>
      engine.intend(conversationId, { kind: 'close', reason }),
    'conversation.reopen': ({ conversationId }) =>
      engine.intend(conversationId, { kind: 'reopen' }),
    'conversation.undo': ({ conversationId, of }) => {
      if (!engine.outbox.takeBack(of)) engine.intend(conversationId, { kind: 'undo', of })
      return null
    },
    'conversation.setPriority': ({ conversationId, priority }) =>
      engine.intend(conversationId, { kind: 'set_priority', priority }),
  }),
} satisfies EngineFeature
