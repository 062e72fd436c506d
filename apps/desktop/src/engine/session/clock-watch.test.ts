import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { ClockWatch } from './clock-watch.ts'

const set: number[] = []
let watch: ClockWatch

beforeEach(() => {
  vi.useFakeTimers()
  set.length = 0
  watch = new ClockWatch((byMs) => set.push(byMs))
  watch.start()
})
afterEach(() => {
  watch.stop()
  vi.useRealTimers()
})

test('a clock that is set is noticed within seconds, once, whichever way', async () => {
  vi.setSystemTime(Date.now() + 3_600_000)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(set).toEqual([3_600_000])
  vi.setSystemTime(Date.now() - 7_200_000)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(set).toEqual([3_600_000, -7_200_000])
})

test('one that is put right little by little is not, nor is sleep', async () => {
  for (let step = 0; step < 10; step += 1) {
    vi.setSystemTime(Date.now() + 400)
    await vi.advanceTimersByTimeAsync(5_000)
  }
  vi.setSystemTime(Date.now() + 3_600_000)
  watch.beginAfresh()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(set).toEqual([])
})

test('what was set before it was compared with the server’s is not counted again, nor against what comes after', async () => {
  vi.setSystemTime(Date.now() + 3_600_000)
  watch.beginAfresh()
  await vi.advanceTimersByTimeAsync(2_000)
  vi.setSystemTime(Date.now() - 3_600_000)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(set).toEqual([-3_600_000])
})
