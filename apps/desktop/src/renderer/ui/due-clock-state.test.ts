import { describe, expect, it } from 'vitest'

import { dueClockState } from './due-clock-state.ts'

const MINUTE = 60_000
const now = 1_800_000_000_000
const clock = (startedMinutesAgo: number | null, dueInMinutes: number) => ({
  startedAt: startedMinutesAgo === null ? null : now - startedMinutesAgo * MINUTE,
  dueAt: now + dueInMinutes * MINUTE,
})

describe('a service-level clock', () => {
  it('is on time with a ring that fills', () => {
    expect(dueClockState(clock(42, 42), now)).toEqual({
      state: 'on_time',
      words: '42 min',
      fractionGone: 0.5,
      showsSeconds: false,
    })
    expect(dueClockState(clock(60, 125), now)).toMatchObject({ words: '2 h 05' })
  })

  it('warns when four fifths are gone, with seconds under ten minutes', () => {
    expect(dueClockState(clock(80, 20), now)).toEqual({
      state: 'warning',
      words: '20 min',
      showsSeconds: false,
    })
    expect(dueClockState(clock(60, 4.2), now)).toEqual({
      state: 'warning',
      words: '4:12',
      showsSeconds: true,
    })
  })

  it('warns for the last ten minutes where its beginning is not known', () => {
    expect(dueClockState(clock(null, 11), now).state).toBe('on_time')
    expect(dueClockState(clock(null, 9), now).state).toBe('warning')
  })

  it('is breached at its instant', () => {
    expect(dueClockState(clock(10, 0), now)).toMatchObject({ state: 'breached', words: '+0 min' })
    expect(dueClockState(clock(10, -6), now)).toMatchObject({ state: 'breached', words: '+6 min' })
  })

  it('stands still while paused, and tells the time it took once met', () => {
    expect(dueClockState({ ...clock(1, 1), paused: true }, now)).toEqual({ state: 'paused' })
    expect(dueClockState({ ...clock(1, 1), metAfterMs: 160_000 }, now)).toEqual({
      state: 'met',
      words: '2:40',
    })
  })
})
