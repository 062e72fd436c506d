import {
  auditFilter,
  businessHours,
  businessWindow,
  providerSettings,
  routingSettings,
  saveSecurityPolicyInput,
  slaPolicy,
  slaSettings,
  triageModelSettings,
  triageSettings,
} from '@parley/contracts'
import { AUDIT_ACTIONS } from '@parley/domain'
import { describe, expect, test } from 'vitest'

import { translateIn } from '../../i18n/testing/translate-in.ts'
import { actionWords, fieldWords, hasWord, valueWords } from './entry-words.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

const server = import.meta.glob<string>('../../../../../server/src/**/*.ts', {
  query: '?raw',
  import: 'default',
  eager: true,
})
/** Every place in the server that writes to the log, from `record(` to its end. */
const records = Object.entries(server)
  .filter(([file]) => !/\.test\.|\/testing\//.test(file))
  .flatMap(([, code]) => callsOf(code))

function callsOf(code: string): string[] {
  return [...code.matchAll(/(?:audit\.record|await record(?=\(by))\(/g)].map(({ index }) => {
    let depth = 0
    let end = index
    do {
      if (code[end] === '(') depth += 1
      if (code[end] === ')') depth -= 1
      end += 1
    } while (depth > 0 || code[end - 1] !== ')')
    return code.slice(index, end)
  })
}

/** What is written out where it is recorded. */
const written = records.flatMap((call) =>
  [...call.matchAll(/\b(?:before|after): \{([^{}]*)\}/g)].flatMap(([, fields = '']) =>
    // What a call is given is no field.
    [...fields.replaceAll(/\([^()]*\)/g, '').matchAll(/(?:^|,)\s*(\w+)/g)].map(
      ([, name = '']) => name,
    ),
  ),
)
/** What is recorded as it was saved. */
const saved = [
  routingSettings,
  routingSettings.shape.outOfHoursText,
  routingSettings.shape.channelWeights,
  slaSettings,
  slaPolicy,
  businessHours,
  businessWindow,
  businessHours.shape.holidays.element,
  triageSettings,
  triageModelSettings,
  saveSecurityPolicyInput.shape.policy,
  auditFilter,
  providerSettings,
].flatMap(({ shape }) => Object.keys(shape))
const others = ['fullName', 'email', 'reason', 'besides', 'hasNewKey', 'version', 'rules', 'saying']
const FIELDS = [...new Set([...written, ...saved, ...others])]

test('the server was read', () => {
  expect(records.length).toBeGreaterThan(30)
  expect(written).toEqual(expect.arrayContaining(['teamIds', 'expiresAt', 'moved', 'sessions']))
})

test('every action that is recorded is one that has words', () => {
  const recorded = records.flatMap((call) =>
    [...call.matchAll(/'((?:\w+)\.(?:\w+))'/g)].map(([, action]) => action),
  )
  expect(recorded.length).toBeGreaterThan(30)
  expect(
    recorded.filter((action) => !(AUDIT_ACTIONS as readonly unknown[]).includes(action)),
  ).toEqual([])
  for (const action of AUDIT_ACTIONS) {
    expect([action, `audit.${action}` in es, `audit.${action}` in en]).toEqual([action, true, true])
  }
})

test.each(FIELDS)('%s has words', (field) => expect(hasWord(`audit.field.${field}`)).toBe(true))

describe.each(['es', 'en'] as const)('in %s', (language) => {
  const t = translateIn(language)
  const person = '0190b7a0-0000-7000-8000-000000000001'
  const directory = {
    people: new Map([[person, { fullName: 'Mariana Solís' }]]),
    teams: new Map(),
  } as never
  const now = Date.parse('2026-11-29T12:00:00Z')
  const said = (field: string, value: unknown) => valueWords(field, value, { t, now, directory })

  test('values are said as people say them', () => {
    expect(said('isActive', true)).toBe(language === 'es' ? 'Sí' : 'Yes')
    expect(said('overflowTeamId', null)).toBe(language === 'es' ? 'Nada' : 'Nothing')
    expect(said('teamIds', [])).toBe(language === 'es' ? 'Nada' : 'Nothing')
    expect(said('to', person)).toBe('Mariana Solís')
    expect(said('to', '0190b7a0-0000-7000-8000-000000000002')).toContain('0190b7a0')
    expect(said('role', 'team_lead')).toBe(language === 'es' ? 'Líder de equipo' : 'Team lead')
    expect(said('secondFactorRoles', ['admin', 'agent'])).toBe(
      language === 'es' ? 'Administración\nAgente' : 'Administrator\nAgent',
    )
    expect(said('sessionIdleMinutes', 10_080)).toBe('7 d')
    expect(said('firstResponseSeconds', 5400)).toBe('1 h 30')
    expect(said('firstResponseSeconds', 90)).toBe('90 s')
    expect(said('windows', { dayOfWeek: 0, opensAt: '09:00' })).toBe(
      language === 'es' ? 'Día: lunes · Abre: 09:00' : 'Day: Monday · Opens: 09:00',
    )
    expect(said('actions', ['team.created'])).toBe(actionWords('team.created', t))
    // In the zone of whoever looks.
    const at = new Date(2026, 10, 20, 9, 28, 30)
    expect(said('expiresAt', at.toISOString())).toMatch(/20 \w+, 9:28:30/i)
  })

  test('what this build has no word for is shown as it is', () => {
    expect(fieldWords(['policies', 'urgent', 'newField'], t)).toMatch(
      /^\S+ · Urgent\S* · newField$/,
    )
    expect(actionWords('moon.landed', t)).toBe('moon.landed')
    expect(said('newField', 'new_value')).toBe('new_value')
  })
})
