import { type OfCustomer, type ofCustomerInput } from '@parley/contracts'
import { type Actor } from '@parley/domain'
import { type z } from 'zod'

import { type Services } from '../../platform/services.ts'
import { sql, unprepared } from '../../platform/sql.ts'
import { inReachOf, type FeedHub } from '../sync/index.ts'

/** More of them nobody looks through beside the conversation at hand. */
const MOST = 20

/**
 * A customer's other conversations in this person's reach, the newest words first, whichever of their rows they are on.
 * By the index of their customer alone: the order of all conversations would be gone through to the end for somebody who
 * has written once.
 */
export async function readOfCustomer(
  { db }: Services,
  feed: FeedHub,
  actor: Actor,
  { customerId, besides }: z.infer<typeof ofCustomerInput>,
): Promise<OfCustomer> {
  // Planned anew each time: a plan that was kept from when the table was small would read it through.
  const rows = await db.many<{ id: string }>(
    unprepared(sql`
      SELECT c.id FROM (
        SELECT of_person.* FROM unnest(ARRAY(SELECT same_person(${customerId}::uuid))) AS person(id)
        CROSS JOIN LATERAL (
          SELECT * FROM conversations WHERE customer_id = person.id OFFSET 0) of_person) c
      WHERE c.id <> ${besides}::uuid AND ${inReachOf(actor)}
      ORDER BY c.last_message_at DESC NULLS LAST, c.id LIMIT ${MOST}`),
  )
  const ids = rows.map(({ id }) => id)
  return {
    ids,
    items: ids.length === 0 ? [] : await feed.conversations(actor, ids, { threads: false }),
  }
}
