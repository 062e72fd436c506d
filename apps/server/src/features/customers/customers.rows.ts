import { customerRow, type CustomerRow } from '@parley/contracts'
import { type Belonging } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { recordAs } from '../../platform/record-as.ts'
import { lookUp, sql } from '../../platform/sql.ts'
import { type Seen, type ServedKind } from '../sync/index.ts'

const toCustomer = recordAs(customerRow)

/** Whoever sees one of their conversations sees the customer. */
async function load(db: Queryable, ids: string[]): Promise<Seen<CustomerRow>[]> {
  const records = await db.many<{ belongings: Belonging[] }>(
    lookUp(sql`
    SELECT c.id, c.version, c.name, c.channel, c.external_id, c.created_at,
      COALESCE(c.metadata, '{}') AS metadata,
      COALESCE((
        SELECT jsonb_agg(jsonb_build_object('channel', i.channel, 'externalId', i.external_id,
                                            'isPrimary', i.is_primary) ORDER BY i.created_at, i.id)
        FROM customer_identities i WHERE i.customer_id = c.id), '[]') AS identities,
      COALESCE((
        SELECT jsonb_agg(DISTINCT jsonb_build_object('teamId', v.team_id, 'assignedTo', v.assigned_to))
        FROM conversations v WHERE v.customer_id = c.id), '[]') AS belongings
    FROM unnest(${ids}::uuid[]) AS wanted(id)
    CROSS JOIN LATERAL (SELECT * FROM customers WHERE id = wanted.id LIMIT 1) c`),
  )
  return records.map((record) => ({
    audience: { permission: 'conversation.see', of: record.belongings },
    row: toCustomer(record),
  }))
}

export const customerKind: ServedKind<'customer'> = {
  kind: 'customer',
  load,
  onConversations: {
    part: 'row',
    async newest(db, conversations) {
      const ids = new Set(conversations.map(({ customerId }) => customerId))
      return (await load(db, [...ids])).map(({ row }) => row)
    },
  },
}
