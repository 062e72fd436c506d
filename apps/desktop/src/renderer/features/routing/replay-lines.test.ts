import type { ReplayFigures } from '@parley/contracts'
import { describe, expect, it } from 'vitest'

import { replayLines, verdictOf, waitSeries } from './replay-lines.ts'

const figures = (mean: number, more: Partial<ReplayFigures> = {}): ReplayFigures => ({
  conversations: 100,
  unassigned: 2,
  waitSeconds: { mean, p50: mean, p90: mean * 2, maximum: mean * 4 },
  firstResponseBreaches: 5,
  toPreviousAgent: 20,
  load: [],
  loadSpread: 1.5,
  waitOverTime: [],
  ...more,
})
const verdicts = (present: ReplayFigures, changed: ReplayFigures) =>
  Object.fromEntries(replayLines(present, changed).map((line) => [line.key, verdictOf(line)]))

describe('the comparison', () => {
  it('knows which way is better', () => {
    expect(
      verdicts(figures(60), figures(40, { toPreviousAgent: 12, firstResponseBreaches: 9 })),
    ).toMatchObject({ mean: 'better', p90: 'better', previousAgent: 'worse', breaches: 'worse' })
  })

  it('calls the same what nobody would see', () => {
    expect(verdicts(figures(60), figures(60.2, { loadSpread: 1.52 }))).toMatchObject({
      mean: 'same',
      unassigned: 'same',
      spread: 'same',
    })
  })
})

it('sets both series on the same instants', () => {
  const at = (hour: number) => new Date(Date.UTC(2026, 10, 23, hour)).toISOString()
  const present = figures(1, {
    waitOverTime: [
      { from: at(8), meanWaitSeconds: 30 },
      { from: at(9), meanWaitSeconds: null },
    ],
  })
  const changed = figures(1, { waitOverTime: [{ from: at(9), meanWaitSeconds: 12 }] })
  expect(waitSeries(present, changed)).toEqual([
    [Date.parse(at(8)) / 1000, Date.parse(at(9)) / 1000],
    [30, null],
    [null, 12],
  ])
})
