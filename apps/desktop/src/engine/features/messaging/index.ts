import { type EngineFeature } from '../../feature.ts'
import { newApplied } from '../../store/applied.ts'
import { mustBeHere } from '../conversations/index.ts'
import { openThread } from './history.ts'
import { MESSAGING_FUNCTIONS, indexFew, indexSome } from './index-words.ts'
import { messagingIntents } from './intents.ts'
import { keptMessages } from './kept-messages.ts'
import { ownDrafts } from './own-drafts.ts'
import { reply, saveDraft } from './reply.ts'
import { MESSAGING_STEPS } from './steps.ts'
import { tellPerson } from './tell-person.ts'

export { newestOfCustomer, newestWords } from './kept-messages.ts'
export { saveDraft } from './reply.ts'

/** What is written in conversations: messages and drafts. */
export const messaging = {
  name: 'messaging',
  steps: MESSAGING_STEPS,
  functions: MESSAGING_FUNCTIONS,
  own: ownDrafts,
  kinds: [keptMessages],
  intents: messagingIntents,
  guards: { reply: mustBeHere, retry: mustBeHere, settle: mustBeHere },
  listens: tellPerson,
  settle: indexFew,
  tidy: indexSome,
  needs: ({ store }) =>
    store
      .all<{ id: string }>('SELECT conversation_id AS id FROM drafts LIMIT 1000')
      .map(({ id }) => id),
  handlers: (engine) => ({
    'conversation.thread': (input) => openThread(engine, input),
    'conversation.saveDraft': ({ conversationId, text }) => {
      saveDraft(engine.cache, conversationId, text)
      engine.changed(newApplied({ conversationId }))
      return null
    },
    'conversation.reply': ({ conversationId, text }) => reply(engine, conversationId, text),
    'conversation.retryMessage': ({ conversationId, messageId }) =>
      engine.intend(conversationId, { kind: 'retry', messageId }),
    'conversation.settleMessage': ({ conversationId, messageId, as }) =>
      engine.intend(conversationId, { kind: 'settle', messageId, as }),
  }),
} satisfies EngineFeature
