import { cannedResponseRow, type CannedResponseRow } from '@parley/contracts'

import { type Queryable } from '../../platform/database.ts'
import { recordAs } from '../../platform/record-as.ts'
import { sql } from '../../platform/sql.ts'
import { type Audience, type ServedKind, isOf } from '../sync/index.ts'

const toCannedResponse = recordAs(cannedResponseRow)

/** @param ids null: all */
async function read(db: Queryable, ids: string[] | null): Promise<CannedResponseRow[]> {
  const records = await db.many<object>(sql`
    SELECT * FROM canned_responses WHERE ${ids}::uuid[] IS NULL OR id = ANY(${ids}::uuid[])`)
  return records.map(toCannedResponse)
}

/** Global ones are everybody's, a team's its members', a personal one its owner's. */
function audienceOf({ teamId, ownerId }: CannedResponseRow): Audience {
  if (ownerId !== null) return { userId: ownerId }
  if (teamId === null) return { everyone: true }
  return { permission: 'canned_response.use', of: [{ teamId, assignedTo: null }] }
}

export const cannedResponseKind: ServedKind<'canned_response'> = {
  kind: 'canned_response',
  removedFor: 'canned_response.use',
  async load(db, ids) {
    return (await read(db, ids)).map((row) => ({ row, audience: audienceOf(row) }))
  },
  async initial(db, actor) {
    const rows = await read(db, null)
    return { rows: rows.filter((row) => isOf(actor, audienceOf(row))), next: null }
  },
}
