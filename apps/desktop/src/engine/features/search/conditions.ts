import { type SearchTerm } from '@parley/domain'

import { type Condition } from '../../feature.ts'
import { type Cache } from '../../store/cache.ts'

/**
 * What the operators among the terms stand for, and the terms that are none: words, and names or values that nobody
 * knows.
 *
 * @param nowMs by the server's clock, epoch milliseconds
 */
export function understand(
  cache: Cache,
  terms: readonly SearchTerm[],
  nowMs: number,
): { conditions: Condition[]; others: SearchTerm[] } {
  const conditions: Condition[] = []
  const others: SearchTerm[] = []
  for (const term of terms) {
    const condition =
      term.kind === 'operator'
        ? (cache.registry.operators.get(term.name)?.(term.value, { cache, nowMs }) ?? null)
        : null
    if (condition === null) others.push(term)
    else conditions.push(condition)
  }
  return { conditions, others }
}

/** So many can be put in order by themselves; more are looked for in a list that is in order. */
export const FEW = 500

/** All of them hold; with none of them, always. Where one of them leaves few, those are all that is looked at. */
export function all(cache: Cache, conditions: readonly Condition[]): Condition & { isFew: boolean } {
  const few = fewest(cache, conditions)
  const checks = few === null ? conditions : [few, ...conditions]
  return {
    sql: checks.map(({ sql }) => `(${sql})`).join(' AND ') || 'TRUE',
    parameters: checks.flatMap(({ parameters }) => parameters),
    isFew: few !== null,
  }
}

function fewest({ store }: Cache, conditions: readonly Condition[]): Condition | null {
  for (const { among } of conditions) {
    if (among === undefined) continue
    const found = store.all<{ id: string }>(
      `SELECT id FROM (${among.sql}) LIMIT ${FEW + 1}`,
      ...among.parameters,
    )
    if (found.length <= FEW) return isOneOf(found.map(({ id }) => id))
  }
  return null
}

export const isOneOf = (ids: readonly string[]): Condition => ({
  sql: 'c.id IN (SELECT value FROM json_each(?))',
  parameters: [JSON.stringify(ids)],
})
