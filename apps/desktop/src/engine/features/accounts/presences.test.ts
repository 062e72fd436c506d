import { type PresenceRow } from '@parley/contracts'
import { expect, test } from 'vitest'

import { openCache, put } from '../../testing/open-cache.ts'
import { person, presence } from '../../testing/rows.ts'

const thereIn = ({ store }: ReturnType<typeof openCache>['cache']): string[] =>
  store
    .rows<PresenceRow>('SELECT row FROM presences')
    .map(({ id }) => id)
    .toSorted()

function begin(role: 'agent' | 'supervisor'): ReturnType<typeof openCache> {
  const opened = openCache({ role, teamIds: ['sales', 'support'] })
  const teams = { me: ['sales', 'support'], 'of both': ['sales', 'support'], 'of sales': ['sales'] }
  for (const [id, teamIds] of Object.entries(teams)) {
    opened.apply(put('person', person({ id, teamIds })), put('presence', presence(id)))
  }
  return opened
}

test('whoever leaves a team hears no more of who of it is there', () => {
  const { cache, apply } = begin('agent')
  apply({ op: 'access', role: 'agent', teamIds: ['support'] })
  expect(thereIn(cache)).toEqual(['me', 'of both'])
})

test('who watches all teams hears of all, whatever team they leave', () => {
  const { cache, apply } = begin('supervisor')
  apply({ op: 'access', role: 'supervisor', teamIds: [] })
  expect(thereIn(cache)).toEqual(['me', 'of both', 'of sales'])
})
