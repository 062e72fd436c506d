import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { foldWord, indexedWords, wantedIn, wordsOf } from './search-words.ts'

/** Whether what is typed is in the text, as an index of its words would find it. */
function finds(typed: string, text: string): boolean {
  const words = indexedWords(text).split(' ')
  const isAt = (way: string[], isBegun: boolean, at: number): boolean =>
    way.every((word, index) =>
      isBegun && index === way.length - 1
        ? (words[at + index] ?? '').startsWith(word)
        : words[at + index] === word,
    )
  const has = (way: string[], isBegun: boolean) => words.some((_, at) => isAt(way, isBegun, at))
  return wantedIn(typed).every(({ ways }) =>
    ways.some(({ words: way, together, isBegun }) =>
      together
        ? has(way, isBegun)
        : way.every((word, index) => has([word], isBegun && index === way.length - 1)),
    ),
  )
}

describe('somebody finds', () => {
  test.each([
    ['北京', '我在北京大学读书', 'a run of Chinese inside another'],
    ['パス', 'パスワードを忘れました', 'Japanese'],
    ['결제', '카드결제가 안돼요', 'Korean inside a word'],
    ['สวัสดี', 'สวัสดีครับ', 'Thai'],
    ['👍', 'ok 👍🏽 gracias', 'an emoji of another skin'],
    ['👍🏿', 'ok 👍', 'an emoji of no skin'],
    ['میخواهم', 'می‌خواهم', 'Persian without its joiner'],
    ['👨‍👩‍👧', 'mi familia 👨‍👩‍👧!', 'a joined emoji'],
    ['🇲🇽', 'viva 🇲🇽', 'a flag'],
    ['हिन्दी', 'मुझे हिन्दी आती है', 'Hindi'],
    ['محمد', 'اسمي مُحَمَّد', 'Arabic without its vowels'],
    ['5512345678', 'mi cel es 55 1234-5678, gracias', 'a number by its digits'],
    ['5512345678', '+52 (55) 1234 5678', 'a number without its country'],
    ['55 1234 5678', 'es el 5512345678', 'a number in groups, written in one'],
    ['+52 55 1234 5678', 'es el 5512345678', 'a number in groups with its country'],
    ['+52 55 1234 5678', 'tel. (55) 1234-5678', 'a number in other groups'],
    ['551234', 'mi cel es 55 1234-5678', 'a number that is not typed to its end'],
    ['MX202600417', 'folio MX-2026-00417', 'a folio without its dashes'],
    ['00417', 'folio MX-2026-00417', 'the end of a folio'],
    ['c++', 'programo en C++ y java', 'c++'],
    ['c#', 'mejor C#.', 'c#'],
    ['codigo', 'el CÓDIGO', 'a word without its accent'],
    ['confir', 'confirmar', 'the beginning of a word'],
    ['İstanbul', 'istanbul', 'a Turkish capital'],
    ['2026 417', 'el folio 417 de 2026', 'two numbers apart'],
    ['ｃｏｄｅ', 'code', 'full-width letters'],
  ])('%s in %s: %s', (typed, text) => expect(finds(typed, text)).toBe(true))

  test.each([
    ['c++', 'casa, carro y comida'],
    ['京北', '我在北京大学读书'],
    ['हिन', 'मुझे हनीमून'],
    ['igo', 'el código'],
    ['5512345679', '55 1234 5678'],
    ['👎', 'ok 👍'],
    ['12345', 'pagué 12 y 345'],
  ])('not %s in %s', (typed, text) => expect(finds(typed, text)).toBe(false))

  test('nothing by marks alone', () => {
    expect(wantedIn('" * ( ) ++')).toEqual([])
  })

  test('every word of a text by itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        for (const { from, to } of wordsOf(text)) {
          expect([text.slice(from, to), finds(text.slice(from, to), text)]).toEqual([
            text.slice(from, to),
            true,
          ])
        }
      }),
    )
  })
})

test('a word stands where it stood', () => {
  expect(wordsOf('El código 北京 👍🏽').map(({ word, from, to }) => [word, from, to])).toEqual([
    ['el', 0, 2],
    ['codigo', 3, 9],
    ['北', 10, 11],
    ['京', 11, 12],
    ['👍', 13, 17],
  ])
})

test('folding is done once', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (text) => {
      expect(foldWord(foldWord(text))).toBe(foldWord(text))
    }),
  )
})

test('a text without blanks of megabytes is read in no time that grows with its square', () => {
  for (const text of [
    '1-'.repeat(50_000),
    '1 '.repeat(50_000),
    'a'.repeat(200_000),
    '+'.repeat(100_000),
  ]) {
    expect(indexedWords(text).length).toBeLessThan(2_000_000)
  }
})
