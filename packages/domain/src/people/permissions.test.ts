import { describe, expect, test } from 'vitest'

import { PERMISSIONS, ROLES, may, mayEver, reachOf, type Actor } from './permissions.ts'

const ME = 'me'
const person = (role: Actor['role'], ...teamIds: string[]): Actor => ({ userId: ME, role, teamIds })
const MINE = { teamId: 'sales', assignedTo: ME }
const OURS = { teamId: 'sales', assignedTo: 'somebody' }
const THEIRS = { teamId: 'support', assignedTo: 'somebody' }
const NOBODYS = { teamId: null, assignedTo: null }

describe('the product’s table', () => {
  test.each([
    ['conversation.see', 'teams', 'teams', 'all', 'all'],
    ['conversation.reply', 'own', 'teams', 'all', 'all'],
    ['conversation.close', 'own', 'teams', 'all', 'all'],
    ['conversation.claim', 'teams', 'teams', 'all', 'all'],
    ['conversation.assign', 'own', 'teams', 'all', 'all'],
    ['conversation.take_over', 'none', 'teams', 'all', 'all'],
    ['customer.merge', 'none', 'all', 'all', 'all'],
    ['team_settings.manage', 'none', 'teams', 'all', 'all'],
    ['template.manage', 'none', 'none', 'all', 'all'],
    ['triage.read', 'none', 'all', 'all', 'all'],
    ['triage.manage', 'none', 'none', 'all', 'all'],
    ['integration.manage', 'none', 'none', 'none', 'all'],
    ['report.see', 'own', 'teams', 'all', 'all'],
    ['problem.see', 'none', 'none', 'none', 'all'],
    ['account.manage', 'none', 'none', 'none', 'all'],
  ] as const)('%s', (permission, ...reaches) => {
    expect(ROLES.map((role) => reachOf(role, permission))).toEqual(reaches)
  })
})

test('one’s own counts wherever it is, one’s teams’ only with the reach for it', () => {
  const agent = person('agent', 'sales')
  expect([MINE, OURS, THEIRS].map((thing) => may(agent, 'conversation.reply', thing))).toEqual([
    true,
    false,
    false,
  ])
  expect([MINE, OURS, THEIRS].map((thing) => may(agent, 'conversation.see', thing))).toEqual([
    true,
    true,
    false,
  ])
  expect(may(agent, 'conversation.see', { teamId: 'support', assignedTo: ME })).toBe(true)
})

test('what has no team yet is seen by those alone who see everything', () => {
  expect(ROLES.map((role) => may(person(role, 'sales'), 'conversation.see', NOBODYS))).toEqual([
    false,
    false,
    true,
    true,
  ])
})

test('more is never less: whoever stands higher may whatever a lower one may', () => {
  const things = [MINE, OURS, THEIRS, NOBODYS]
  for (const permission of PERMISSIONS) {
    for (const thing of things) {
      const allowed = ROLES.map((role) => may(person(role, 'sales'), permission, thing))
      expect([permission, allowed]).toEqual([permission, [...allowed].toSorted()])
    }
    expect(ROLES.map((role) => mayEver(role, permission))).toEqual(
      ROLES.map((role) => reachOf(role, permission) !== 'none'),
    )
  }
})
