import { describe, expect, test } from 'vitest'

import {
  breachRecipients,
  escalationStep,
  leadsOf,
  warningRecipients,
  type AlertCandidate,
  type EscalationLevel,
} from './recipients.ts'

const person = (
  userId: string,
  role: AlertCandidate['role'],
  presence: AlertCandidate['presence'] = 'online',
  rest: Partial<AlertCandidate> = {},
): AlertCandidate => ({
  userId,
  role,
  presence,
  teamIds: ['sales'],
  openEscalations: 0,
  ...rest,
})

describe('a warning', () => {
  const agent = person('ana', 'agent')
  const lead = person('luz', 'team_lead', 'offline')
  const foreignLead = person('leo', 'team_lead', 'online', { teamIds: ['support'] })
  const told = (
    assignedTo: string | null,
    people: AlertCandidate[],
    warnLeads: 'unattended' | 'always' = 'unattended',
  ) => warningRecipients({ teamId: 'sales', assignedTo }, warnLeads, people)

  test('goes to the agent alone who is there', () => {
    expect(told('ana', [agent, lead, foreignLead])).toEqual(['ana'])
    expect(told('ana', [{ ...agent, presence: 'busy' }, lead])).toEqual(['ana'])
  })

  test('goes to the leads, too, where the agent is not there', () => {
    for (const presence of ['away', 'offline'] as const) {
      expect(told('ana', [{ ...agent, presence }, lead, foreignLead])).toEqual(['ana', 'luz'])
    }
  })

  test('goes to the leads where nobody has it, or somebody who is not active any more', () => {
    expect(told(null, [agent, lead])).toEqual(['luz'])
    expect(told('gone', [agent, lead])).toEqual(['luz'])
  })

  test('goes to the leads always where the team wants it so, once to a lead who has it', () => {
    expect(told('ana', [agent, lead], 'always')).toEqual(['ana', 'luz'])
    expect(told('luz', [agent, lead], 'always')).toEqual(['luz'])
  })

  test('without a team has no leads', () => {
    expect(warningRecipients({ teamId: null, assignedTo: null }, 'always', [lead])).toEqual([])
    expect(leadsOf(null, [lead])).toEqual([])
  })
})

test('a breach goes to the agent and to all leads of the team, there or not', () => {
  const people = [
    person('ana', 'agent', 'away'),
    person('bea', 'agent'),
    person('luz', 'team_lead', 'offline'),
    person('lía', 'team_lead'),
    person('leo', 'team_lead', 'online', { teamIds: ['support'] }),
    person('sol', 'supervisor'),
  ]
  expect(breachRecipients({ teamId: 'sales', assignedTo: 'ana' }, people)).toEqual([
    'ana',
    'luz',
    'lía',
  ])
  expect(breachRecipients({ teamId: 'sales', assignedTo: null }, people)).toEqual(['luz', 'lía'])
  expect(breachRecipients({ teamId: null, assignedTo: 'lía' }, people)).toEqual(['lía'])
})

describe('an escalation', () => {
  const step = (from: EscalationLevel, people: AlertCandidate[], isTeamOpen = true) =>
    escalationStep(from, { teamId: 'sales', isTeamOpen, people })

  test('calls one lead: online before busy, then who has the fewest, then always the same', () => {
    const busy = person('a', 'team_lead', 'busy')
    const loaded = person('b', 'team_lead', 'online', { openEscalations: 2 })
    const free = person('d', 'team_lead')
    const alike = person('c', 'team_lead')
    expect(step(1, [busy])).toEqual({ level: 1, recipients: ['a'] })
    expect(step(1, [busy, loaded])).toEqual({ level: 1, recipients: ['b'] })
    expect(step(1, [busy, loaded, free])).toEqual({ level: 1, recipients: ['d'] })
    expect(step(1, [busy, loaded, free, alike])).toEqual({ level: 1, recipients: ['c'] })
    expect(step(1, [alike, free, loaded, busy])).toEqual({ level: 1, recipients: ['c'] })
  })

  test('passes over leads who are not there, of other teams, and of a team that is closed', () => {
    const sol = person('sol', 'supervisor', 'offline')
    const toSol = { level: 2, recipients: ['sol'] }
    expect(step(1, [person('a', 'team_lead', 'away'), sol])).toEqual(toSol)
    expect(step(1, [person('a', 'team_lead', 'offline'), sol])).toEqual(toSol)
    expect(step(1, [person('a', 'team_lead', 'online', { teamIds: [] }), sol])).toEqual(toSol)
    expect(step(1, [person('a', 'team_lead'), sol], false)).toEqual(toSol)
  })

  test('calls all supervisors who are there, and where none is, all of them', () => {
    const there = person('s2', 'supervisor', 'busy')
    const online = person('s3', 'supervisor')
    const absent = person('s1', 'supervisor', 'offline')
    expect(step(2, [absent, there, online])).toEqual({ level: 2, recipients: ['s3', 's2'] })
    expect(step(2, [absent, person('s0', 'supervisor', 'away')])).toEqual({
      level: 2,
      recipients: ['s0', 's1'],
    })
  })

  test('goes on to admins, and ends with nobody', () => {
    const admin = person('root', 'admin', 'offline')
    expect(step(2, [person('a', 'team_lead'), admin])).toEqual({ level: 3, recipients: ['root'] })
    expect(step(3, [person('s', 'supervisor')])).toBeNull()
    expect(step(1, [person('ana', 'agent')])).toBeNull()
  })
})
