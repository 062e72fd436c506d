import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { codeOf, stateOf } from '../../testing/conversations.ts'
import {
  eventually,
  newId,
  startTestServer,
  type TestClient,
  type TestServer,
} from '../../testing/test-server.ts'
import {
  arrive,
  bootstrapAll,
  changeTeam,
  newTeam,
  presenceOf,
  queueUp,
  type TestWorkstation,
} from '../../testing/workstations.ts'

let server: TestServer
let teams = 0

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

/** A team that offers, with so many agents who are there. */
async function offeringTeam(
  count: number,
  offerSeconds = 600,
): Promise<{ teamId: string; agents: TestWorkstation[] }> {
  const teamId = await newTeam(server, `offering-${++teams}`, { mode: 'offer', offerSeconds })
  const agents: TestWorkstation[] = []
  for (let index = 0; index < count; index++) {
    const person = await server.addPerson({ role: 'agent', teamIds: [teamId], capacity: 2 })
    agents.push(await arrive(server, person))
  }
  return { teamId, agents }
}

const openOffers = (workstation: TestWorkstation) =>
  workstation.offers().filter(({ outcome }) => outcome === 'open')

/** Whoever of them is asked now, and for what. */
async function asked(agents: TestWorkstation[], conversationId: string) {
  return eventually(() => {
    for (const agent of agents) {
      const offer = openOffers(agent).find((one) => one.conversationId === conversationId)
      if (offer !== undefined) return { agent, offer }
    }
    throw new Error('nobody is asked')
  })
}

async function offersOf(conversationId: string) {
  const { rows } = await server.database.pool.query<{ user_id: string; outcome: string }>(
    'SELECT user_id, outcome FROM offers WHERE conversation_id = $1 ORDER BY offered_at',
    [conversationId],
  )
  return rows
}

function leave(agents: TestWorkstation[]): void {
  for (const agent of agents) agent.disconnect()
}

test('why it went to whom it went is told to leads whole, and to agents without what colleagues carry', async () => {
  const { teamId, agents } = await offeringTeam(3)
  const lead = await server.signIn(
    await server.addPerson({ role: 'team_lead', teamIds: [teamId], capacity: 0 }),
  )
  const [id] = (await queueUp(server, teamId, 1)) as [string]
  const { agent, offer } = await asked(agents, id)
  const begun = (await bootstrapAll(agent)).flatMap((item) =>
    item.kind === 'offer' ? [item.row.explanation] : [],
  )
  for (const explanation of [offer.explanation, ...begun]) {
    expect(explanation).toEqual({
      strategy: 'least_loaded',
      chosenBecause: expect.any(String),
      waitedMs: expect.any(Number),
      requiredSkills: {},
      relaxed: null,
      eligible: [{ userId: agent.person.id, load: 0, capacity: 2 }],
    })
  }
  await agent.trpc.offers.accept.mutate({ intentId: newId(), offerId: offer.id })
  const whyOf = (metadata: Record<string, unknown>) => metadata['explanation'] as object | undefined
  const readBy = async (client: TestClient) => {
    const { events } = await client.trpc.conversations.history.query({
      conversationId: id,
      beforeSeq: null,
    })
    const first = (await bootstrapAll(client)).flatMap((item) =>
      item.kind === 'event' && item.row.conversationId === id ? [item.row] : [],
    )
    // Their own conversations come once as their own, and once as their team's.
    const once = new Map(first.map((row) => [row.id, row]))
    return [...events, ...once.values()].flatMap(({ metadata }) => whyOf(metadata) ?? [])
  }
  const colleague = agents.find((one) => one !== agent) as TestWorkstation
  expect(await readBy(lead)).toHaveLength(2)
  for (const why of await readBy(lead)) expect(why).toMatchObject({ eligibleCount: 3 })
  for (const who of [agent, colleague]) {
    const whys = await readBy(who)
    expect(whys).toHaveLength(2)
    for (const why of whys) {
      expect(why).not.toHaveProperty('eligibleCount')
      expect(why).toMatchObject({ eligible: [{ userId: who.person.id }] })
    }
  }
  leave(agents)
  lead.close()
})

describe('an offer', () => {
  test('is accepted by who was asked, once, and says why them', async () => {
    const { teamId, agents } = await offeringTeam(2)
    const [id] = (await queueUp(server, teamId, 1)) as [string]
    const { agent, offer } = await asked(agents, id)
    expect((await stateOf(server, id)).status).toBe('queued')
    const other = agents.find((one) => one !== agent) as TestWorkstation
    expect(openOffers(other)).toEqual([])
    expect(
      await codeOf(other.trpc.offers.accept.mutate({ intentId: newId(), offerId: offer.id })),
    ).toBe('not_found')

    const intentId = newId()
    const { conversation } = await agent.trpc.offers.accept.mutate({ intentId, offerId: offer.id })
    expect(conversation).toMatchObject({ status: 'assigned', assignedTo: agent.person.id })
    // The answer was lost: asked again with the same intent, and with another.
    await agent.trpc.offers.accept.mutate({ intentId, offerId: offer.id })
    await agent.trpc.offers.accept.mutate({ intentId: newId(), offerId: offer.id })
    const { rows } = await server.database.pool.query(
      `SELECT user_id, method, explanation->>'strategy' AS strategy
       FROM conversation_assignments WHERE conversation_id = $1`,
      [id],
    )
    expect(rows).toEqual([{ user_id: agent.person.id, method: 'offer', strategy: 'least_loaded' }])
    await eventually(() => expect(openOffers(agent)).toEqual([]))
    leave(agents)
  })

  test('that is refused goes to the next at once, and to nobody who has refused', async () => {
    const { teamId, agents } = await offeringTeam(2)
    const [id] = (await queueUp(server, teamId, 1)) as [string]
    const first = await asked(agents, id)
    await first.agent.trpc.offers.refuse.mutate({ intentId: newId(), offerId: first.offer.id })
    const second = await asked(
      agents.filter((agent) => agent !== first.agent),
      id,
    )
    await second.agent.trpc.offers.refuse.mutate({ intentId: newId(), offerId: second.offer.id })
    await eventually(async () => {
      expect(await offersOf(id)).toEqual([
        { user_id: first.agent.person.id, outcome: 'refused' },
        { user_id: second.agent.person.id, outcome: 'refused' },
      ])
    })
    const lead = await server.signIn(
      await server.addPerson({ role: 'team_lead', teamIds: [teamId] }),
    )
    await eventually(async () => {
      const { entries } = await lead.trpc.routing.queue.query({ teamId })
      expect(entries.map(({ waitsFor }) => waitsFor)).toEqual([{ kind: 'declined' }])
    })
    lead.close()
    leave(agents)
  })

  test('whose time is over goes to the next; who lets three pass counts as away', async () => {
    const { teamId, agents } = await offeringTeam(1, 5)
    const [agent] = agents as [TestWorkstation]
    const ids = await queueUp(server, teamId, 2)
    await eventually(() => expect(openOffers(agent)).toHaveLength(2))
    const expire = () =>
      server.database.pool.query(
        `UPDATE offers SET expires_at = NOW() WHERE user_id = $1 AND outcome = 'open'`,
        [agent.person.id],
      )
    await expire()
    await eventually(async () => {
      const all = (await Promise.all(ids.map(offersOf))).flat()
      expect(all.map(({ outcome }) => outcome)).toEqual(['expired', 'expired'])
    })
    expect((await presenceOf(server, agent.person.id)).status).toBe('online')
    await queueUp(server, teamId, 1)
    await eventually(() => expect(openOffers(agent)).toHaveLength(1))
    await expire()
    await eventually(async () => {
      expect(await presenceOf(server, agent.person.id)).toMatchObject({
        status: 'away',
        reason: 'missed_offers',
      })
    })
    leave(agents)
  })

  test('holds a slot: nobody is asked for more than they can take', async () => {
    const { teamId, agents } = await offeringTeam(2)
    await queueUp(server, teamId, 7)
    await eventually(() => expect(agents.map((agent) => openOffers(agent).length)).toEqual([2, 2]))
    const { rows } = await server.database.pool.query(
      `SELECT COUNT(*)::int AS open FROM offers WHERE team_id = $1`,
      [teamId],
    )
    expect(rows).toEqual([{ open: 4 }])
    leave(agents)
  })

  test('is withdrawn when somebody takes the conversation by hand, or the person is not there any more', async () => {
    const { teamId, agents } = await offeringTeam(2)
    const [id] = (await queueUp(server, teamId, 1)) as [string]
    const { agent, offer } = await asked(agents, id)
    const other = agents.find((one) => one !== agent) as TestWorkstation
    await other.trpc.conversations.claim.mutate({ intentId: newId(), conversationId: id })
    await eventually(() =>
      expect(agent.offers().map(({ outcome }) => outcome)).toEqual(['withdrawn']),
    )
    expect(
      await codeOf(agent.trpc.offers.accept.mutate({ intentId: newId(), offerId: offer.id })),
    ).toBe('conflict')
    expect((await stateOf(server, id)).assigned_to).toBe(other.person.id)

    const [second] = (await queueUp(server, teamId, 1)) as [string]
    const then = await asked(agents, second)
    await then.agent.trpc.presence.set.mutate({ status: 'away', reason: 'lunch' })
    const next = await asked(
      agents.filter((one) => one !== then.agent),
      second,
    )
    expect(next.agent).not.toBe(then.agent)
    expect((await offersOf(second)).map(({ outcome }) => outcome)).toEqual(['withdrawn', 'open'])
    leave(agents)
  })

  test('accepted and claimed at the same moment has one owner', async () => {
    const { teamId, agents } = await offeringTeam(2)
    for (let round = 0; round < 10; round++) {
      const [id] = (await queueUp(server, teamId, 1)) as [string]
      const { agent, offer } = await asked(agents, id)
      const other = agents.find((one) => one !== agent) as TestWorkstation
      const outcomes = await Promise.allSettled([
        agent.trpc.offers.accept.mutate({ intentId: newId(), offerId: offer.id }),
        other.trpc.conversations.claim.mutate({ intentId: newId(), conversationId: id }),
      ])
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const { rows } = await server.database.pool.query(
        `SELECT user_id FROM conversation_assignments WHERE conversation_id = $1 AND ended_at IS NULL`,
        [id],
      )
      expect(rows).toEqual([{ user_id: (await stateOf(server, id)).assigned_to }])
      await server.database.pool.query(
        `UPDATE conversations SET status = 'closed', closed_at = NOW() WHERE id = $1`,
        [id],
      )
    }
    leave(agents)
  })

  test('is made by nobody where agents take from the queue themselves', async () => {
    const { teamId, agents } = await offeringTeam(1)
    await changeTeam(server, teamId, { mode: 'pull' })
    const [id] = (await queueUp(server, teamId, 1)) as [string]
    const lead = await server.signIn(
      await server.addPerson({ role: 'team_lead', teamIds: [teamId] }),
    )
    const { entries, mode } = await lead.trpc.routing.queue.query({ teamId })
    expect([mode, entries.map(({ waitsFor }) => waitsFor)]).toEqual(['pull', [{ kind: 'pull' }]])
    const [agent] = agents as [TestWorkstation]
    const { conversation } = await agent.trpc.conversations.claimNext.mutate({
      intentId: newId(),
      teamId,
    })
    expect(conversation?.id).toBe(id)
    expect(await offersOf(id)).toEqual([])
    lead.close()
    leave(agents)
  })
})
