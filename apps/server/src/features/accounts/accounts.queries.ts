import { type PersonRow } from '@parley/contracts'

import { type Queryable } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'
import { toPersonRow } from './accounts.rows.ts'

export async function findPerson(db: Queryable, userId: string): Promise<PersonRow> {
  return toPersonRow(await db.one<object>(sql`SELECT * FROM person_rows WHERE id = ${userId}`))
}
