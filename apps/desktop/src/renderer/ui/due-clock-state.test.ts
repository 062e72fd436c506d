import type { SlaClockRow } from '@parley/contracts'
import { describe, expect, it } from 'vitest'

import { dueClockState, needsSeconds } from './due-clock-state.ts'

const MINUTE = 60_000
const now = 1_800_000_000_000
const at = (minutes: number) => new Date(now + minutes * MINUTE).toISOString()
const clock = (
  startedMinutesAgo: number,
  dueInMinutes: number,
  more: Partial<SlaClockRow> = {},
): SlaClockRow => ({
  name: 'first_response',
  state: 'running',
  startedAt: at(-startedMinutesAgo),
  targetSeconds: (startedMinutesAgo + dueInMinutes) * 60,
  warnsAt: at(dueInMinutes - (startedMinutesAgo + dueInMinutes) / 5),
  dueAt: at(dueInMinutes),
  tookSeconds: null,
  isMissed: false,
  ...more,
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

  it('shows seconds in its last minute even where it does not warn yet', () => {
    const late = clock(60, 0.5, { warnsAt: at(0.25) })
    expect(dueClockState(late, now)).toMatchObject({ state: 'on_time', words: '0:30' })
  })

  it('warns at the stored instant and not before, with seconds under ten minutes', () => {
    const warns = clock(80, 20, { warnsAt: at(0) })
    expect(dueClockState(warns, now - 1)).toMatchObject({ state: 'on_time' })
    expect(dueClockState(warns, now)).toEqual({
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

  it('is breached at its instant', () => {
    expect(dueClockState(clock(10, 0), now)).toMatchObject({ state: 'breached', words: '+0:00' })
    expect(dueClockState(clock(10, -6), now)).toMatchObject({ state: 'breached', words: '+6 min' })
    // Nobody reads +0 min: its first minute is counted.
    expect(dueClockState(clock(10, -0.5), now)).toMatchObject({ words: '+0:30' })
  })

  it('stands still while paused, but stays late where it was late before', () => {
    const paused = { state: 'paused', warnsAt: null } as const
    expect(dueClockState(clock(1, 1, { ...paused, dueAt: null }), now)).toEqual({ state: 'paused' })
    expect(dueClockState(clock(9, -6, paused), now)).toMatchObject({ state: 'breached' })
    // Its calendar never opens again.
    expect(dueClockState(clock(1, 1, { dueAt: null }), now)).toEqual({ state: 'paused' })
  })

  it('tells what it took once it has stopped, and whether that was in time', () => {
    const stopped = { state: 'stopped', dueAt: null, warnsAt: null } as const
    const after = (tookSeconds: number, isMissed: boolean) =>
      dueClockState(clock(1, 1, { ...stopped, tookSeconds, isMissed }), now)
    expect(after(160, false)).toEqual({ state: 'met', words: '2:40' })
    expect(after(7500, true)).toEqual({ state: 'missed', words: '2 h 05' })
  })
})

describe('its pace', () => {
  it('is by the second around what it turns at, and by the minute elsewhere', () => {
    // Due in 60, warns at 30 before it.
    const slow = clock(90, 60, { warnsAt: at(30) })
    const inMinutes = (minutes: number) => needsSeconds(slow, now + minutes * MINUTE)
    expect([20, 28, 35, 45, 65].map(inMinutes)).toEqual([false, false, false, false, false])
    expect([29.5, 30.5, 49.5, 52, 59.5, 60.5].map(inMinutes)).not.toContain(false)
  })

  it('is never by the second once it has stopped', () => {
    const stopped = clock(10, 0, { state: 'stopped', tookSeconds: 600 })
    expect(needsSeconds(stopped, now)).toBe(false)
  })
})
