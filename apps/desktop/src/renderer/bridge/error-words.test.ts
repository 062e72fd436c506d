import { ERROR_CODES, type ErrorCode } from '@parley/contracts'
import { describe, expect, it, vi } from 'vitest'

import { install } from '../contributions/registry.ts'
import { translateIn } from '../i18n/testing/translate-in.ts'
import { ERROR_WORDS, SAVED_MEANWHILE, errorWords } from './error-words.ts'

install([
  { refusals: ({ details }) => (details['action'] === 'saved' ? SAVED_MEANWHILE : null) },
  { refusals: ({ code }) => (code === 'not_found' ? { title: 'list.failed' } : null) },
])
const people = new Map([['p1', { fullName: 'Paola Aréchiga' }]])
const t = translateIn('es')
const words = (code: ErrorCode, details: Record<string, unknown> = {}) =>
  errorWords({ code, details }, t, people)

describe('errors in words', () => {
  it('has words for every code, in both languages, with every place filled', () => {
    expect(Object.keys(ERROR_WORDS).toSorted()).toEqual(ERROR_CODES.toSorted())
    for (const language of ['es', 'en'] as const) {
      for (const code of ERROR_CODES) {
        const { title, detail } = errorWords({ code, details: {} }, translateIn(language), people)
        expect(`${title} ${detail}`).not.toMatch(/[{}]|undefined|NaN/)
        expect(title).not.toBe('')
        expect(detail).not.toBe('')
      }
    }
  })

  it('names who was faster and when, and what they did as far as a feature says it', () => {
    vi.useFakeTimers({ now: new Date(2026, 10, 23, 12), toFake: ['Date'] })
    const at = new Date(2026, 10, 23, 11, 24).toISOString()
    const title = (action: string, when = at) =>
      words('conflict', { by: 'p1', at: when, action }).title
    expect(title('saved')).toMatch(/^Paola Aréchiga .* a las 11:24\.$/)
    expect(title('something new')).toBe('Paola Aréchiga la cambió a las 11:24.')
    expect(title('saved')).not.toBe(title('something new'))
    const yesterday = new Date(2026, 10, 22, 16, 57).toISOString()
    expect(title('something new', yesterday)).toBe('Paola Aréchiga la cambió ayer a las 16:57.')
    vi.useRealTimers()
  })

  it('names nobody where nobody in particular was faster', () => {
    expect(words('conflict').title).toBe('Algo cambió mientras tanto.')
    expect(words('conflict', { action: 'saved' }).title).toBe(t('error.conflict.savedSettings'))
  })

  it("takes a feature's own words for a refusal before everybody's", () => {
    expect(words('not_found')).toEqual({
      title: t('list.failed'),
      detail: t('error.not_found.detail'),
    })
  })

  it('says how long to wait', () => {
    expect(words('too_many_attempts', { retryAfterMs: 90_000 }).detail).toContain('2 minutos')
  })
})
