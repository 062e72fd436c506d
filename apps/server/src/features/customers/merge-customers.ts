import { type Transaction } from '../../platform/database.ts'
import { sql, toJson } from '../../platform/sql.ts'

/** Somebody else has made other people of them meanwhile: whoever asked looks again. */
export class IdentitiesMoved extends Error {
  override name = 'IdentitiesMoved'
}

/**
 * Makes one person of two. Nothing is rewritten: the younger row points to the older one, and so do the rows that
 * pointed to the younger. What both were before is kept, so that it can be undone.
 * @returns the row that stands for the person
 * @throws IdentitiesMoved
 */
export async function mergeCustomers(
  tx: Transaction,
  personIds: readonly [string, string],
  merge: { kind: 'channel'; reason: string; evidence: object },
): Promise<string> {
  const rows = await tx.many<{ id: string; merged_into_id: string | null }>(sql`
    SELECT id, merged_into_id FROM customers WHERE id = ANY(${personIds}::uuid[])
    ORDER BY id FOR UPDATE`)
  if (rows.length !== 2 || rows.some(({ merged_into_id }) => merged_into_id !== null)) {
    throw new IdentitiesMoved()
  }
  const [survivor, merged] = await tx.many<{ id: string }>(sql`
    SELECT id FROM customers WHERE id = ANY(${personIds}::uuid[]) ORDER BY created_at, id`)
  if (survivor === undefined || merged === undefined) throw new Error('a locked customer is gone')
  await tx.run(sql`
    INSERT INTO customer_merges (id, survivor_id, merged_id, kind, reason, evidence, before)
    SELECT new_id(), ${survivor.id}, ${merged.id}, ${merge.kind}, ${merge.reason}, ${toJson(merge.evidence)},
           jsonb_object_agg(c.id, to_jsonb(c) || jsonb_build_object('identities', (
             SELECT COALESCE(jsonb_agg(to_jsonb(i)), '[]') FROM customer_identities i WHERE i.customer_id = c.id)))
    FROM customers c
    WHERE c.id = ANY(${personIds}::uuid[]) OR c.merged_into_id = ANY(${personIds}::uuid[])`)
  const followers = await tx.many<{ id: string }>(sql`
    UPDATE customers SET merged_into_id = NULL WHERE merged_into_id = ${merged.id} RETURNING id`)
  await tx.run(sql`
    UPDATE customers SET merged_into_id = ${survivor.id}
    WHERE id = ANY(${[merged.id, ...followers.map(({ id }) => id)]}::uuid[])`)
  return survivor.id
}
