import { offerRow, type OfferRow } from '@parley/contracts'

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

/** One person's alone. */
export const offerKind: ServedKind<'offer'> = {
  kind: 'offer',
  async load(db, ids) {
    return (await read(db, { ids })).map((row) => ({ row, audience: { userId: row.userId } }))
  },
  async initial(db, { userId }) {
    return { rows: await read(db, { openOf: userId }), next: null }
  },
}
