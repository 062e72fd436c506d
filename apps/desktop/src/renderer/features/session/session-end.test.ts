import { expect, test } from 'vitest'

import { sessionEndAt } from './session-end.ts'

const END = Date.parse('2026-11-29T18:00:00Z')

test.each([
  [61, null],
  [60, 'hour'],
  [11, 'hour'],
  [10, 'minutes'],
  [1, 'minutes'],
  [0, null],
  [-5, null],
])('%i minutes before the end it is %j', (minutes, said) => {
  expect(sessionEndAt(END, END - minutes * 60_000)).toBe(said)
})
