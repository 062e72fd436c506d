import fc from 'fast-check'
import { expect, test } from 'vitest'

import { DEVICE_STATES, presenceOf } from './presence.ts'

const chosen = fc.constantFrom(
  { status: 'online' as const, reason: null },
  { status: 'busy' as const, reason: null },
  { status: 'away' as const, reason: 'lunch' },
)
const devices = fc.array(fc.constantFrom(...DEVICE_STATES), { maxLength: 4 })

test('without a device a person is offline, whatever they chose', () => {
  fc.assert(
    fc.property(chosen, (choice) => {
      expect(presenceOf(choice, [])).toEqual({ status: 'offline', reason: null })
    }),
  )
})

test('one device with somebody before it is enough for what was chosen', () => {
  fc.assert(
    fc.property(chosen, devices, (choice, others) => {
      expect(presenceOf(choice, ['active', ...others])).toEqual(choice)
    }),
  )
})

test('nobody before any of them is away, except for who is away for a reason of their own', () => {
  expect(presenceOf({ status: 'online', reason: null }, ['asleep', 'idle'])).toEqual({
    status: 'away',
    reason: 'idle',
  })
  expect(presenceOf({ status: 'busy', reason: null }, ['asleep'])).toEqual({
    status: 'away',
    reason: 'asleep',
  })
  expect(presenceOf({ status: 'away', reason: 'lunch' }, ['idle'])).toEqual({
    status: 'away',
    reason: 'lunch',
  })
})
