import { describe, expect, it } from 'vitest'

import { readTimeOfDay } from './time-of-day.ts'

describe('a time of day', () => {
  it.each([
    ['9', '09:00'],
    ['9:05', '09:05'],
    ['930', '09:30'],
    ['1730', '17:30'],
    ['17h30', '17:30'],
    [' 00:00 ', '00:00'],
  ])('%j is %s', (typed, time) => expect(readTimeOfDay(typed)).toBe(time))

  it.each(['', 'nueve', '25', '12:60', '12:3:4', '-1', '24:00', '24'])('%j is none', (typed) =>
    expect(readTimeOfDay(typed)).toBeNull(),
  )

  it('may be midnight where something ends', () => {
    expect(readTimeOfDay('24', true)).toBe('24:00')
    expect(readTimeOfDay('24:30', true)).toBeNull()
  })
})
