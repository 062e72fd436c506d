import { expect, test } from 'vitest'

import { UsageError, number, parseOptions, rising } from './options.ts'

const OPTIONS = { seconds: number(9, 'seconds'), sizes: rising([10, 100], 'conversations') }

test('what is not said is as it was declared', () => {
  expect(parseOptions([], OPTIONS)).toEqual({ seconds: 9, sizes: [10, 100] })
  expect(parseOptions(['--sizes', '1,2000', '--seconds', '3'], OPTIONS)).toEqual({
    seconds: 3,
    sizes: [1, 2000],
  })
})

test.each([
  ['--sizes', 'abc'],
  ['--sizes', '1000,500'],
  ['--sizes', ''],
  ['--seconds', '-1'],
  ['--seconds', '1,2'],
  ['--seconds', '1.5'],
  ['--seconds'],
  ['--faster'],
  ['quickly'],
])('%s %s is refused in one line', (...args) => {
  expect(() => parseOptions(args, OPTIONS)).toThrow(UsageError)
})
