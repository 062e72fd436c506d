import { mergeRouters, router } from '../platform/procedure.ts'
import { peopleRouter, sessionRouter } from '../features/accounts/index.ts'
import { alertsRouter } from '../features/alerts/index.ts'
import { conversationsRouter } from '../features/conversations/index.ts'
import { messagesRouter } from '../features/messaging/index.ts'
import { reportsRouter } from '../features/reporting/index.ts'
import {
  offersRouter,
  presenceRouter,
  routingRouter,
  skillsRouter,
} from '../features/routing/index.ts'
import { businessHoursRouter, slaRouter } from '../features/sla/index.ts'
import { syncRouter } from '../features/sync/index.ts'
import { triageRouter } from '../features/triage/index.ts'

/** The server's procedures. Workstations take its type, and nothing else, from here. */
export const appRouter = router({
  session: sessionRouter,
  people: mergeRouters(peopleRouter, skillsRouter),
  presence: presenceRouter,
  offers: offersRouter,
  routing: routingRouter,
  sla: slaRouter,
  businessHours: businessHoursRouter,
  sync: syncRouter,
  conversations: conversationsRouter,
  messages: messagesRouter,
  triage: triageRouter,
  alerts: alertsRouter,
  reports: reportsRouter,
})

export type AppRouter = typeof appRouter
