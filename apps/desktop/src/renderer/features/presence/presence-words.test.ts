import { AWAY_REASONS } from '@parley/domain'
import { describe, expect, it } from 'vitest'

import { translateIn } from '../../i18n/testing/translate-in.ts'
import { presenceWords, shownPresence } from './presence-words.ts'

const t = translateIn('es')
const words = (
  status: 'online' | 'busy' | 'away' | 'offline',
  reason: string | null = null,
  isFinishing = false,
) => presenceWords({ status, reason, isFinishing }, t)

describe('presence in words', () => {
  it('says why somebody is away, found out or chosen, and nothing where the reason is unknown', () => {
    for (const reason of AWAY_REASONS) expect(words('away', reason)).toMatch(/^Ausente, \S/)
    expect(words('away', 'something new')).toBe('Ausente')
    expect(words('online', 'lunch')).toBe('En línea')
  })

  it('says the end of a shift beside it, but not of somebody who has left', () => {
    expect(words('online', null, true)).toBe('Terminando turno')
    expect(words('away', 'lunch', true)).toBe('Ausente, comida, terminando turno')
    expect(words('offline', null, true)).toBe('Sin conexión')
  })

  it('has a shape for whoever finishes', () => {
    expect(shownPresence({ status: 'online', reason: null, isFinishing: true })).toBe('finishing')
    expect(shownPresence({ status: 'busy', reason: null, isFinishing: true })).toBe('busy')
  })
})
