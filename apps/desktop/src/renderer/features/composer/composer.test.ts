import type { CannedResponseView } from '@parley/contracts'
import { describe, expect, it } from 'vitest'

import { fillCanned, findCanned, slashAt, unresolvedSlash } from './canned-search.ts'
import { findGaps, gapFrom, gapNames } from './gaps.ts'
import { windowState } from './window-state.ts'

const HOUR = 60 * 60_000
const now = 1_800_000_000_000
const inHours = (hours: number) => new Date(now + hours * HOUR).toISOString()

describe('the 24-hour window', () => {
  it('counts down, and warns in its last two hours', () => {
    expect(windowState('whatsapp', inHours(23), now)).toMatchObject({
      state: 'open',
      left: '23 h 00 min',
    })
    expect(windowState('whatsapp', inHours(1.5), now)).toMatchObject({
      state: 'closing',
      left: '1 h 30 min',
    })
    expect(windowState('whatsapp', inHours(0), now)).toMatchObject({ state: 'closed' })
  })

  it('does not exist in the app, and has not begun where the customer has not written', () => {
    expect(windowState('chat_app', null, now)).toEqual({ state: 'unlimited' })
    expect(windowState('whatsapp', null, now)).toEqual({ state: 'none' })
  })
})

describe('the slash', () => {
  it('is found at the caret, at the beginning or after a space', () => {
    expect(slashAt('/dev', 4)).toEqual({ from: 0, to: 4, word: 'dev' })
    expect(slashAt('Hola /de', 8)).toEqual({ from: 5, to: 8, word: 'de' })
    expect(slashAt('/', 1)).toEqual({ from: 0, to: 1, word: '' })
  })

  it('is no slash inside an address, a date or after the word has ended', () => {
    expect(slashAt('https://a.example/b', 19)).toBeNull()
    expect(slashAt('20/11', 5)).toBeNull()
    expect(slashAt('/dev ', 5)).toBeNull()
  })
})

const response = (shortcut: string, title: string, content = ''): CannedResponseView => ({
  id: shortcut,
  shortcut,
  title,
  content,
  language: null,
  teamId: null,
})

describe('canned responses', () => {
  const all = [
    response('saludo', 'Saludo'),
    response('dev_plazo', 'Devolución, plazo'),
    response('nota', 'Nota', 'La devolución tarda'),
  ]

  it('are found by shortcut first, then title and content, without accents', () => {
    expect(findCanned(all, 'dev').map((one) => one.shortcut)).toEqual(['dev_plazo', 'nota'])
    expect(findCanned(all, 'devolucion').map((one) => one.shortcut)).toEqual(['dev_plazo', 'nota'])
    expect(findCanned(all, '')).toHaveLength(3)
  })

  it('are filled with the first name, and left alone where there is none', () => {
    expect(fillCanned('Hola, {nombre}. Folio {folio}.', 'Lucía Barrientos')).toBe(
      'Hola, Lucía. Folio {folio}.',
    )
    expect(fillCanned('Hola, {{customer_name}}', '+52 55')).toBe('Hola, {{customer_name}}')
  })
})

describe('what nobody means to send', () => {
  const names = gapNames([response('folio', 'Folio', 'Tu folio es {folio}, {nombre}.')])
  const open = (text: string) => findGaps(text, names).map(({ words }) => words)

  it('is a gap of a saved answer', () => {
    expect(open('Tu folio es {folio}, {nombre}.')).toEqual(['{folio}', '{nombre}'])
    expect(open('Hola, {{ Nombre }}')).toEqual(['{{ Nombre }}'])
    expect(open('Tu folio es 4471, Ana.')).toEqual([])
  })

  it('and not what somebody explains in braces', () => {
    expect(open('Escribe {id} en la URL, y function() { return }')).toEqual([])
  })

  it('goes from one to the next and around', () => {
    const gaps = findGaps('{folio} y {nombre}', names)
    expect(gapFrom(gaps, 7, 1)?.words).toBe('{nombre}')
    expect(gapFrom(gaps, 18, 1)?.words).toBe('{folio}')
    expect(gapFrom(gaps, 0, -1)?.words).toBe('{nombre}')
    expect(gapFrom([], 0, 1)).toBeUndefined()
  })

  it("is a saved answer's name that was not found", () => {
    expect(unresolvedSlash('/salduo', { from: 0, to: 7, word: 'salduo' })).toBe('/salduo')
    expect(unresolvedSlash('/salduo', null)).toBe('/salduo')
    expect(unresolvedSlash('Hola /sal', { from: 5, to: 9, word: 'sal' })).toBe('/sal')
    expect(unresolvedSlash('Van 3 km/h y/o 20/11', null)).toBeNull()
    expect(unresolvedSlash('Va en https://a.example/b', null)).toBeNull()
    expect(unresolvedSlash('/', null)).toBeNull()
  })
})
