import { problemRow, type ProblemRow } from '@parley/contracts'
import { mayEver } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { recordAs } from '../../platform/record-as.ts'
import { sql } from '../../platform/sql.ts'
import { type Audience, type ServedKind } from '../sync/index.ts'

const toProblem = recordAs(problemRow)

/** Nobody's in particular: who may see problems sees all of them. */
const ADMINISTRATORS: Audience = {
  permission: 'problem.see',
  of: [{ teamId: null, assignedTo: null }],
}
/** There is one of a kind and subject, and subjects are few: more than these nobody reads. */
const MOST_PROBLEMS = 200

export async function readProblems(db: Queryable, ids: string[]): Promise<ProblemRow[]> {
  const records = await db.many<object>(sql`SELECT * FROM problems WHERE id = ANY(${ids}::uuid[])`)
  return records.map(toProblem)
}

async function openProblems(db: Queryable): Promise<ProblemRow[]> {
  const records = await db.many<object>(sql`
    SELECT * FROM problems WHERE ended_at IS NULL ORDER BY first_at DESC LIMIT ${MOST_PROBLEMS}`)
  return records.map(toProblem)
}

/** Without `removedFor`: it ends before it goes, and who is no administrator any more drops all of them at once. */
export const problemKind: ServedKind<'problem'> = {
  kind: 'problem',
  async load(db, ids) {
    return (await readProblems(db, ids)).map((row) => ({ row, audience: ADMINISTRATORS }))
  },
  async initial(db, { role }) {
    return { rows: mayEver(role, 'problem.see') ? await openProblems(db) : [], next: null }
  },
}
