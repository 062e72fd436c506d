import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { conversationOf, newCustomer, stateOf, write } from '../../testing/conversations.ts'
import { clocksOf, promise, recompute, violationsOf } from '../../testing/service-levels.ts'
import {
  eventually,
  newId,
  startTestServer,
  type TestClient,
  type TestServer,
} from '../../testing/test-server.ts'
import { newTeam, queueUp } from '../../testing/workstations.ts'

/** A conversation's clocks through its life, as commands and messages move it. */

let server: TestServer
let agent: TestClient & { id: string }
let teamId: string
let otherTeamId: string

beforeAll(async () => {
  server = await startTestServer()
  teamId = await newTeam(server, 'clocks', { mode: 'pull' })
  otherTeamId = await newTeam(server, 'clocks-elsewhere', { mode: 'pull' })
  await promise(server, teamId, { escalationSeconds: 7200 })
  await promise(server, teamId, { priority: 'urgent', firstResponseSeconds: 600 })
  await promise(server, otherTeamId, { firstResponseSeconds: 1800, resolutionSeconds: 7200 })
  const person = await server.addPerson({ role: 'supervisor', teamIds: [teamId], capacity: 50 })
  agent = { ...(await server.signIn(person)), id: person.id }
})
afterAll(async () => {
  agent.close()
  await server.stop()
})

/** One that waits in the team's queue, with its clocks. */
async function waiting(): Promise<string> {
  const [id] = await queueUp(server, teamId, 1)
  await recompute(server, teamId)
  return id as string
}

async function answer(conversationId: string): Promise<void> {
  await agent.trpc.messages.send.mutate({
    id: newId(),
    conversationId,
    text: 'Hola',
    lastSeenSeq: null,
    despiteNewerReply: true,
  })
}

async function claimed(): Promise<string> {
  const conversationId = await waiting()
  // Only what can reach somebody answers them.
  await customerOf(conversationId)
  await agent.trpc.conversations.claim.mutate({ intentId: newId(), conversationId })
  return conversationId
}

/** The customer of a conversation that was put into the queue writes. */
async function customerOf(conversationId: string): Promise<{ phone: string; name: string }> {
  const customer = newCustomer()
  await server.database.pool.query(
    `WITH account AS (SELECT id FROM channel_accounts WHERE channel = 'whatsapp' AND external_id <> 'queued'),
     moved AS (UPDATE conversations SET channel_account_id = (SELECT id FROM account) WHERE id = $1 RETURNING customer_id)
     INSERT INTO customer_identities (customer_id, channel, external_id, kind, is_primary)
     SELECT customer_id, 'whatsapp', $2, 'phone', TRUE FROM moved`,
    [conversationId, `+${customer.phone}`],
  )
  return customer
}

describe('clocks', () => {
  test('begin with the customer’s first message as soon as a team has it, with what that team promises', async () => {
    const sales = server.teams.sales
    await promise(server, sales, { firstResponseSeconds: 900, resolutionSeconds: 5400 })
    const wroteAt = new Date(Date.now() - 60_000)
    const wamid = await write(server, newCustomer(), 'quiero comprar un seguro', wroteAt)
    const { id, team_id: itsTeam } = await conversationOf(server, wamid)
    expect(itsTeam).toBe(sales)
    const { first_response: first, resolution, next_response: next } = await clocksOf(server, id)
    const startedAt = Math.floor(wroteAt.getTime() / 1000) * 1000
    expect(first).toMatchObject({ state: 'running', target_seconds: 900 })
    expect(first?.due_at?.getTime()).toBe(startedAt + 900_000)
    expect(first?.warns_at?.getTime()).toBe(startedAt + 720_000)
    expect(first?.next_at).toEqual(first?.warns_at)
    expect(resolution?.due_at?.getTime()).toBe(startedAt + 5_400_000)
    expect(next).toBeUndefined()
    expect(await dueOf(id)).toEqual(first?.due_at)
  })

  test('of the first response stop with the answer; the resolution stands still until the customer writes', async () => {
    const id = await claimed()
    const customer = await customerOf(id)
    await answer(id)
    const answered = await clocksOf(server, id)
    expect(answered.first_response).toMatchObject({
      state: 'stopped',
      is_missed: false,
      next_at: null,
    })
    expect(answered.resolution).toMatchObject({ state: 'paused', due_at: null, next_at: null })
    expect(answered.escalation).toBeUndefined()
    expect(await dueOf(id)).toBeNull()

    await write(server, customer, 'sigo sin poder')
    await eventually(async () => {
      const again = await clocksOf(server, id)
      expect(again.resolution?.state).toBe('running')
      expect(again.resolution?.due_at?.getTime()).toBeGreaterThan(
        (again.resolution?.started_at.getTime() ?? 0) + 86_400_000,
      )
      expect(again.next_response).toMatchObject({ state: 'running', target_seconds: 3600 })
      expect(again.escalation).toMatchObject({ state: 'running', target_seconds: 7200 })
    })
  })

  test('of the resolution run on while the customer has to answer, where the team has it so', async () => {
    await server.database.pool.query(
      'UPDATE team_settings SET sla_pauses_on_customer = FALSE WHERE team_id = $1',
      [otherTeamId],
    )
    const [id] = (await queueUp(server, otherTeamId, 1)) as [string]
    await recompute(server, otherTeamId)
    await agent.trpc.conversations.claim.mutate({ intentId: newId(), conversationId: id })
    await answer(id)
    const { resolution } = await clocksOf(server, id)
    expect(resolution?.state).toBe('running')
    expect(resolution?.due_at).not.toBeNull()
  })

  test('follow the priority and the team', async () => {
    const id = await waiting()
    await agent.trpc.conversations.setPriority.mutate({
      intentId: newId(),
      conversationId: id,
      priority: 'urgent',
    })
    expect((await clocksOf(server, id)).first_response).toMatchObject({ target_seconds: 600 })
    expect((await clocksOf(server, id)).escalation).toBeUndefined()

    await agent.trpc.conversations.transfer.mutate({
      intentId: newId(),
      conversationId: id,
      to: { kind: 'team', teamId: otherTeamId },
    })
    // Nothing is promised there for what is urgent.
    expect(await clocksOf(server, id)).toEqual({})
    expect(await dueOf(id)).toBeNull()

    await agent.trpc.conversations.setPriority.mutate({
      intentId: newId(),
      conversationId: id,
      priority: 'normal',
    })
    expect((await clocksOf(server, id)).first_response).toMatchObject({ target_seconds: 1800 })
  })

  test('that were kept are not broken by a stricter promise made later', async () => {
    const id = await claimed()
    await server.database.pool.query(
      `UPDATE conversations SET first_message_at = NOW() - INTERVAL '30 minutes', waiting_since = NOW() - INTERVAL '30 minutes'
       WHERE id = $1`,
      [id],
    )
    await recompute(server, teamId)
    await answer(id)
    await agent.trpc.conversations.setPriority.mutate({
      intentId: newId(),
      conversationId: id,
      priority: 'urgent',
    })
    await recompute(server, teamId)
    expect((await clocksOf(server, id)).first_response).toMatchObject({
      state: 'stopped',
      target_seconds: 3600,
      is_missed: false,
    })
    expect(await violationsOf(server, [id])).toEqual([])
  })

  test('stop with the close and go on with the reopening, the time between not counted', async () => {
    const id = await claimed()
    await answer(id)
    await agent.trpc.conversations.close.mutate({
      intentId: newId(),
      conversationId: id,
      reason: 'resolved',
    })
    const closed = await clocksOf(server, id)
    expect(closed.resolution).toMatchObject({ state: 'stopped', is_missed: false })
    expect(closed.resolution?.took_seconds).toBeLessThan(60)

    const reopen = { intentId: newId(), conversationId: id }
    await agent.trpc.conversations.reopen.mutate(reopen)
    const { resolution, first_response: first } = await clocksOf(server, id)
    expect(first?.state).toBe('stopped')
    expect(resolution?.state).toBe('running')
    const { rows } = await server.database.pool.query<{ kind: string; ended: boolean }>(
      `SELECT kind, ended_at IS NOT NULL AS ended FROM conversation_pauses WHERE conversation_id = $1 ORDER BY id`,
      [id],
    )
    expect(rows).toEqual([
      { kind: 'pending_customer', ended: true },
      { kind: 'closed', ended: true },
    ])
  })

  test('are not touched by who owns it', async () => {
    const id = await claimed()
    const before = await clocksOf(server, id)
    await agent.trpc.conversations.release.mutate({ intentId: newId(), conversationId: id })
    expect(await clocksOf(server, id)).toEqual(before)
    expect((await stateOf(server, id)).status).toBe('queued')
  })

  test('that came due a moment before are breached, though the conversation goes to another team', async () => {
    const id = await waiting()
    const client = await server.database.pool.connect()
    let transferred: Promise<unknown> = Promise.resolve()
    try {
      await client.query('BEGIN')
      await client.query(
        `UPDATE sla_timers SET due_at = NOW(), warned_at = NOW(), next_at = NOW()
         WHERE conversation_id = $1 AND clock = 'first_response'`,
        [id],
      )
      await client.query('SELECT 1 FROM conversations WHERE id = $1 FOR NO KEY UPDATE', [id])
      transferred = agent.trpc.conversations.transfer.mutate({
        intentId: newId(),
        conversationId: id,
        to: { kind: 'team', teamId: otherTeamId },
      })
      // The command waits for the row, so it is the first to hold it.
      await eventually(async () => {
        const { rows } = await server.database.pool.query(
          `SELECT 1 FROM pg_locks WHERE NOT granted AND locktype IN ('tuple', 'transactionid')`,
        )
        expect(rows.length).toBeGreaterThan(0)
      })
      await client.query('COMMIT')
    } finally {
      client.release()
    }
    await transferred
    expect(await violationsOf(server, [id])).toMatchObject([
      { violation_type: 'frt', target_seconds: 3600, team_id: teamId },
    ])
    expect((await clocksOf(server, id)).first_response).toMatchObject({ target_seconds: 1800 })
  })

  test('of an answer that comes too late record the breach with what it took', async () => {
    const id = await claimed()
    // As if no server had been there for a while: the instant has passed and nobody has acted.
    await server.database.pool.query(
      `UPDATE conversations SET first_message_at = NOW() - INTERVAL '61 minutes', waiting_since = NOW() - INTERVAL '61 minutes'
       WHERE id = $1`,
      [id],
    )
    await answer(id)
    const [violation, ...others] = await violationsOf(server, [id])
    expect(others).toEqual([])
    expect(violation).toMatchObject({ violation_type: 'frt', target_seconds: 3600, is_final: true })
    expect(violation?.actual_seconds).toBeGreaterThanOrEqual(3660)
    expect((await clocksOf(server, id)).first_response).toMatchObject({ is_missed: true })
  })
})

async function dueOf(id: string): Promise<Date | null> {
  const { rows } = await server.database.pool.query<{ next_due_at: Date | null }>(
    'SELECT next_due_at FROM conversations WHERE id = $1',
    [id],
  )
  return rows[0]?.next_due_at ?? null
}
