import { type EventRow } from '@parley/contracts'
import { ROLES } from '@parley/domain'
import { expect, test } from 'vitest'

import { eventKind } from './conversations.rows.ts'

const of = { teamId: 'sales', assignedTo: 'ana' }

function eventWith(metadata: EventRow['metadata']): EventRow {
  return {
    id: 'event',
    version: 1,
    conversationId: 'conversation',
    seq: 1,
    type: 'conversation.assigned',
    actorType: 'system',
    actorId: null,
    metadata,
    createdAt: '2026-11-28T12:00:00.000Z',
  } as EventRow
}

test('an event that is said to be read alike is left whole for everybody, and one that tells of colleagues is not said to be', () => {
  const plain = [{}, { explanation: null }, { explanation: 'manual' }, { reason: 'queue' }]
  for (const metadata of plain) {
    const event = eventWith(metadata)
    expect(eventKind.isReadAlike?.(event)).toBe(true)
    for (const role of ROLES) {
      for (const teamIds of [[], ['sales'], ['other']]) {
        expect(eventKind.readBy?.(event, { userId: 'ana', role, teamIds }, of)).toBe(event)
      }
    }
  }
  const telling = eventWith({ explanation: { eligible: [{ userId: 'berta', load: 1 }] } })
  expect(eventKind.isReadAlike?.(telling)).toBe(false)
})

test.each([
  ['agent', ['sales'], 'ana', false],
  ['team_lead', ['sales'], 'ana', true],
  ['team_lead', ['other'], 'ana', false],
  ['team_lead', ['sales'], 'berta', true],
  ['supervisor', [], 'berta', true],
] as const)(
  'what colleagues carry is for who leads the team: %s of %j, whoever owns it (%s): %s',
  (role, teamIds, assignedTo, isTold) => {
    const telling = eventWith({ explanation: { eligible: [{ userId: 'berta', load: 1 }] } })
    const actor = { userId: 'ana', role, teamIds }
    const read = eventKind.readBy?.(telling, actor, { teamId: 'sales', assignedTo })
    expect(JSON.stringify(read).includes('berta')).toBe(isTold)
  },
)
