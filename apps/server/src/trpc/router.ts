import { router } from '../platform/procedure.ts'
import { peopleRouter, sessionRouter } from '../features/accounts/index.ts'
import { conversationsRouter } from '../features/conversations/index.ts'
import { messagesRouter } from '../features/messaging/index.ts'
import { presenceRouter } from '../features/routing/index.ts'
import { syncRouter } from '../features/sync/index.ts'

/** The server's procedures. Workstations take its type, and nothing else, from here. */
export const appRouter = router({
  session: sessionRouter,
  people: peopleRouter,
  presence: presenceRouter,
  sync: syncRouter,
  conversations: conversationsRouter,
  messages: messagesRouter,
})

export type AppRouter = typeof appRouter
