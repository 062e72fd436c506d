import { afterAll, beforeAll, expect, test } from 'vitest'

import { createPool } from '@parley/database'

import { Database } from '../../platform/database.ts'
import { createLogger } from '../../platform/logger.ts'
import { createServices, type Services } from '../../platform/services.ts'
import { TEST_SECRETS } from '../../testing/bare-services.ts'
import { conversationOf, newCustomer, stateOf, write } from '../../testing/conversations.ts'
import { eventually, newId, startTestServer, type TestServer } from '../../testing/test-server.ts'
import { arrive, changeTeam, newTeam, queueUp } from '../../testing/workstations.ts'
import { dispatchTeam } from './dispatch.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

/** A dispatcher of its own process would have its own connections. */
async function anotherProcess(): Promise<{ services: Services; stop: () => Promise<void> }> {
  const { connectionString } = server.database
  const pool = createPool(connectionString, { maxConnections: 3 })
  return {
    services: await createServices(
      new Database(pool),
      connectionString,
      TEST_SECRETS,
      createLogger('fatal'),
    ),
    stop: () => pool.end(),
  }
}

test('eight dispatchers never give one conversation to two people, nor a person too much', async () => {
  const teamId = await newTeam(server, 'crowd')
  const capacities = [3, 7, 12, 20, 1, 0, 33, 5]
  const agents = await Promise.all(
    capacities.map((capacity) =>
      server.addPerson({ role: 'agent', teamIds: [teamId], capacity, presence: 'online' }),
    ),
  )
  const total = capacities.reduce((sum, capacity) => sum + capacity, 0)
  await queueUp(server, teamId, 400)
  const dispatchers = await Promise.all(Array.from({ length: 8 }, anotherProcess))
  try {
    await Promise.all(
      dispatchers.flatMap(({ services }) => [
        dispatchTeam(services, teamId),
        dispatchTeam(services, teamId),
      ]),
    )
  } finally {
    await Promise.all(dispatchers.map(({ stop }) => stop()))
  }
  const { rows: loads } = await server.database.pool.query<{ assigned_to: string; count: number }>(
    `SELECT assigned_to, COUNT(*)::int AS count FROM conversations
     WHERE team_id = $1 AND status = 'assigned' GROUP BY assigned_to`,
    [teamId],
  )
  const loadOf = new Map(loads.map(({ assigned_to, count }) => [assigned_to, count]))
  agents.forEach((agent, index) => expect(loadOf.get(agent.id) ?? 0).toBe(capacities[index]))
  const { rows } = await server.database.pool.query(
    `SELECT COUNT(*)::int AS ownerships, COUNT(DISTINCT conversation_id)::int AS conversations
     FROM conversation_assignments WHERE team_id = $1`,
    [teamId],
  )
  expect(rows[0]).toEqual({ ownerships: total, conversations: total })
})

test('a freed slot is filled at once, and the explanation says who was there', async () => {
  const agent = await server.addPerson({
    role: 'agent',
    teamIds: [server.teams.sales],
    capacity: 1,
    presence: 'online',
  })
  const client = await server.signIn(agent)
  const first = await conversationOf(server, await write(server, newCustomer(), 'quiero comprar'))
  await eventually(async () => expect((await stateOf(server, first.id)).assigned_to).toBe(agent.id))
  const second = await conversationOf(
    server,
    await write(server, newCustomer(), 'precio por favor'),
  )
  expect((await stateOf(server, second.id)).status).toBe('queued')

  await client.trpc.conversations.close.mutate({
    intentId: newId(),
    conversationId: first.id,
    reason: 'resolved',
  })
  await eventually(async () =>
    expect((await stateOf(server, second.id)).assigned_to).toBe(agent.id),
  )
  const { rows } = await server.database.pool.query(
    `SELECT metadata FROM conversation_events WHERE conversation_id = $1 AND event_type = 'conversation.assigned'`,
    [second.id],
  )
  expect(rows[0].metadata.assignment_method).toBe('auto')
  expect(rows[0].metadata.explanation).toMatchObject({
    chosenBecause: 'only_one_eligible',
    eligible: [{ userId: agent.id, load: 0, capacity: 1 }],
    eligibleCount: 1,
  })
  await server.database.pool.query(
    `UPDATE agent_presence SET status = 'offline' WHERE user_id = $1`,
    [agent.id],
  )
  client.close()
})

test('who is not online gets nothing, and gets it as soon as they are', async () => {
  const teamId = await newTeam(server, 'presence')
  const agent = await server.addPerson({ role: 'agent', teamIds: [teamId] })
  const [first] = await queueUp(server, teamId, 1)
  const workstation = await arrive(server, agent)
  await eventually(async () =>
    expect((await stateOf(server, first as string)).assigned_to).toBe(agent.id),
  )
  await workstation.trpc.presence.set.mutate({ status: 'busy', reason: null })
  const [second] = await queueUp(server, teamId, 1)
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect((await stateOf(server, second as string)).status).toBe('queued')
  await workstation.trpc.presence.set.mutate({ status: 'online', reason: null })
  await eventually(async () =>
    expect((await stateOf(server, second as string)).assigned_to).toBe(agent.id),
  )
  workstation.disconnect()
})

test('a skill that is needed is asked for', async () => {
  const spanish = await server.addPerson({
    role: 'agent',
    teamIds: [server.teams.sales],
    presence: 'online',
  })
  const english = await server.addPerson({
    role: 'agent',
    teamIds: [server.teams.sales],
    presence: 'online',
    capacity: 1,
  })
  await server.database.pool.query(
    `INSERT INTO agent_skills (user_id, skill_name, proficiency_level) VALUES ($1, 'english', 2)`,
    [spanish.id],
  )
  await server.database.pool.query(
    `INSERT INTO agent_skills (user_id, skill_name, proficiency_level) VALUES ($1, 'english', 4)`,
    [english.id],
  )
  const conversation = await conversationOf(
    server,
    await write(server, newCustomer('Kayla'), 'Hello, what is the price of the upgrade please?'),
  )
  await eventually(async () =>
    expect((await stateOf(server, conversation.id)).assigned_to).toBe(english.id),
  )
  await server.database.pool.query(
    `UPDATE agent_presence SET status = 'offline' WHERE user_id = ANY($1)`,
    [[spanish.id, english.id]],
  )
})

test('what an agent who is gone left unanswered goes back to the queue', async () => {
  const agent = await server.addPerson({
    role: 'agent',
    teamIds: [server.teams.sales],
    presence: 'online',
  })
  const conversation = await conversationOf(
    server,
    await write(server, newCustomer(), 'quiero comprar un plan'),
  )
  await eventually(async () =>
    expect((await stateOf(server, conversation.id)).assigned_to).toBe(agent.id),
  )
  await changeTeam(server, server.teams.sales, { returnUnansweredSeconds: 1 })
  await server.database.pool.query(
    `UPDATE agent_presence SET status = 'offline', since = NOW() WHERE user_id = $1`,
    [agent.id],
  )
  await eventually(async () =>
    expect((await stateOf(server, conversation.id)).status).toBe('queued'),
  )
})
