import { type EngineFeature, type ListeningPost, type Listener } from '../../feature.ts'
import { type Cache } from '../../store/cache.ts'
import { READ_STEPS, keptReadMarks, markOf, markedElsewhere } from './kept-read-marks.ts'
import { markRead, markUnread, tellMarked } from './mark.ts'
import { MarkSender } from './send-marks.ts'
import { hasUnread } from './unread.ts'

export { markRead, tellMarked } from './mark.ts'
export { countUnread, withUnreadWords } from './unread.ts'

declare module '../../notices.ts' {
  interface Notices {
    /** Nothing is unread in it any more: the person has read it on another device. */
    readElsewhere: { conversationId: string }
  }
}

/** The newest `seq` that this person has read; 0: none. */
export function readSeq(cache: Cache, conversationId: string): number {
  return markOf(cache, conversationId).seq
}

/** How far a person has read: theirs and not the device's, kept here and told to the server. */
export const reads = {
  name: 'reads',
  steps: READ_STEPS,
  kinds: [keptReadMarks],
  rowMarks: {
    unread: ({ myId }, conversations) =>
      conversations.map(({ status, assigned_to, unread }) =>
        assigned_to === myId && status !== 'closed' ? unread : 0,
      ),
  },
  listens: (post) => [new MarkSender(post), tellReadElsewhere(post)],
  handlers: (engine) => ({
    'reads.markRead': ({ conversationId }) => {
      if (markRead(engine.cache, conversationId)) tellMarked(engine, conversationId)
      return null
    },
    'reads.markUnread': ({ conversationId }) => {
      if (markUnread(engine.cache, conversationId)) tellMarked(engine, conversationId)
      return null
    },
  }),
} satisfies EngineFeature

/** What was said of it on this device is over. */
function tellReadElsewhere({ cache, notice }: ListeningPost): Listener {
  return {
    applied({ news, isOwnDoing }) {
      for (const conversationId of isOwnDoing ? [] : news.of(markedElsewhere)) {
        if (!hasUnread(cache, conversationId)) notice({ kind: 'readElsewhere', conversationId })
      }
    },
  }
}
