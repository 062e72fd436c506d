import { describe, expect, it } from 'vitest'

import { foldText, markMatch } from './fold-text.ts'
import { initials, tintOf } from './initials.ts'
import { loadText } from './load-text.ts'
import { percent } from './percent.ts'

describe('initials', () => {
  it.each([
    ['Mariana Solís', 'MS'],
    ['Diana Fuentes · Grupo Tlalli', 'DF'],
    ['Ángela', 'Á'],
    ['+52 55 0148 7725', '25'],
    ['', ''],
  ])('%s is %s', (name, letters) => expect(initials(name)).toBe(letters))

  it('always has the same tint', () => {
    expect(tintOf('a')).toBe(tintOf('a'))
    expect([1, 2, 3, 4, 5, 6]).toContain(tintOf('0194f2a1'))
  })
})

describe('load', () => {
  it('shows fractions only where there are any', () => {
    expect(loadText(4, 6)).toBe('4/6')
    expect(loadText(4.25, 6)).toBe('4.25/6')
  })
})

describe('looking for words', () => {
  it('knows neither case nor accents', () => {
    expect(foldText('DEPÓSITO')).toBe('deposito')
    expect(markMatch('El depósito llegó', 'DEPOS')).toEqual([
      { text: 'El ', match: false },
      { text: 'depós', match: true },
      { text: 'ito llegó', match: false },
    ])
    expect(markMatch('nada', 'x')).toEqual([{ text: 'nada', match: false }])
  })
})

describe('percentages', () => {
  it('are shares of what was measured, or nothing', () => {
    expect(percent({ met: 121, total: 125 })).toBe('96.8 %')
    expect(percent({ met: 0, total: 0 })).toBeNull()
  })
})
