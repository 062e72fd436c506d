import {
  listPageInput,
  ofCustomerInput,
  type ListCounts,
  type ListPage,
  type OfCustomer,
} from '@parley/contracts'

import { procedure } from '../../platform/procedure.ts'
import { countInbox, countOpen } from './counts.ts'
import { readListPage } from './list-page.ts'
import { readOfCustomer } from './of-customer.ts'
import { readWallboard } from './wallboard.ts'

/** What workstations ask beside their caches, where those do not reach. */
export const listProcedures = {
  page: procedure('conversation.see')
    .input(listPageInput)
    .query(({ ctx: { services, features, actor }, input }): Promise<ListPage> =>
      readListPage(services, features.feed, actor, input),
    ),

  ofCustomer: procedure('conversation.see')
    .input(ofCustomerInput)
    .query(({ ctx: { services, features, actor }, input }): Promise<OfCustomer> =>
      readOfCustomer(services, features.feed, actor, input),
    ),

  counts: procedure('conversation.see').query(
    async ({ ctx: { services, features, actor } }): Promise<ListCounts> => {
      const now = services.clock.now()
      const counted = await countOpen(services.db, actor, now)
      const [inbox, wallboard] = await Promise.all([
        countInbox(services.db, actor, counted),
        readWallboard(services, features.feed, actor, counted, now),
      ])
      return { inbox, wallboard }
    },
  ),
}
