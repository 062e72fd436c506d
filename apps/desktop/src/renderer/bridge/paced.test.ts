import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { Paced } from './paced.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('runs at once, then at most once in its time, and once more after the last asking', async () => {
  const run = vi.fn<() => Promise<void>>(async () => {})
  const paced = new Paced(run, 1000)
  paced.ask()
  expect(run).toHaveBeenCalledTimes(1)
  for (let n = 0; n < 50; n += 1) {
    paced.ask()
    await vi.advanceTimersByTimeAsync(50)
  }
  expect(run).toHaveBeenCalledTimes(3)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(run).toHaveBeenCalledTimes(4)
})

it('never runs twice at a time', async () => {
  let finish = (): void => {}
  const run = vi.fn<() => Promise<void>>(() => new Promise((resolve) => (finish = resolve)))
  const paced = new Paced(run, 1000)
  paced.ask()
  paced.ask()
  await vi.advanceTimersByTimeAsync(5000)
  expect(run).toHaveBeenCalledTimes(1)
  finish()
  await vi.advanceTimersByTimeAsync(0)
  expect(run).toHaveBeenCalledTimes(2)
})

it('runs no more once stopped', async () => {
  const run = vi.fn<() => Promise<void>>(async () => {})
  const paced = new Paced(run, 1000)
  paced.ask()
  paced.ask()
  paced.stop()
  await vi.advanceTimersByTimeAsync(5000)
  expect(run).toHaveBeenCalledTimes(1)
})
