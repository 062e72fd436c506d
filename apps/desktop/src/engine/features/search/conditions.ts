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

/** All of them hold; with none of them, always. */
export function all(conditions: readonly Condition[]): Condition {
  return {
    sql: conditions.map(({ sql }) => `(${sql})`).join(' AND ') || 'TRUE',
    parameters: conditions.flatMap(({ parameters }) => parameters),
  }
}
