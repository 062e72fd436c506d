import type { OfferView } from '@parley/contracts'
import { describe, expect, it } from 'vitest'

import { type Answer, nextChangeAt, reconcileOffers } from './shown-offers.ts'

const NOW = Date.parse('2026-11-23T11:24:00.000Z')
const offer = (id: string, seconds = 20): OfferView => ({
  id,
  conversationId: `c-${id}`,
  teamId: 't',
  title: 'Ofelia',
  channel: 'whatsapp',
  language: 'es',
  priority: 'normal',
  preview: { contentType: 'text', text: 'hola' },
  waitingSince: null,
  offeredAt: new Date(NOW).toISOString(),
  expiresAt: new Date(NOW + seconds * 1000).toISOString(),
  explanation: {},
})
const nobody = new Map<string, Answer>()
const states = (shown: ReturnType<typeof reconcileOffers>) =>
  shown.map((one) => `${one.offer.id} ${one.over?.because ?? 'open'}`)

describe('offers on the screen', () => {
  it('stay where they are, and new ones come after them', () => {
    const [a, b] = [offer('a'), offer('b', 10)]
    const first = reconcileOffers([], [a], nobody, NOW)
    const second = reconcileOffers(first, [b, a], nobody, NOW + 1000)
    expect(states(second)).toEqual(['a open', 'b open'])
    expect(second[0]).toBe(first[0])
    expect(reconcileOffers(second, [b, a], nobody, NOW + 2000)).toBe(second)
  })

  it('say for a moment that they expired, or that they were withdrawn, and then go', () => {
    const shown = reconcileOffers([], [offer('a'), offer('b', 5)], nobody, NOW)
    const later = reconcileOffers(shown, [], nobody, NOW + 5000)
    expect(states(later)).toEqual(['a withdrawn', 'b expired'])
    expect(nextChangeAt(later)).toBe(NOW + 10_000)
    expect(states(reconcileOffers(later, [], nobody, NOW + 9999))).toHaveLength(2)
    expect(reconcileOffers(later, [], nobody, NOW + 10_000)).toEqual([])
  })

  it('expire by the clock, whatever the engine still has', () => {
    const a = offer('a', 3)
    const shown = reconcileOffers([], [a], nobody, NOW)
    expect(nextChangeAt(shown)).toBe(NOW + 3000)
    expect(states(reconcileOffers(shown, [a], nobody, NOW + 3000))).toEqual(['a expired'])
  })

  it('keep their place for a second click when they were answered here, and then go', () => {
    const [a, b] = [offer('a'), offer('b')]
    const answers = new Map<string, Answer>([['a', 'accepted']])
    const shown = reconcileOffers([], [a, b], nobody, NOW)
    const answered = reconcileOffers(shown, [a, b], answers, NOW)
    expect(states(answered)).toEqual(['a accepted', 'b open'])
    expect(states(reconcileOffers(answered, [b], answers, NOW + 699))).toHaveLength(2)
    expect(states(reconcileOffers(answered, [a, b], answers, NOW + 700))).toEqual(['b open'])
    expect(nextChangeAt([])).toBeNull()
  })
})
