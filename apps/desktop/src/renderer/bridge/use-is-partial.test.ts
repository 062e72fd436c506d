import { expect, test } from 'vitest'

import { extentOf } from './use-is-partial.ts'

test('that there is nothing more is known when an answer says so, and nothing before it has come', () => {
  expect(extentOf({ isPartial: false }, false)).toBe('all')
  expect(extentOf({ isPartial: true }, true)).toBe('here')
  // The server may still say the rest.
  expect(extentOf({ isPartial: true }, false)).toBe('unknown')
  expect(extentOf(undefined, false)).toBe('unknown')
})
