import { type SearchTerm } from '@parley/domain'

import { type Operator } from '../../platform/search-operator.ts'
import { type Services } from '../../platform/services.ts'
import { type Fragment } from '../../platform/sql.ts'

/**
 * What the operators among the terms stand for, and the terms that are none: words, and names or values that nobody
 * knows. As the workstation's `understand`.
 */
export async function understand(
  { db, clock, operators }: Services,
  terms: readonly SearchTerm[],
): Promise<{ conditions: Fragment[]; others: SearchTerm[] }> {
  const known = new Map<string, Operator>(Object.entries(operators))
  const conditions: Fragment[] = []
  const others: SearchTerm[] = []
  for (const term of terms) {
    const operator = term.kind === 'operator' ? known.get(term.name) : undefined
    const condition =
      term.kind === 'operator' && operator !== undefined
        ? await operator(term.value, { db, now: clock.now() })
        : null
    if (condition === null) others.push(term)
    else conditions.push(condition)
  }
  return { conditions, others }
}
