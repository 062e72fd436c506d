import { type FeedHub } from './feed-hub.ts'

export { FeedHub } from './feed-hub.ts'
export { conversationById, historyOf, messagesById } from './rows.queries.ts'
export { syncRouter } from './sync.router.ts'

declare module '../../platform/features.ts' {
  interface Features {
    feed: FeedHub
  }
}
