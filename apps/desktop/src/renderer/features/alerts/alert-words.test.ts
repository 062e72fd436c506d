import type { AlertView } from '@parley/contracts'
import { describe, expect, it } from 'vitest'

import { translateIn } from '../../i18n/testing/translate-in.ts'
import { alertLabel, bandWords, endWords, factsOf, wordsOf } from './alert-words.ts'

const t = translateIn('es')
const now = Date.parse('2026-11-23T11:24:00Z')
const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString()
const escalation: AlertView = {
  id: 'a',
  kind: 'escalation',
  clock: 'escalation',
  conversationId: 'c',
  title: 'Héctor Quintanilla',
  channel: 'chat_app',
  priority: 'urgent',
  teamId: 't',
  assignedTo: 'm',
  assigneeName: 'Mariana Solís',
  assigneeLoad: { load: 4, capacity: 6 },
  waitingSince: at(-11),
  preview: { contentType: 'text', text: 'No me deja confirmar' },
  dueAt: at(-6),
  targetSeconds: 300,
  raisedAt: at(-1),
  level: 1,
  risesAt: at(3.7),
  endedAt: null,
  endReason: null,
  acknowledgedByName: null,
  channelNow: 'system',
  mayTakeOver: true,
}
const breach: AlertView = { ...escalation, kind: 'breach', clock: 'first_response', risesAt: null }
const band = (alert: AlertView) => bandWords(alert, 'long', t, now)
const facts = (alert: AlertView) =>
  factsOf(alert, { t, teamName: 'Cuentas', now }).map(({ words }) => words)

describe('an alert’s band', () => {
  it('counts down to the next level and names it', () => {
    expect(band(escalation)).toBe('Sube a supervisión en 3:42')
    expect(band({ ...escalation, level: 2 })).toBe('Sube a administración en 3:42')
    expect(bandWords(escalation, 'short', t, now)).toBe('A supervisión en 3:42')
  })

  it('says so where it rises now, or cannot rise any more', () => {
    expect(band({ ...escalation, risesAt: at(-0.1) })).toBe(t('alert.rising'))
    expect(band({ ...escalation, level: 3, risesAt: null })).toBe(t('alert.atTheTop'))
  })

  it('of a breach says how long it has been', () => {
    expect(band(breach)).toBe('hace 6 min')
  })

  it('of a breach that has only just happened does not say 0 min', () => {
    expect(band({ ...breach, dueAt: at(-0.5) })).toBe('hace un momento')
    expect(bandWords({ ...breach, dueAt: at(0) }, 'long', translateIn('en'), now)).toBe('just now')
  })
})

describe('what one decides by', () => {
  it('is team, wait against its target, and who has how much', () => {
    expect(facts(escalation)).toEqual([
      'Cuentas, urgente',
      '11 min, meta de 5 min',
      'Mariana Solís, 4/6',
    ])
    expect(facts(breach)).toContain('1.ª respuesta, meta de 5 min')
  })

  it('leaves out what is not known, and says where nobody has it', () => {
    const bare = { ...escalation, waitingSince: null, assignedTo: null, priority: null }
    expect(facts(bare)).toEqual(['Cuentas', t('alert.nobody')])
    expect(facts({ ...escalation, targetSeconds: null })).toContain('11 min')
  })

  it('has the customer’s words, or what they sent', () => {
    expect(wordsOf(escalation, t)).toBe('«No me deja confirmar»')
    expect(wordsOf({ ...escalation, preview: { contentType: 'audio', text: '' } }, t)).toBe(
      t('content.audio'),
    )
    expect(wordsOf({ ...escalation, preview: null }, t)).toBeNull()
  })
})

describe('an alert’s name and end', () => {
  it('names the customer, or a conversation that is not here', () => {
    expect(alertLabel(escalation, t)).toBe('Escalación: Héctor Quintanilla')
    expect(alertLabel({ ...breach, title: '' }, t)).toBe('Vencida: Una conversación')
  })

  it('names who acknowledged', () => {
    const over = { ...breach, endReason: 'acknowledged' } as const
    expect(endWords({ ...over, acknowledgedByName: 'Rodrigo Ceja' }, t)).toBe('acusó Rodrigo Ceja')
    expect(endWords(over, t)).toBe(t('alert.end.acknowledged'))
    expect(endWords({ ...breach, endReason: 'moved' }, t)).toBe(t('alert.end.moved'))
  })
})
