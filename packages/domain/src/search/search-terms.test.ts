import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { parseSearch, printSearch, type SearchTerm } from './search-terms.ts'

const word = (text: string): SearchTerm => ({ kind: 'word', text })
const operator = (name: string, value: string): SearchTerm => ({ kind: 'operator', name, value })

describe('what is typed', () => {
  test.each<[string, SearchTerm[]]>([
    ['', []],
    ['  \n ', []],
    ['pago rechazado', [word('pago'), word('rechazado')]],
    ['due:overdue código', [operator('due', 'overdue'), word('código')]],
    ['Due:Overdue', [operator('due', 'Overdue')]],
    ['tag:"to call"', [operator('tag', 'to call')]],
    ['"to call" now', [word('to call'), word('now')]],
    [String.raw`"said \"no\""`, [word('said "no"')]],
    [String.raw`tag:"a\\b"`, [operator('tag', String.raw`a\b`)]],
    ['tag:""', [operator('tag', '')]],
    ['tag: call', [word('tag:'), word('call')]],
    ['etiqueta:ñandú', [operator('etiqueta', 'ñandú')]],
    ['año:2026', [word('año:2026')]],
    ['12:30', [word('12:30')]],
    ['a:b:c', [operator('a', 'b:c')]],
    ['https://parley.example', [operator('https', '//parley.example')]],
    // While it is being typed.
    ['tag:"to ca', [operator('tag', 'to ca')]],
    ['"', []],
    ['""', []],
    ['5" pipe', [word('5"'), word('pipe')]],
  ])('%j', (text, terms) => {
    expect(parseSearch(text)).toEqual(terms)
  })
})

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom(...'ab:"\\ \n') }),
)
const term = fc.oneof(
  text.filter((value) => value !== '').map(word),
  fc
    .tuple(fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/), text)
    .map(([name, value]) => operator(name, value)),
)

test('printed terms are read as they were', () => {
  fc.assert(
    fc.property(fc.array(term), (terms) => {
      expect(parseSearch(printSearch(terms))).toEqual(terms)
    }),
  )
})

test('whatever is typed means the same after it is read and printed', () => {
  fc.assert(
    fc.property(text, (typed) => {
      const terms = parseSearch(typed)
      expect(parseSearch(printSearch(terms))).toEqual(terms)
    }),
  )
})
