import { ERROR_CODES } from '@parley/contracts'
import { describe, expect, it } from 'vitest'

import { translateIn } from '../i18n/testing/translate-in.ts'
import { ERROR_WORDS, errorWords } from './error-words.ts'

const people = new Map([['p1', { fullName: 'Paola Aréchiga' }]])

describe('errors in words', () => {
  it('has words for every code, in both languages, with every place filled', () => {
    expect(Object.keys(ERROR_WORDS).toSorted()).toEqual(ERROR_CODES.toSorted())
    for (const language of ['es', 'en'] as const) {
      const t = translateIn(language)
      for (const code of ERROR_CODES) {
        const { title, detail } = errorWords({ code, details: {} }, t, people)
        expect(`${title} ${detail}`).not.toMatch(/[{}]|undefined|NaN/)
        expect(title).not.toBe('')
        expect(detail).not.toBe('')
      }
    }
  })

  it('names who was faster, what they did and when', () => {
    const t = translateIn('es')
    const at = new Date(2026, 10, 23, 11, 24).toISOString()
    const conflict = (details: Record<string, unknown>) =>
      errorWords({ code: 'conflict', details: { by: 'p1', at, ...details } }, t, people).title
    expect(conflict({ action: 'conversation.assigned', assignedTo: 'p1' })).toBe(
      'Paola Aréchiga la reclamó a las 11:24.',
    )
    expect(conflict({ action: 'conversation.closed' })).toBe('Paola Aréchiga la cerró a las 11:24.')
    expect(conflict({ action: 'something new' })).toBe('Paola Aréchiga la cambió a las 11:24.')
  })

  it('names nobody where nobody in particular was faster', () => {
    const t = translateIn('es')
    expect(
      errorWords({ code: 'conflict', details: { action: 'already_open' } }, t, people).title,
    ).toBe('El cliente ya tiene otra conversación abierta.')
    expect(errorWords({ code: 'conflict', details: {} }, t, people).title).toBe(
      'Algo cambió mientras tanto.',
    )
  })

  it('says how long to wait', () => {
    const t = translateIn('es')
    expect(
      errorWords({ code: 'too_many_attempts', details: { retryAfterMs: 90_000 } }, t, people)
        .detail,
    ).toContain('2 minutos')
  })
})
