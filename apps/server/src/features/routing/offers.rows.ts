import { type OfferRow } from '@parley/contracts'

import { type Queryable } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'
import { type ServedKind } from '../sync/index.ts'

/** @param which by id, or what is open of one person's */
async function read(
  db: Queryable,
  which: { ids: string[] } | { openOf: string },
): Promise<OfferRow[]> {
  const ids = 'ids' in which ? which.ids : null
  const openOf = 'openOf' in which ? which.openOf : null
  const records = await db.many<{
    id: string
    version: string
    conversation_id: string
    user_id: string
    team_id: string
    offered_at: Date
    expires_at: Date
    outcome: OfferRow['outcome']
    explanation: OfferRow['explanation']
  }>(sql`
    SELECT id, version, conversation_id, user_id, team_id, offered_at, expires_at, outcome, explanation
    FROM offers
    WHERE id = ANY(${ids}::uuid[]) OR (user_id = ${openOf} AND outcome = 'open')`)
  return records.map((record) => ({
    id: record.id,
    version: Number(record.version),
    conversationId: record.conversation_id,
    userId: record.user_id,
    teamId: record.team_id,
    offeredAt: record.offered_at.toISOString(),
    expiresAt: record.expires_at.toISOString(),
    outcome: record.outcome,
    explanation: record.explanation,
  }))
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
