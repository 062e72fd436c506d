import type { AppError, OfferView } from '@parley/contracts'
import { describe, expect, it, vi } from 'vitest'

import { translateIn } from '../../i18n/testing/translate-in.ts'
import { offerFailure, offerReason } from './offer-words.ts'

const t = translateIn('es')
const people = new Map([['p', { fullName: 'Paola Aréchiga' }]])
const at = new Date(2026, 10, 23, 11, 24).toISOString()
const failure = (code: AppError['code'], details: Record<string, unknown> = {}) =>
  offerFailure({ code, details }, t, people).title

describe('why an offer could not be taken', () => {
  it('names who has it now, and since when', () => {
    vi.useFakeTimers({ now: Date.parse(at) + 60_000, toFake: ['Date'] })
    expect(failure('conflict', { outcome: 'withdrawn', by: 'p', at })).toBe(
      'La tiene Paola Aréchiga desde las 11:24.',
    )
    vi.useRealTimers()
  })

  it('names nobody where it expired, or is gone for another reason', () => {
    expect(failure('conflict', { outcome: 'expired', by: 'p', at })).toBe(t('offer.expired'))
    expect(failure('conflict', { outcome: 'withdrawn', by: null, at })).toBe(t('offer.withdrawn'))
    expect(failure('conflict')).toBe(t('offer.withdrawn'))
  })

  it('is said as everywhere where it is nothing of the offer', () => {
    expect(failure('server_unreachable')).toBe(t('error.server_unreachable'))
  })
})

describe('why it is offered', () => {
  const offered = (explanation: Record<string, unknown>) =>
    offerReason({ explanation } as OfferView, 'me', t)

  it('is one line with the person’s load', () => {
    const eligible = [{ userId: 'me', load: 4, capacity: 6 }]
    expect(offered({ chosenBecause: 'least_loaded', eligible })).toBe(
      'Menor carga del equipo, carga 4/6',
    )
    expect(offered({ chosenBecause: 'next_in_turn' })).toBe('Era su turno')
  })

  it('is left out where it cannot be read', () => expect(offered({})).toBeNull())
})
