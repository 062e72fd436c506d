export { giveBackAll, withdrawOffersBeyond } from './abandoned.ts'
export { lockPresence } from './candidates.queries.ts'
export { startDispatcher } from './dispatcher.ts'
export { startPresence } from './presence.ts'

import { offerProcedures } from './offers.router.ts'
import { offerKind } from './offers.rows.ts'
import { type Presence } from './presence.ts'
import { presenceProcedures } from './presence.router.ts'
import { routingProcedures } from './routing.router.ts'
import { skillProcedures } from './skills.router.ts'

export const procedures = {
  offers: offerProcedures,
  people: skillProcedures,
  presence: presenceProcedures,
  routing: routingProcedures,
}
export const kinds = [offerKind]

declare module '../../platform/features.ts' {
  interface Features {
    presence: Presence
  }
}
