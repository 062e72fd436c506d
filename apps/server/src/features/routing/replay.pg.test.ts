import { type Worker } from 'node:worker_threads'

import { DEFAULT_ROUTING_SETTINGS } from '@parley/domain'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { codeOf } from '../../testing/conversations.ts'
import {
  newId,
  startTestServer,
  type TestClient,
  type TestPerson,
  type TestServer,
} from '../../testing/test-server.ts'

let server: TestServer
let supervisor: TestClient

beforeAll(async () => {
  server = await startTestServer()
  supervisor = await server.signIn(await server.addPerson({ role: 'supervisor', teamIds: [] }))
})
afterAll(async () => {
  supervisor.close()
  await server.stop()
})

const START = Date.parse('2025-03-03T10:00:00Z')

/** So many minutes and seconds into that morning. */
function at(minutes: number, seconds = 0): string {
  return new Date(START + (minutes * 60 + seconds) * 1000).toISOString()
}

async function newTeam(name: string): Promise<string> {
  const { rows } = await server.database.pool.query<{ id: string }>(
    'INSERT INTO teams (name, slug) VALUES ($1, $1) RETURNING id',
    [name],
  )
  return (rows[0] as { id: string }).id
}

async function wasOnline(
  { id }: TestPerson,
  { capacity, isFinishing = false }: { capacity: number; isFinishing?: boolean },
): Promise<void> {
  await server.database.pool.query(
    `INSERT INTO presence_history (user_id, status, is_finishing, capacity, started_at, ended_at)
     VALUES ($1, 'online', $2, $3, $4, $5)`,
    [id, isFinishing, capacity, at(-60), at(60)],
  )
}

/** A past conversation as its row is now. */
async function pastConversation(
  teamId: string,
  now: { status: 'queued' | 'closed'; owner?: TestPerson; firstResponseAt?: string },
): Promise<string> {
  const { rows } = await server.database.pool.query<{ id: string }>(
    `WITH customer AS (
       INSERT INTO customers (external_id, channel) VALUES ('past-' || gen_random_uuid(), 'whatsapp')
       RETURNING id)
     INSERT INTO conversations (customer_id, channel, channel_account_id, team_id, status, priority,
                                created_at, queued_at, closed_at, assigned_to, last_agent_id, first_response_at)
     SELECT customer.id, 'whatsapp', account.id, $1, $2::text, 'normal', $3,
            CASE WHEN $2::text = 'queued' THEN $3::timestamptz END, CASE WHEN $2::text = 'closed' THEN $4::timestamptz END,
            $5, $5, $6
     FROM customer, (SELECT id FROM channel_accounts WHERE channel = 'whatsapp' LIMIT 1) account
     RETURNING id`,
    [teamId, now.status, at(0), at(30), now.owner?.id ?? null, now.firstResponseAt ?? null],
  )
  return (rows[0] as { id: string }).id
}

type Past = [when: string, status: string, owner?: TestPerson | null, teamId?: string]

async function tellPast(conversationId: string, teamId: string, past: Past[]): Promise<void> {
  for (const [when, status, owner = null, inTeam = teamId] of past) {
    const state = { status, assigned_to: owner?.id ?? null, team_id: inTeam }
    await server.database.pool.query(
      `INSERT INTO conversation_events (conversation_id, event_type, actor_type, new_value, created_at)
       VALUES ($1, 'conversation.status_changed', 'system', $2, $3)`,
      [conversationId, JSON.stringify(state), when],
    )
  }
}

const { strategy, stickySeconds, relaxSkillsAfterSeconds, channelWeights, wrapUpSeconds } =
  DEFAULT_ROUTING_SETTINGS
const SETTINGS = {
  strategy,
  stickySeconds,
  relaxSkillsAfterSeconds,
  channelWeights,
  wrapUpSeconds,
  pendingCustomerFraction: 0.25,
}

test('a past morning is replayed as it was set and as it is proposed, beside what really happened', async () => {
  const teamId = await newTeam('morning')
  const ana = await server.addPerson({ role: 'agent', teamIds: [teamId] })
  const bea = await server.addPerson({ role: 'agent', teamIds: [teamId] })
  // Never there, and so in none of the figures.
  await server.addPerson({ role: 'agent', teamIds: [teamId] })
  await wasOnline(ana, { capacity: 1 })
  await wasOnline(bea, { capacity: 9, isFinishing: true })
  await server.database.pool.query(
    `INSERT INTO sla_policies (team_id, priority, frt_target_seconds, resolution_target_seconds)
     VALUES ($1, 'normal', 45, 3600)`,
    [teamId],
  )

  // Forty seconds for Ana, twenty for the customer.
  const first = await pastConversation(teamId, { status: 'closed', owner: ana })
  await tellPast(first, teamId, [
    [at(0), 'queued'],
    [at(0, 30), 'assigned', ana],
    [at(1, 10), 'pending_customer', ana],
    [at(1, 30), 'closed', ana],
  ])
  // A minute for Ana, and one more when it came back.
  const second = await pastConversation(teamId, {
    status: 'closed',
    owner: ana,
    firstResponseAt: at(2, 40),
  })
  await tellPast(second, teamId, [
    [at(0, 10), 'queued'],
    [at(2), 'assigned', ana],
    [at(3), 'closed', ana],
    [at(6), 'queued'],
    [at(6, 30), 'assigned', ana],
    [at(7, 30), 'closed', ana],
  ])
  await server.database.pool.query(
    `INSERT INTO messages (conversation_id, direction, sender_type, sender_id, content_text, status, sent_at, created_at)
     VALUES ($1, 'outbound', 'agent', $2, 'hola', 'sent', $3, $3)`,
    [second, ana.id, at(2, 40)],
  )
  // Closed while it waited.
  const third = await pastConversation(teamId, { status: 'closed' })
  await tellPast(third, teamId, [
    [at(0, 20), 'queued'],
    [at(1, 10), 'closed'],
  ])
  // From another team's queue into this one's, where it still is.
  const fourth = await pastConversation(teamId, { status: 'queued' })
  await tellPast(fourth, teamId, [
    [at(0, 5), 'triage'],
    [at(0, 5), 'queued', null, server.teams.sales],
    [at(5), 'queued'],
  ])
  // Before the period, and after it.
  const before = await pastConversation(teamId, { status: 'closed' })
  await tellPast(before, teamId, [[at(-1), 'queued']])
  const after = await pastConversation(teamId, { status: 'closed' })
  await tellPast(after, teamId, [[at(8), 'queued']])

  const { present, changed, recorded } = await supervisor.trpc.routing.replay.query({
    teamId,
    from: at(0),
    to: at(8),
    settings: { ...SETTINGS, stickySeconds: 0 },
    capacity: 2,
  })
  const { waitOverTime, ...figures } = present
  const byId = (a: { userId: string }, b: { userId: string }) => (a.userId < b.userId ? -1 : 1)
  expect(figures).toEqual({
    conversations: 5,
    unassigned: 0,
    // The second waited until the first was closed, the third until it was; the rest came to an idle Ana.
    waitSeconds: { mean: 20, p50: 0, p90: 50, maximum: 50 },
    firstResponseBreaches: 2,
    toPreviousAgent: 1,
    load: [
      // 40 s and a quarter of 20, 60, the mean of all for the fourth (53⅓ and a quarter of 6⅔), 60.
      { userId: ana.id, assigned: 4, meanLoad: expect.closeTo((45 + 60 + 55 + 60) / 480, 5) },
      { userId: bea.id, assigned: 0, meanLoad: 0 },
    ].toSorted(byId),
    loadSpread: 2,
  })
  expect(waitOverTime).toHaveLength(48)
  expect(waitOverTime.slice(0, 4)).toEqual([
    { from: at(0), meanWaitSeconds: 0 },
    { from: at(0, 10), meanWaitSeconds: 50 },
    { from: at(0, 20), meanWaitSeconds: 50 },
    { from: at(0, 30), meanWaitSeconds: null },
  ])
  // With room for two only the third waits, until the first is closed.
  expect(changed).toMatchObject({
    conversations: 5,
    unassigned: 0,
    waitSeconds: { mean: 8, p50: 0, p90: 40, maximum: 40 },
    firstResponseBreaches: 0,
    toPreviousAgent: 0,
  })
  expect(recorded).toEqual({
    conversations: 5,
    meanWaitSeconds: (30 + 110 + 30 + 50 + 180) / 5,
  })
})

describe('a replay is refused', () => {
  test('to agents, and to leads of another team', async () => {
    const mine = server.teams.support
    const input = { from: at(0), to: at(8), settings: SETTINGS, capacity: null }
    const roles = { agent: 'forbidden', team_lead: 'no failure' } as const
    for (const [role, outcome] of Object.entries(roles)) {
      const person = await server.addPerson({ role: role as keyof typeof roles, teamIds: [mine] })
      const client = await server.signIn(person)
      const codes = [mine, server.teams.sales].map((teamId) =>
        codeOf(client.trpc.routing.replay.query({ teamId, ...input })),
      )
      expect([role, ...(await Promise.all(codes))]).toEqual([role, outcome, 'forbidden'])
      client.close()
    }
  })

  test('for a period that makes no sense, and a team that is none', async () => {
    const replay = (change: { teamId?: string; from?: string; to?: string }) =>
      supervisor.trpc.routing.replay
        .query({
          teamId: server.teams.support,
          from: at(0),
          to: at(8),
          settings: SETTINGS,
          capacity: null,
          ...change,
        })
        .then(
          () => 'no failure',
          (error: { data?: { app?: unknown } }) => error.data?.app,
        )
    const refused = (field: string) => ({ code: 'invalid_input', details: { field } })
    expect(await replay({ to: at(0) })).toMatchObject(refused('to'))
    expect(await replay({ to: at(-1) })).toMatchObject(refused('to'))
    expect(await replay({ to: at(31 * 24 * 60, 1) })).toMatchObject(refused('to'))
    expect(await replay({ to: at(31 * 24 * 60) })).toBe('no failure')
    const future = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
    expect(await replay({ from: future(1), to: future(2) })).toMatchObject(refused('from'))
    expect(await replay({ teamId: newId() })).toMatchObject({ code: 'not_found' })
  })
})

/** Ten thousand conversations that come into the queue once each hour, and two hundred people. */
async function longPast(teamId: string, hours: number): Promise<void> {
  const client = await server.database.pool.connect()
  try {
    await client.query('BEGIN')
    // Nobody follows this past as it happens: no feed is written.
    await client.query(`SET LOCAL session_replication_role = replica`)
    await client.query(
      `CREATE TEMP TABLE past ON COMMIT DROP AS
       SELECT gen_random_uuid() AS id, gen_random_uuid() AS customer_id, n FROM generate_series(0, 9999) n`,
    )
    await client.query(
      `CREATE TEMP TABLE staff ON COMMIT DROP AS
       SELECT gen_random_uuid() AS id, n FROM generate_series(0, 199) n`,
    )
    await client.query(
      `INSERT INTO users (id, email, password_hash, full_name, role)
       SELECT id, id || '@parley.example', '', 'Somebody', 'agent' FROM staff`,
    )
    await client.query(
      `INSERT INTO presence_history (user_id, status, is_finishing, capacity, started_at)
       SELECT id, 'online', FALSE, 5, $1 FROM staff`,
      [at(0)],
    )
    await client.query(`INSERT INTO team_memberships (user_id, team_id) SELECT id, $1 FROM staff`, [
      teamId,
    ])
    await client.query(
      `INSERT INTO customers (id, external_id, channel) SELECT customer_id, id::text, 'whatsapp' FROM past`,
    )
    await client.query(
      `INSERT INTO conversations (id, customer_id, channel, channel_account_id, team_id, status, closed_at, created_at)
       SELECT past.id, customer_id, 'whatsapp', account.id, $1, 'closed', $3, $2
       FROM past, (SELECT id FROM channel_accounts LIMIT 1) account`,
      [teamId, at(0), at(hours * 60)],
    )
    await client.query(
      `INSERT INTO conversation_events (conversation_id, event_type, actor_type, new_value, created_at)
       SELECT past.id, 'conversation.status_changed', 'system',
              jsonb_build_object('status', state.status, 'team_id', $1::text,
                                 'assigned_to', CASE WHEN state.status <> 'queued' THEN staff.id END),
              $2::timestamptz + make_interval(hours => hour, secs => past.n * 0.3 + state.after)
       FROM past
       JOIN staff ON staff.n = past.n % 200
       CROSS JOIN generate_series(0, $3 - 1) hour
       CROSS JOIN (VALUES ('queued', 0), ('assigned', 1), ('closed', 61)) state(status, after)
       ORDER BY hour, state.after, past.n`,
      [teamId, at(0), hours],
    )
    await client.query('COMMIT')
  } finally {
    client.release()
  }
}

test('ten thousand are replayed while the server goes on answering; sixty thousand are too many', async () => {
  const teamId = await newTeam('crowd')
  await longPast(teamId, 6)
  // Room for two hundred, and two hundred and more to do.
  const settings = { ...SETTINGS, wrapUpSeconds: 10 }
  const input = { teamId, from: at(0), settings, capacity: 1 }
  let isDone = false
  let isReplaying = false
  let answeredMeanwhile = 0
  process.once('worker', (thread: Worker) => {
    thread.once('online', () => (isReplaying = true))
    thread.once('exit', () => (isReplaying = false))
  })
  const replay = supervisor.trpc.routing.replay
    .query({ ...input, to: at(60) })
    .finally(() => (isDone = true))
  while (!isDone) {
    const response = await fetch(`${server.url}/healthz`)
    expect(response.status).toBe(200)
    if (isReplaying) answeredMeanwhile++
  }
  expect(answeredMeanwhile).toBeGreaterThan(0)
  const { present, changed, recorded } = await replay
  expect(recorded).toEqual({ conversations: 10_000, meanWaitSeconds: 1 })
  expect(present).toMatchObject({ conversations: 10_000, waitSeconds: { maximum: 0 } })
  const assigned = changed.load.reduce((sum, one) => sum + one.assigned, 0)
  expect(changed.load).toHaveLength(200)
  expect(assigned + changed.unassigned).toBe(10_000)
  expect(changed.waitSeconds.mean).toBeGreaterThan(present.waitSeconds.mean)

  const tooMany = supervisor.trpc.routing.replay.query({ ...input, to: at(360) })
  await expect(tooMany).rejects.toMatchObject({
    data: { app: { code: 'invalid_input', details: { field: 'to' } } },
  })
})
