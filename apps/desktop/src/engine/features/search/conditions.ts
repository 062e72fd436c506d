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

/** Which of all conversations: `from`, then what has to hold, with the parameters of both in this order. */
export interface Choice extends Pick<Condition, 'sql' | 'parameters'> {
  from: string
  isFew: boolean
}

/** All of them hold; with none of them, always. Where one of them leaves few, those are all that is looked at. */
export function all(cache: Cache, conditions: readonly Condition[]): Choice {
  return chosen(fewest(cache, conditions), conditions)
}

/** @param among null: any */
export function chosen(
  among: readonly string[] | null,
  conditions: readonly Pick<Condition, 'sql' | 'parameters'>[],
): Choice {
  const parameters = conditions.flatMap((condition) => condition.parameters)
  return {
    from:
      among === null
        ? 'conversations c'
        : 'json_each(?) few CROSS JOIN conversations c ON c.id = few.value',
    sql: conditions.map(({ sql }) => `(${sql})`).join(' AND ') || 'TRUE',
    parameters: among === null ? parameters : [JSON.stringify(among), ...parameters],
    isFew: among !== null,
  }
}

function fewest({ store }: Cache, conditions: readonly Condition[]): string[] | null {
  for (const { among } of conditions) {
    if (among === undefined) continue
    const found = store.all<{ id: string }>(
      `SELECT id FROM (${among.sql}) LIMIT ${FEW + 1}`,
      ...among.parameters,
    )
    if (found.length <= FEW) return [...new Set(found.map(({ id }) => id))]
  }
  return null
}
