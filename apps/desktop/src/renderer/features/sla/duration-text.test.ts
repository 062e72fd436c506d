import { describe, expect, it } from 'vitest'

import { readDuration, writeDuration } from './duration-text.ts'

describe('a duration', () => {
  it.each([
    ['15 min', 900],
    ['15', 900],
    ['15m', 900],
    ['2 h', 7200],
    ['2 horas', 7200],
    ['2 h 05', 7500],
    ['1 h 30 min', 5400],
    ['1.5 h', 5400],
    ['1,5 h', 5400],
    ['1 d', 86_400],
    ['1 día', 86_400],
    ['2 days 4 hours', 187_200],
    ['90 s', 90],
    ['  45 MIN. ', 2700],
  ])('%s is %i seconds', (typed, seconds) => expect(readDuration(typed)).toBe(seconds))

  it.each(['', 'h', 'pronto', '5 semanas', '5 min 2 h', '1 h 1 h', '-5 min', '1:30', '5 min más'])(
    '%j is none',
    (typed) => expect(readDuration(typed)).toBeNull(),
  )

  it.each([60, 90, 900, 3600, 5400, 7500, 28_800, 86_400, 90_061])(
    'of %i seconds is read as it is written',
    (seconds) => expect(readDuration(writeDuration(seconds))).toBe(seconds),
  )

  it('is written in as few words as it takes', () => {
    expect([900, 28_800, 5400, 86_400].map(writeDuration)).toEqual([
      '15 min',
      '8 h',
      '1 h 30 min',
      '1 d',
    ])
  })
})
