import { id, readMarkRow, type ReadMarkRow } from '@parley/contracts'

import { type Queryable } from '../../platform/database.ts'
import { Failure } from '../../platform/failure.ts'
import { recordAs } from '../../platform/record-as.ts'
import { sql } from '../../platform/sql.ts'
import { type ServedKind } from '../sync/index.ts'

const toReadMark = recordAs(readMarkRow)

const PER_PAGE = 1000

/** This person's marks of these conversations. */
export async function readMarksOf(
  db: Queryable,
  userId: string,
  conversationIds: string[],
): Promise<ReadMarkRow[]> {
  const records = await db.many<object>(sql`
    SELECT * FROM read_marks
    WHERE user_id = ${userId} AND conversation_id = ANY(${conversationIds}::uuid[])`)
  return records.map(toReadMark)
}

/**
 * One person's alone. A workstation begins with all of them: what somebody comes to see again, as after a transfer to
 * another team and back, has been read as far as it was.
 */
export const readMarkKind: ServedKind<'read_mark'> = {
  kind: 'read_mark',
  async load(db, ids) {
    const records = await db.many<object>(
      sql`SELECT * FROM read_marks WHERE id = ANY(${ids}::uuid[])`,
    )
    return records.map(toReadMark).map((row) => ({ row, audience: { userId: row.userId } }))
  },
  async initial(db, { userId }, after) {
    if (!id.nullable().safeParse(after).success) {
      throw new Failure('invalid_input', { field: 'page', problem: 'unknown' })
    }
    const records = await db.many<object>(sql`
      SELECT * FROM read_marks
      WHERE user_id = ${userId} AND (${after}::uuid IS NULL OR conversation_id > ${after}::uuid)
      ORDER BY conversation_id LIMIT ${PER_PAGE}`)
    const rows = records.map(toReadMark)
    const last = rows.length === PER_PAGE ? rows.at(-1) : undefined
    return { rows, next: last?.conversationId ?? null }
  },
}
