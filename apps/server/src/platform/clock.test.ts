import { afterEach, expect, test, vi } from 'vitest'

import { DatabaseClock } from './clock.ts'

afterEach(() => vi.useRealTimers())

test('the host’s clock jumps by an hour and the server’s time does not', async () => {
  const database = new Date('2026-03-10T10:00:00Z')
  vi.useFakeTimers({ toFake: ['Date', 'performance'] })
  const clock = await DatabaseClock.start(() => Promise.resolve(database))
  vi.setSystemTime(Date.now() + 3_600_000)
  expect(clock.now()).toEqual(database)
  await clock.compareAgain()
  expect(clock.now()).toEqual(database)
})
