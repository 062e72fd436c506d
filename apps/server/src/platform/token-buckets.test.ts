import { expect, test } from 'vitest'

import { TokenBuckets } from './token-buckets.ts'

test('so many at once, then as time goes by, each key for itself', () => {
  const buckets = new TokenBuckets({ burst: 2, perSecond: 0.001 })
  expect([buckets.take('a'), buckets.take('a')]).toEqual([0, 0])
  expect(buckets.take('a')).toBeGreaterThan(0)
  expect(buckets.take('b')).toBe(0)
})
