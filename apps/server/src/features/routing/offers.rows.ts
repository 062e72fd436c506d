import { offerRow, type OfferRow } from '@parley/contracts'
import { may, withoutColleagues, type Actor } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { recordAs } from '../../platform/record-as.ts'
import { sql } from '../../platform/sql.ts'
import { type ServedKind } from '../sync/index.ts'

const toOffer = recordAs(offerRow)

/** @param which by id, or what is open of one person's */
async function read(
  db: Queryable,
  which: { ids: string[] } | { openOf: string },
): Promise<OfferRow[]> {
  const ids = 'ids' in which ? which.ids : null
  const openOf = 'openOf' in which ? which.openOf : null
  const records = await db.many<object>(sql`
    SELECT * FROM offers
    WHERE id = ANY(${ids}::uuid[]) OR (user_id = ${openOf} AND outcome = 'open')`)
  return records.map(toOffer)
}

/** Why them, without what their colleagues carry, unless they lead the team themselves. */
function readBy(row: OfferRow, actor: Actor): OfferRow {
  if (may(actor, 'queue.watch', { teamId: row.teamId, assignedTo: null })) return row
  return { ...row, explanation: withoutColleagues(row.explanation, actor.userId) }
}

/** One person's alone. */
export const offerKind: ServedKind<'offer'> = {
  kind: 'offer',
  readBy,
  async load(db, ids) {
    return (await read(db, { ids })).map((row) => ({ row, audience: { userId: row.userId } }))
  },
  async initial(db, actor) {
    const rows = await read(db, { openOf: actor.userId })
    return { rows: rows.map((row) => readBy(row, actor)), next: null }
  },
}
