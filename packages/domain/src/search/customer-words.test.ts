import { expect, test } from 'vitest'

import { customerWords } from './customer-words.ts'

test('a customer is found by name and number without case, accents and the digits that come and go', () => {
  expect(customerWords('Héctor Quintanilla', ['+5215550123456'])).toBe(
    ' hector quintanilla +5215550123456 +525550123456',
  )
  expect(customerWords(null, ['ana.1'])).toBe('  ana.1')
})

test('a name in a script without blanks is found from each of its characters on', () => {
  expect(customerWords('李小龙', [])).toBe(' 李小龙 小龙 龙')
  expect(customerWords('Ana 🌵', [])).toBe(' ana 🌵')
})
