import { expect, test } from 'vitest'

import { Allowance } from './allowance.ts'

test('what is held has a limit by address and one over all, and has room again once it is given back', () => {
  const allowance = new Allowance({ perAddress: 10, inAll: 25 })
  const giveBack = allowance.take('one', 10)
  expect(giveBack).not.toBeNull()
  expect(allowance.take('one', 1)).toBeNull()
  expect(allowance.take('two', 10)).not.toBeNull()
  expect(allowance.take('three', 6)).toBeNull()
  expect(allowance.take(null, 6)).toBeNull()
  expect(allowance.take(null, 5)).not.toBeNull()
  giveBack?.()
  giveBack?.()
  expect(allowance.take('three', 10)).not.toBeNull()
  expect(allowance.take('one', 1)).toBeNull()
})
