import { type CannedResponseRow, type FeedItem } from '@parley/contracts'
import { expect, test } from 'vitest'

import { openCache, put } from '../../testing/open-cache.ts'
import { cannedResponse } from '../../testing/rows.ts'

const shortcutsIn = ({ store }: ReturnType<typeof openCache>['cache']): string[] =>
  store
    .rows<CannedResponseRow>('SELECT row FROM canned_responses')
    .map(({ shortcut }) => shortcut)
    .toSorted()

function begin(role: 'agent' | 'supervisor'): ReturnType<typeof openCache> {
  const opened = openCache({ role, teamIds: ['sales', 'support'] })
  const of = (shortcut: string, given: Partial<CannedResponseRow>): FeedItem =>
    put('canned_response', cannedResponse({ shortcut, teamId: null, ownerId: null, ...given }))
  opened.apply(
    of('/everybody', {}),
    of('/mine', { ownerId: 'me' }),
    of('/sales', { teamId: 'sales' }),
    of('/support', { teamId: 'support' }),
  )
  return opened
}

test('whoever leaves a team has its canned responses no longer, and keeps all others', () => {
  const { cache, apply } = begin('agent')
  const { topics } = apply({ op: 'access', role: 'agent', teamIds: ['support'] })
  expect(shortcutsIn(cache)).toEqual(['/everybody', '/mine', '/support'])
  expect(topics).toContain('canned_response')
})

test('who may use those of all teams keeps them whatever team they leave', () => {
  const { cache, apply } = begin('supervisor')
  apply({ op: 'access', role: 'supervisor', teamIds: [] })
  expect(shortcutsIn(cache)).toEqual(['/everybody', '/mine', '/sales', '/support'])
})

test('a supervisor who becomes an agent has only those of their own teams', () => {
  const { cache, apply } = begin('supervisor')
  apply({ op: 'access', role: 'agent', teamIds: ['sales'] })
  expect(shortcutsIn(cache)).toEqual(['/everybody', '/mine', '/sales'])
})
