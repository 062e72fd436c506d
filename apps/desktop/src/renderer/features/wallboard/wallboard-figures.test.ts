import type { WallboardDue } from '@parley/contracts'
import { describe, expect, it } from 'vitest'

import { sparkLine, waitBar, whyMissing } from './wallboard-figures.ts'

const now = 1_800_000_000_000
const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString()
const team = (waitedMinutes: number | null) => ({
  teamId: 't',
  oldestQueuedSince: waitedMinutes === null ? null : at(-waitedMinutes),
})
const due = (startedMinutesAgo: number, dueInMinutes: number, more: Partial<WallboardDue> = {}) =>
  ({
    teamId: 't',
    status: 'queued',
    clock: {
      state: 'running',
      startedAt: at(-startedMinutesAgo),
      dueAt: at(dueInMinutes),
      warnsAt: at(dueInMinutes - (startedMinutesAgo + dueInMinutes) / 5),
    },
    ...more,
  }) as WallboardDue

describe('the longest wait', () => {
  it('is drawn against the clock of the queue that has come furthest', () => {
    expect(waitBar(team(3), [due(3, 12), due(1, 9)], now)).toEqual({ share: 0.2, look: 'plain' })
    expect(waitBar(team(12), [due(12, 3)], now)).toEqual({ share: 0.8, look: 'warning' })
    expect(waitBar(team(40), [due(12, 3), due(40, -5)], now)).toEqual({ share: 1, look: 'overdue' })
  })

  it('does not take the colour of what is not in this queue', () => {
    const others = [due(40, -5, { teamId: 'other' }), due(40, -5, { status: 'pending_agent' })]
    expect(waitBar(team(6), others, now)).toEqual({ share: 0.1, look: 'plain' })
  })

  it('is never drawn as late where nothing is promised', () => {
    expect(waitBar(team(300), [], now)).toEqual({ share: 0.7, look: 'plain' })
    // The clocks of two computers differ by a little.
    expect(waitBar(team(-1), [], now).share).toBe(0)
    expect(waitBar(team(null), [due(40, -5)], now)).toEqual({ share: 0, look: 'plain' })
  })
})

describe('figures', () => {
  it('draw the queue from the oldest minute to the newest', () => {
    const line = sparkLine([4, 0, 2].map((queued) => ({ at: '', queued })))
    expect(line).toEqual({
      path: 'M0.0 2.0L52.0 26.0L104.0 14.0',
      end: { x: 104, y: 14 },
      first: 4,
      last: 2,
    })
    expect(sparkLine([{ at: '', queued: 1 }])).toBeNull()
  })
})

it('says that figures are missing for want of a line only where there is none', () => {
  expect(whyMissing('offline', true)).toBe('noFigures')
  // During the first load, and when it has not answered yet.
  expect([whyMissing('connecting', true), whyMissing('online', false)]).toEqual([null, null])
  expect(whyMissing('online', true)).toBe('figuresFailed')
})
