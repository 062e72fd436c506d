import { expect, test } from 'vitest'
import { z } from 'zod'

import { recordAs } from './record-as.ts'

const toThing = recordAs(
  z.object({
    id: z.string(),
    version: z.int(),
    teamId: z.string().nullable(),
    endedAt: z.string(),
  }),
)
const record = {
  id: 'a',
  version: '7',
  team_id: null,
  ended_at: new Date('2026-11-20T10:00:00.5Z'),
  secret: 'nobody’s business',
}

test('a record becomes what is declared, and nothing else of it goes along', () => {
  const thing = { id: 'a', version: 7, teamId: null, endedAt: '2026-11-20T10:00:00.500Z' }
  expect(toThing(record)).toEqual(thing)
})

test('a column that the query forgot is a bug', () => {
  const { team_id: _forgotten, ...rest } = record
  expect(() => toThing(rest)).toThrow('team_id')
})
