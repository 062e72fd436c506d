export { startDispatcher } from './dispatcher.ts'
export { offersRouter } from './offers.router.ts'
export { startPresence } from './presence.ts'
export { presenceRouter } from './presence.router.ts'
export { routingRouter } from './routing.router.ts'
export { skillsRouter } from './skills.router.ts'

import { type Presence } from './presence.ts'

declare module '../../platform/features.ts' {
  interface Features {
    presence: Presence
  }
}
