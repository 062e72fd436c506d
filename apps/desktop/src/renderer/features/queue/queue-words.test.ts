import { describe, expect, it } from 'vitest'

import { translateIn } from '../../i18n/testing/translate-in.ts'
import { expectedWords, waitWords, waitedWords } from './queue-words.ts'

const t = translateIn('es')
const at = new Date(2026, 10, 23, 11, 24)
const NOW = at.getTime()
const words = (wait: Parameters<typeof waitWords>[0]) =>
  waitWords(wait, t, () => 'Rodrigo Ceja', NOW)

describe('what it waits for', () => {
  it.each(['nothing', 'presence', 'capacity', 'declined', 'pull'] as const)('%s', (kind) =>
    expect(words({ kind })).not.toBe(''),
  )

  it('is a skill, and until when', () => {
    const skill = { kind: 'skill', skill: 'english', level: 4, relaxesAt: null } as const
    expect(words(skill)).toBe('Nadie con inglés 4')
    expect(words({ ...skill, skill: 'vip_care', relaxesAt: at.toISOString() })).toBe(
      'Nadie con vip care 4; baja a las 11:24',
    )
  })

  it('is an answer to an offer, by name and in seconds', () => {
    const offer = (ms: number) =>
      words({ kind: 'offer', userId: 'r', expiresAt: new Date(NOW + ms).toISOString() })
    expect(offer(17_400)).toBe('Oferta a Rodrigo, 18 s')
    expect(offer(-5000)).toBe('Oferta a Rodrigo, 0 s')
  })
})

it('tells waits as clocks do', () => {
  const queued = (ms: number) => waitedWords({ queuedAt: new Date(NOW - ms).toISOString() }, NOW)
  expect([queued(252_000), queued(720_000)]).toEqual(['4:12', '12 min'])
  expect(expectedWords(null, t)).toBe('Sin ritmo')
  expect(expectedWords(20, t)).toBe('< 1 min')
  expect(expectedWords(245, t)).toBe('4 min')
})
