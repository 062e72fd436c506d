import type { DryRunOutput } from '@parley/contracts'
import { byName, PRIORITIES, type Priority } from '@parley/domain'

/** How many there were and how many there would be. */
export interface TrialRow<Key extends string = string> {
  key: Key
  before: number
  after: number
}

/** Teams by name, with those that get none in either case left out. */
export function teamRows(
  { before, after }: Pick<DryRunOutput, 'before' | 'after'>,
  nameOf: (teamId: string) => string,
): TrialRow[] {
  const ids = new Set([...Object.keys(before.byTeam), ...Object.keys(after.byTeam)])
  return [...ids]
    .map((key) => ({ key, before: before.byTeam[key] ?? 0, after: after.byTeam[key] ?? 0 }))
    .filter((row) => row.before + row.after > 0)
    .toSorted((a, b) => byName(nameOf(a.key), nameOf(b.key)))
}

/** All four, the most urgent first: an empty one says something too. */
export function priorityRows({
  before,
  after,
}: Pick<DryRunOutput, 'before' | 'after'>): TrialRow<Priority>[] {
  return PRIORITIES.toReversed().map((key) => ({
    key,
    before: before.byPriority[key] ?? 0,
    after: after.byPriority[key] ?? 0,
  }))
}

/** The longest bar is full; the others are their part of it, in percent. */
export function barWidth(count: number, rows: readonly TrialRow[]): number {
  const most = Math.max(1, ...rows.flatMap(({ before, after }) => [before, after]))
  return (count / most) * 100
}

/** +3, −12, ±0 with the typographic minus. */
export function signed(difference: number): string {
  if (difference === 0) return '±0'
  return difference > 0 ? `+${difference}` : `−${-difference}`
}
