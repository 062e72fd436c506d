import { type FeedHub } from './feed-hub.ts'
import { syncProcedures } from './sync.router.ts'

export { FeedHub } from './feed-hub.ts'
export { currentPosition, feedState, readChanges, type Change } from './feed.queries.ts'
export { type LoadedPage } from './load/loaded-page.ts'
export { after, parseCursor, toCursor, type Position } from './position.ts'
export {
  inReachOf,
  isOf,
  openInReachOf,
  seenWithConversation,
  visibleTo,
  type Visible,
  type AnyServedKind,
  type Audience,
  type CarryingKind,
  type ClosedConversation,
  type Owned,
  type Rows,
  type Seen,
  type ServedKind,
} from './served-kind.ts'

export const procedures = { sync: syncProcedures }

declare module '../../platform/features.ts' {
  interface Features {
    feed: FeedHub
  }
}
