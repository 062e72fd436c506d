export { startDispatcher } from './dispatch.ts'
export { startPresence } from './presence.ts'
export { presenceRouter } from './presence.router.ts'

import { type Presence } from './presence.ts'

declare module '../../platform/features.ts' {
  interface Features {
    presence: Presence
  }
}
