import { expect, test } from 'vitest'

import { Turns } from './turns.ts'

function begin() {
  const turns = new Turns()
  const begun: string[] = []
  const ended = new Map<string, () => void>()
  return {
    begun,
    add: (name: string, ...keys: string[]) =>
      turns.add(keys, (end) => {
        begun.push(name)
        ended.set(name, end)
      }),
    end: (name: string) => ended.get(name)?.(),
  }
}

test('what concerns the same goes in its order, one after the other; others are not held up', () => {
  const { begun, add, end } = begin()
  add('first of Ana', 'Ana')
  add('second of Ana', 'Ana')
  add('of Beto', 'Beto')
  add('of nobody')
  expect(begun).toEqual(['first of Ana', 'of Beto', 'of nobody'])
  end('of Beto')
  end('first of Ana')
  expect(begun.at(-1)).toBe('second of Ana')
})

test('what concerns several waits for all of them, and they for it', () => {
  const { begun, add, end } = begin()
  add('of Ana', 'Ana')
  add('of both', 'Beto', 'Ana', 'Ana')
  add('of Beto', 'Beto')
  expect(begun).toEqual(['of Ana'])
  end('of Ana')
  expect(begun).toEqual(['of Ana', 'of both'])
  end('of both')
  expect(begun).toEqual(['of Ana', 'of both', 'of Beto'])
})

test('what has ended leaves nothing behind', () => {
  const { begun, add, end } = begin()
  for (const name of ['one', 'two', 'three']) {
    add(name, 'Ana')
    end(name)
  }
  expect(begun).toEqual(['one', 'two', 'three'])
})
