import { callCustomer, type CallableCustomer } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { sql, unprepared } from '../../platform/sql.ts'

/** How these are called, by their id: for what lists conversations by their customer. */
export async function callCustomers(
  db: Queryable,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const customers = await db.many<CallableCustomer & { id: string }>(
    unprepared(sql`
    SELECT u.id, u.name, u.channel, u.external_id AS "externalId",
           COALESCE((
             SELECT jsonb_agg(jsonb_build_object('externalId', i.external_id) ORDER BY i.created_at, i.id)
             FROM customer_identities i WHERE i.customer_id = u.id), '[]') AS identities
    FROM unnest(${[...new Set(ids)]}::uuid[]) AS wanted(id)
    CROSS JOIN LATERAL (SELECT * FROM customers WHERE id = wanted.id LIMIT 1) u`),
  )
  return new Map(customers.map((customer) => [customer.id, callCustomer(customer)]))
}
