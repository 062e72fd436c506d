import { expect, test } from 'vitest'
import { createTurns } from './turns.mjs'

test('the first is heard at once, the others whole and in their order', () => {
  let heard = ''
  const begin = createTurns((text) => (heard += text))
  const [first, second, third] = [begin(), begin(), begin()]
  third.print('3')
  first.print('1')
  second.print('2')
  expect(heard).toBe('1')
  third.end()
  expect(heard).toBe('1')
  first.end()
  expect(heard).toBe('12')
  second.print('2')
  expect(heard).toBe('122')
  second.end()
  expect(heard).toBe('1223')
})

test('who begins when nobody is left is heard at once', () => {
  let heard = ''
  const begin = createTurns((text) => (heard += text))
  begin().end()
  begin().print('later')
  expect(heard).toBe('later')
})
