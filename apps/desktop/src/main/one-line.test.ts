import { expect, it } from 'vitest'

import { oneLine } from './one-line.ts'

it('a joined emoji, a Persian name and a Hindi one arrive whole in a notification', () => {
  expect(oneLine('👩‍👩‍👧 Ana')).toBe('👩‍👩‍👧 Ana')
  expect(oneLine('علی\u200Cرضا')).toBe('\u2068علی\u200Cرضا\u2069')
  expect(oneLine('क्षमा')).toBe('क्षमा')
})

it.each(['👩‍👩‍👧', 'क्षि', '🇲🇽', 'e\u0301'])('nothing of %s is cut in two', (character) => {
  const whole = character.normalize('NFC')
  expect(oneLine(character.repeat(100))).toBe(`${whole.repeat(79)}…`)
  expect(oneLine(character.repeat(80))).toBe(whole.repeat(80))
})

it('what turns a line around does not, and what has several lines has one', () => {
  expect(oneLine(' Hola\n\u202Emundo\u0007 ')).toBe('Hola mundo')
  expect(oneLine('?')).toBe('?')
})

it('a text of megabytes costs no more than its beginning', () => {
  expect(oneLine('a'.repeat(5_000_000))).toHaveLength(80)
})
