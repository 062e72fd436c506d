import type { TriageRule } from '@parley/domain'

import { canonical } from './rules-draft.ts'

/** What one list of rules has that the other has not, by name. */
export interface RulesDiff {
  added: string[]
  removed: string[]
  changed: string[]
  renamed: { from: string; to: string }[]
  /** Rules of both stand in another order to each other. */
  isReordered: boolean
}

export function diffRules(before: readonly TriageRule[], after: readonly TriageRule[]): RulesDiff {
  const earlier = byName(before)
  const later = byName(after)
  const kept = after.filter((rule) => earlier.has(nameOf(rule)))
  const renamed = findRenamed(
    before.filter((rule) => !later.has(nameOf(rule))),
    after.filter((rule) => !earlier.has(nameOf(rule))),
  )
  const oldNames = new Set(renamed.map(({ from }) => from))
  const newNames = new Set(renamed.map(({ to }) => to))
  const orderBefore = before.map(nameOf).filter((name) => later.has(name))
  return {
    added: after
      .filter((rule) => !earlier.has(nameOf(rule)) && !newNames.has(rule.name))
      .map(({ name }) => name),
    removed: before
      .filter((rule) => !later.has(nameOf(rule)) && !oldNames.has(rule.name))
      .map(({ name }) => name),
    changed: kept
      .filter((rule) => canonical([rule]) !== canonical([earlier.get(nameOf(rule)) ?? rule]))
      .map(({ name }) => name),
    renamed,
    isReordered: kept.map(nameOf).join('\n') !== orderBefore.join('\n'),
  }
}

export function isEmptyDiff(diff: RulesDiff): boolean {
  const { added, removed, changed, renamed, isReordered } = diff
  return added.length + removed.length + changed.length + renamed.length === 0 && !isReordered
}

/** Gone under one name and there under another, and the same in all else. */
function findRenamed(gone: readonly TriageRule[], come: readonly TriageRule[]) {
  const left = [...come]
  return gone.flatMap((rule) => {
    const index = left.findIndex((other) => content(other) === content(rule))
    const [found] = index === -1 ? [] : left.splice(index, 1)
    return found === undefined ? [] : [{ from: rule.name, to: found.name }]
  })
}

const content = (rule: TriageRule) => canonical([{ ...rule, name: '' }])
const nameOf = ({ name }: TriageRule) => name.trim().toLowerCase()
const byName = (rules: readonly TriageRule[]) => new Map(rules.map((rule) => [nameOf(rule), rule]))
