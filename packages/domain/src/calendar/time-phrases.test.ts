import { describe, expect, test } from 'vitest'

import { agoWords, sinceWords, untilWords, whenWords, withinWords } from './time-phrases.ts'

const timeZone = 'America/Mexico_City'
/** In Mexico City, six hours behind. */
const local = (day: number, hour: number, minute = 0, month = 11, year = 2026) =>
  Date.UTC(year, month - 1, day, hour + 6, minute)
const now = local(28, 12)

const all = (at: number) =>
  (['es', 'en'] as const).map((language) => whenWords({ at, now, language, timeZone }))

describe('when something was or will be', () => {
  test.each([
    ['today', local(28, 16, 57), 'a las 16:57', 'at 16:57'],
    ['today, at one', local(28, 1, 5), 'a la 1:05', 'at 1:05'],
    ['today, after midnight', local(28, 0, 7), 'a las 0:07', 'at 0:07'],
    ['yesterday', local(27, 23, 59), 'ayer a las 23:59', 'yesterday at 23:59'],
    ['tomorrow', local(29, 9), 'mañana a las 9:00', 'tomorrow at 9:00'],
    ['this week', local(26, 16, 57), 'el jue 26 a las 16:57', 'on Thu 26 at 16:57'],
    ['weeks ago', local(2, 9, 5), 'el 2 de noviembre a las 9:05', 'on 2 November at 9:05'],
    [
      'another year',
      local(14, 9, 5, 8, 2025),
      'el 14 de agosto de 2025 a las 9:05',
      'on 14 August 2025 at 9:05',
    ],
  ])('%s', (_when, at, spanish, english) => {
    expect(all(at)).toEqual([spanish, english])
  })

  test('since then, and until then', () => {
    const [one, thursday, tomorrow] = [local(28, 1, 5), local(26, 16, 57), local(29, 9)]
    const both = (words: typeof sinceWords, at: number) =>
      (['es', 'en'] as const).map((language) => words({ at, now, language, timeZone }))
    expect(both(sinceWords, one)).toEqual(['desde la 1:05', 'since 1:05'])
    expect(both(sinceWords, thursday)).toEqual([
      'desde el jue 26 a las 16:57',
      'since Thu 26 at 16:57',
    ])
    expect(both(untilWords, tomorrow)).toEqual([
      'hasta mañana a las 9:00',
      'until tomorrow at 9:00',
    ])
  })

  test('by the reader’s own day', () => {
    // 1:30 of the next day in Madrid.
    const at = Date.UTC(2026, 10, 28, 0, 30)
    const words = (zone: string) => whenWords({ at, now, language: 'es', timeZone: zone })
    expect([words('Europe/Madrid'), words(timeZone)]).toEqual(['a la 1:30', 'ayer a las 18:30'])
  })
})

test('what has only just happened is not 0 minutes ago', () => {
  expect([agoWords(0, 'es'), agoWords(59_999, 'en')]).toEqual(['hace un momento', 'just now'])
  expect([agoWords(6 * 60_000, 'es'), agoWords(125 * 60_000, 'en')]).toEqual([
    'hace 6 min',
    '2 h 05 ago',
  ])
  expect([withinWords(30_000, 'es'), withinWords(30_000, 'en')]).toEqual([
    'en menos de 1 min',
    'in under 1 min',
  ])
})
