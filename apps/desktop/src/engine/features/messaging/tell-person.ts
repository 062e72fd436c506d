import { type Listener, type ListeningPost } from '../../feature.ts'
import { becameMine } from '../conversations/index.ts'
import { customerNameIn } from '../customers/index.ts'
import { withUnreadWords } from '../reads/index.ts'
import { answerFailed, customerWrote, newestWords } from './kept-messages.ts'

interface ConversationNotice {
  conversationId: string
  customerName: string
  /** The customer's newest words, which are shown only where the policy allows it. */
  text: string | null
}

type NoticeOfConversation = 'assigned' | 'message' | 'answerFailed'

declare module '../../notices.ts' {
  interface Notices {
    /** The conversation is the person's own now, by somebody else's doing. */
    assigned: ConversationNotice
    /** A customer of the person's own wrote. */
    message: ConversationNotice
    /** What had been sent to a customer of the person's own did not reach them. */
    answerFailed: ConversationNotice
  }
}

/**
 * Tells what became the person's own, with what the customer says there, what customers wrote to them, and which
 * answers did not arrive.
 */
export function tellPerson({ cache, notice }: ListeningPost): Listener {
  return {
    applied({ news, isOwnDoing }) {
      const assigned = new Set(isOwnDoing ? [] : news.of(becameMine))
      // What has been read on another device meanwhile is no news.
      const unread = withUnreadWords(cache, news.of(customerWrote))
      const written = unread.filter((id) => !assigned.has(id))
      const tell = (kind: NoticeOfConversation, conversationId: string): void =>
        notice({
          kind,
          conversationId,
          customerName: customerNameIn(cache, conversationId),
          text: newestWords(cache, conversationId),
        })
      for (const id of assigned) tell('assigned', id)
      for (const id of written) tell('message', id)
      for (const id of new Set(news.of(answerFailed))) tell('answerFailed', id)
    },
  }
}
