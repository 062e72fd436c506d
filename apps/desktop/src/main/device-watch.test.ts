import { IDLE_AFTER_SECONDS } from '@parley/domain'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { DeviceWatch } from './device-watch.ts'
import { powerMonitor, resetElectron } from './electron.fake.ts'

vi.mock('electron', () => import('./electron.fake.ts'))

let watch: DeviceWatch
const reports: string[] = []
const onSleep = vi.fn<() => void>()
const onWake = vi.fn<() => void>()
/** The system's count, which goes on by itself. */
let lastInputAtMs = 0
const touch = (): number => (lastInputAtMs = Date.now())

beforeEach(() => {
  resetElectron()
  vi.useFakeTimers()
  reports.length = 0
  onSleep.mockClear()
  onWake.mockClear()
  touch()
  powerMonitor.getSystemIdleTime = () => Math.floor((Date.now() - lastInputAtMs) / 1000)
  watch = new DeviceWatch({ report: (state) => reports.push(state), onSleep, onWake })
  watch.start()
})
afterEach(() => {
  watch.stop()
  vi.useRealTimers()
})

it('says at once how it is', () => expect(reports).toEqual(['active']))

it('notices in the very second that nobody is there', () => {
  vi.advanceTimersByTime(7300)
  touch()
  vi.advanceTimersByTime(IDLE_AFTER_SECONDS * 1000 - 1)
  expect(reports).toEqual(['active'])
  vi.advanceTimersByTime(1001)
  expect(reports).toEqual(['active', 'idle'])
})

it('notices within a quarter of a minute that somebody is back, and at once where it is asked', () => {
  vi.advanceTimersByTime(400_000)
  touch()
  vi.advanceTimersByTime(15_000)
  expect(reports).toEqual(['active', 'idle', 'active'])
  vi.advanceTimersByTime(400_000)
  touch()
  watch.look()
  expect(reports.slice(3)).toEqual(['idle', 'active'])
})

it('does not ask more often than every quarter of a minute while somebody works', () => {
  const asked = vi.spyOn(powerMonitor, 'getSystemIdleTime').mockReturnValue(0)
  vi.advanceTimersByTime(150_000)
  expect(asked).toHaveBeenCalledTimes(10)
})

it.each([
  ['suspend', 'resume'],
  ['lock-screen', 'unlock-screen'],
])('%s is asleep, %s is awake, whatever the count says', (down, up) => {
  powerMonitor.emit(down)
  expect(reports).toEqual(['active', 'asleep'])
  vi.advanceTimersByTime(8 * 3_600_000)
  expect(reports).toEqual(['active', 'asleep'])
  powerMonitor.emit(up)
  expect(reports).toEqual(['active', 'asleep', 'active'])
  expect(onWake).toHaveBeenCalledOnce()
  vi.advanceTimersByTime(IDLE_AFTER_SECONDS * 1000)
  expect(reports.at(-1)).toBe('idle')
})

it('says that the machine is about to sleep, which a lock is not', () => {
  powerMonitor.emit('lock-screen')
  expect(onSleep).not.toHaveBeenCalled()
  powerMonitor.emit('suspend')
  expect(onSleep).toHaveBeenCalledOnce()
})

it('a machine that wakes up locked has nobody before it until it is unlocked', () => {
  powerMonitor.emit('lock-screen')
  powerMonitor.emit('suspend')
  powerMonitor.emit('resume')
  expect([reports.at(-1), onWake.mock.calls.length]).toEqual(['asleep', 1])
  powerMonitor.emit('unlock-screen')
  expect(reports.at(-1)).toBe('active')
})
