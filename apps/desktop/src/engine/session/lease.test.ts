import { beforeEach, expect, test } from 'vitest'

import { Store } from '../store/store.ts'
import { Lease } from './lease.ts'

const HOUR = 3_600_000
let store: Store
let clocks: { wall: number; monotonic: number }

beforeEach(() => {
  store = Store.open(null, '', [])
  clocks = { wall: Date.parse('2026-11-20T10:00:00Z'), monotonic: 0 }
})

const lease = () =>
  new Lease(store, 72 * HOUR, { now: () => clocks.wall, monotonic: () => clocks.monotonic })
function pass(hours: number): void {
  clocks.wall += hours * HOUR
  clocks.monotonic += hours * HOUR
}
/** Off, or asleep: only the device's clock goes on. */
function off(hours: number): void {
  clocks.wall += hours * HOUR
}

test('a machine that is connected for days has not expired when it is started again', () => {
  const running = lease()
  running.contact()
  for (let hour = 0; hour < 100; hour += 1) {
    pass(1)
    running.contact()
  }
  off(1)
  expect(lease().look()).toBe('good')
})

test('one that never restarts expires, too, and says so before', () => {
  const running = lease()
  running.contact()
  pass(59)
  expect([running.look(), running.warningEndsAt()]).toEqual(['good', null])
  pass(2)
  expect(running.warningEndsAt()).toBe('2026-11-23T10:00:00.000Z')
  pass(12)
  expect(running.look()).toBe('over')
})

test('a clock that is set back does not make it last for ever', () => {
  const running = lease()
  running.contact()
  for (let hour = 0; hour < 73; hour += 1) {
    clocks.monotonic += HOUR
    running.look()
  }
  expect(running.look()).toBe('over')
})

test('nor does a restart in between', () => {
  lease().contact()
  for (let start = 0; start < 8; start += 1) {
    const running = lease()
    clocks.monotonic += 10 * HOUR
    running.look()
  }
  expect(lease().look()).toBe('over')
})

test('a clock that jumps ahead ends nothing before the server had its chance', () => {
  const running = lease()
  running.contact()
  off(80)
  expect(running.look()).toBe('in_doubt')
  pass(1 / 60)
  expect(running.look()).toBe('in_doubt')
  running.contact()
  expect(running.look()).toBe('good')
  off(80)
  running.look()
  pass(3 / 60)
  expect(running.look()).toBe('over')
})

test('who ends it again and again, before what has passed would be written, gains nothing', () => {
  lease().contact()
  let state = 'good'
  let starts = 0
  while (state === 'good' && starts < 2000) {
    const running = lease()
    running.look()
    clocks.monotonic += 4 * 60_000
    state = running.look()
    starts += 1
  }
  expect(state).toBe('over')
  expect(starts).toBeLessThan(72 * 60)
})

test('a workstation that is stopped in order is charged exactly what has passed', () => {
  const first = lease()
  first.contact()
  first.settle()
  for (let start = 0; start < 100; start += 1) {
    const running = lease()
    clocks.monotonic += 30 * 60_000
    expect(running.look()).toBe('good')
    running.settle()
  }
  expect(store.getMeta('leasePassedMs')).toBe(String(50 * HOUR))
})

test('nor does sleep, or a clock that is set forward and back again, end or lengthen it by itself', () => {
  const running = lease()
  running.contact()
  // Asleep, and the clock set back meanwhile: what was seen to pass goes on counting.
  pass(40)
  off(-39)
  expect(running.look()).toBe('good')
  pass(33)
  expect(running.look()).toBe('over')
})
