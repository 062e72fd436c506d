import { expect, test } from 'vitest'

import { TokenBuckets } from './token-buckets.ts'

test('so many at once, then as time goes by, each key for itself', () => {
  const buckets = new TokenBuckets({ burst: 2, perSecond: 0.001 })
  expect([buckets.take('a'), buckets.take('a')]).toEqual([0, 0])
  expect(buckets.take('a')).toBeGreaterThan(0)
  expect(buckets.take('b')).toBe(0)
})

test('what cost more than one is paid for by those that come later', () => {
  const buckets = new TokenBuckets({ burst: 10, perSecond: 1 })
  expect(buckets.take('a')).toBe(0)
  buckets.spend('a', 19)
  // Nine were left: ten are owed, and one is to be there.
  expect(buckets.take('a')).toBeGreaterThan(10_000)
  expect(buckets.take('b')).toBe(0)
})
