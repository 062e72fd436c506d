import {
  PROBLEM_DETAILS,
  problemKind,
  type BrokenThing,
  type ProblemKind,
  type ProblemRow,
} from '@parley/contracts'
import { mayEver } from '@parley/domain'

import { type Cache } from '../../store/cache.ts'
import { keptKind } from '../../store/kept-kind.ts'

export const PROBLEM_STEPS: readonly string[] = [
  `
  -- Ended ones stay for a day: what comes late must not open them again.
  CREATE TABLE problems (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    row TEXT NOT NULL,
    generation INTEGER NOT NULL,
    ended_at TEXT,
    told INTEGER NOT NULL DEFAULT 0 -- this device has brought it before the person
  ) WITHOUT ROWID;
  `,
]

const ENDED_KEPT_MS = 24 * 60 * 60 * 1000

export const keptProblems = keptKind(problemKind, {
  table: 'problems',
  mayKeep: ({ actor }) => mayEver(actor.role, 'problem.see'),
  columns: ({ endedAt }) => ({ ended_at: endedAt }),
  kept({ store }, { endedAt }) {
    if (endedAt === null) return
    const before = new Date(Date.parse(endedAt) - ENDED_KEPT_MS)
    store.run('DELETE FROM problems WHERE ended_at < ?', before.toISOString())
  },
  sweep: 'remove',
})

/** A problem that stands, and whether this device has told the person of it. */
export interface CachedProblem {
  problem: ProblemRow
  isTold: boolean
}

/** Newest first. */
export function openProblems({ store }: Cache): CachedProblem[] {
  return store
    .all<{ row: string; told: number }>(
      `SELECT row, told FROM problems WHERE ended_at IS NULL ORDER BY row ->> '$.firstAt' DESC, id`,
    )
    .map(({ row, told }) => ({ problem: JSON.parse(row) as ProblemRow, isTold: told === 1 }))
}

export function markTold({ store }: Cache, ids: readonly string[]): void {
  store.write(() => {
    for (const id of ids) store.run('UPDATE problems SET told = 1 WHERE id = ?', id)
  })
}

export function forgetProblems({ store }: Cache): void {
  store.run('DELETE FROM problems')
}

/** A newer server knows of kinds, and says of them what this workstation has no words for. */
export function brokenThing({ kind, details }: ProblemRow): BrokenThing {
  const known = Object.hasOwn(PROBLEM_DETAILS, kind) ? (kind as ProblemKind) : null
  const parsed = known === null ? null : PROBLEM_DETAILS[known].safeParse(details)
  return parsed?.success === true
    ? ({ kind, details: parsed.data } as BrokenThing)
    : { kind: 'other', details: {} }
}
