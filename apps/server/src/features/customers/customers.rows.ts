import { type CustomerRow } from '@parley/contracts'
import { type Belonging } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'
import { type Seen, type ServedKind } from '../sync/index.ts'

interface CustomerRecord {
  id: string
  version: string
  name: string | null
  channel: CustomerRow['channel']
  external_id: string
  metadata: Record<string, unknown> | null
  created_at: Date
  identities: CustomerRow['identities']
  belongings: Belonging[]
}

/** Whoever sees one of their conversations sees the customer. */
async function load(db: Queryable, ids: string[]): Promise<Seen<CustomerRow>[]> {
  const records = await db.many<CustomerRecord>(sql`
    SELECT c.id, c.version, c.name, c.channel, c.external_id, c.metadata, c.created_at,
      COALESCE((
        SELECT jsonb_agg(jsonb_build_object('channel', i.channel, 'externalId', i.external_id,
                                            'isPrimary', i.is_primary) ORDER BY i.created_at, i.id)
        FROM customer_identities i WHERE i.customer_id = c.id), '[]') AS identities,
      COALESCE((
        SELECT jsonb_agg(DISTINCT jsonb_build_object('teamId', v.team_id, 'assignedTo', v.assigned_to))
        FROM conversations v WHERE v.customer_id = c.id), '[]') AS belongings
    FROM customers c WHERE c.id = ANY(${ids}::uuid[])`)
  return records.map((record) => ({
    audience: { permission: 'conversation.see', of: record.belongings },
    row: {
      id: record.id,
      version: Number(record.version),
      name: record.name,
      channel: record.channel,
      externalId: record.external_id,
      identities: record.identities,
      metadata: record.metadata ?? {},
      createdAt: record.created_at.toISOString(),
    },
  }))
}

export const customerKind: ServedKind<'customer'> = {
  kind: 'customer',
  load,
  async ofConversations(db, conversations) {
    const ids = new Set(conversations.map(({ customerId }) => customerId))
    return (await load(db, [...ids])).map(({ row }) => row)
  },
}
