import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { createBareServices, type BareServices } from '../../testing/bare-services.ts'
import { carryOut } from './carry-out.ts'

let services: BareServices

beforeAll(async () => {
  services = await createBareServices()
})
afterAll(() => services.database[Symbol.asyncDispose]())

test('a feature can be in the way of another’s intents, in the same transaction and theirs alone', async () => {
  const teamId = await services.addTeam()
  const userId = await services.addPerson('agent', 'online', [teamId])
  const conversation = await services.addConversation({
    team_id: teamId,
    assigned_to: userId,
    status: 'assigned',
  })
  const asked: unknown[] = []
  const guarded = {
    ...services,
    guards: [
      {
        procedure: 'conversations.close',
        check: async (_tx: unknown, of: unknown) => {
          asked.push(of)
          return { code: 'required' as const, details: { what: 'tags' } }
        },
      },
    ],
  }
  const carried: string[] = []
  const intent = (procedure: string) =>
    carryOut(
      guarded,
      {
        intentId: randomUUID(),
        procedure,
        conversationId: conversation.id,
        actor: { sessionId: randomUUID(), userId, role: 'agent', teamIds: [teamId] },
        permission: 'conversation.close',
      },
      async () => void carried.push(procedure),
    )

  await expect(intent('conversations.close')).rejects.toMatchObject({
    code: 'required',
    details: { what: 'tags' },
  })
  await intent('conversations.release')

  expect(carried).toEqual(['conversations.close', 'conversations.release'])
  expect(asked).toEqual([{ id: conversation.id, teamId, assignedTo: userId }])
  const intents = await services.rows<{ procedure: string }>('SELECT procedure FROM intents')
  expect(intents).toEqual([{ procedure: 'conversations.release' }])
})
