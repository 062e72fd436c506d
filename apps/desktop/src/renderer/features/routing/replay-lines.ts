import type { ReplayFigures } from '@parley/contracts'

/** A line of the comparison. `lower`: the smaller figure is the better one. */
export interface ReplayLine {
  key: 'mean' | 'p50' | 'p90' | 'maximum' | 'unassigned' | 'breaches' | 'previousAgent' | 'spread'
  unit: 'time' | 'count' | 'number'
  better: 'lower' | 'higher'
  present: number
  changed: number
}

export function replayLines(present: ReplayFigures, changed: ReplayFigures): ReplayLine[] {
  const line = (
    key: ReplayLine['key'],
    unit: ReplayLine['unit'],
    of: (figures: ReplayFigures) => number,
    better: ReplayLine['better'] = 'lower',
  ): ReplayLine => ({ key, unit, better, present: of(present), changed: of(changed) })
  return [
    line('mean', 'time', ({ waitSeconds }) => waitSeconds.mean),
    line('p50', 'time', ({ waitSeconds }) => waitSeconds.p50),
    line('p90', 'time', ({ waitSeconds }) => waitSeconds.p90),
    line('maximum', 'time', ({ waitSeconds }) => waitSeconds.maximum),
    line('breaches', 'count', ({ firstResponseBreaches }) => firstResponseBreaches),
    line('unassigned', 'count', ({ unassigned }) => unassigned),
    line('previousAgent', 'count', ({ toPreviousAgent }) => toPreviousAgent, 'higher'),
    line('spread', 'number', ({ loadSpread }) => loadSpread),
  ]
}

/** Less than this is no difference that anybody would see. */
const SAME: Record<ReplayLine['unit'], number> = { time: 0.5, count: 0.5, number: 0.05 }

export function verdictOf({
  unit,
  better,
  present,
  changed,
}: ReplayLine): 'better' | 'worse' | 'same' {
  const difference = changed - present
  if (Math.abs(difference) < SAME[unit]) return 'same'
  return difference < 0 === (better === 'lower') ? 'better' : 'worse'
}

/** Two series over the same instants, in seconds, as a chart takes them. */
export function waitSeries(
  present: ReplayFigures,
  changed: ReplayFigures,
): [number[], (number | null)[], (number | null)[]] {
  const byInstant = new Map(changed.waitOverTime.map((part) => [part.from, part.meanWaitSeconds]))
  return [
    present.waitOverTime.map(({ from }) => Date.parse(from) / 1000),
    present.waitOverTime.map(({ meanWaitSeconds }) => meanWaitSeconds),
    present.waitOverTime.map(({ from }) => byInstant.get(from) ?? null),
  ]
}
