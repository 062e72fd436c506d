import { AUDIT_ACTIONS } from '@parley/domain'
import { expect, test } from 'vitest'

import { askedBy, NO_FILTER } from './shown-filter.ts'

const wordsOf = (action: string) => (action === 'team.created' ? 'Creó un equipo' : '')
const asked = (filter: object) => askedBy({ ...NO_FILTER, ...filter }, wordsOf)

test('nothing in the fields asks for everything', () => {
  expect(asked({})).toEqual({
    actions: [],
    actorId: null,
    actorKind: null,
    targetId: null,
    from: null,
    to: null,
    text: null,
  })
})

test('days are those of the person’s own calendar, and the last one is included', () => {
  const day = new Date(2026, 9, 25)
  expect(asked({ fromDay: '2026-10-25', toDay: '2026-10-25' })).toMatchObject({
    from: day.toISOString(),
    to: new Date(2026, 9, 26).toISOString(),
  })
  expect(asked({ toDay: '2026-12-31' }).to).toBe(new Date(2027, 0, 1).toISOString())
  // While a year is being typed.
  expect(asked({ fromDay: '0002-10-25', toDay: '' })).toMatchObject({ from: null, to: null })
})

test('who acts is a person, or what is none', () => {
  const id = '0190b7a0-0000-7000-8000-000000000001'
  expect(asked({ who: id })).toMatchObject({ actorId: id, actorKind: null })
  expect(asked({ who: 'command_line' })).toMatchObject({
    actorId: null,
    actorKind: 'command_line',
  })
})

test('a part is all of its actions', () => {
  expect(asked({ area: 'tag' }).actions).toEqual(['tag.created', 'tag.changed', 'tag.removed'])
  expect(asked({ area: 'team' }).actions).toEqual(
    AUDIT_ACTIONS.filter((action) => action.startsWith('team.')),
  )
})

test('a text finds the actions that are said with it', () => {
  expect(asked({ typed: ' CREO ' }).text).toEqual({ typed: 'CREO', actions: ['team.created'] })
  expect(asked({ typed: 'nadie' }).text).toEqual({ typed: 'nadie', actions: [] })
  expect(asked({ typed: '  ' }).text).toBeNull()
})
