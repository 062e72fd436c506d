import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { clocksOf, promise, recompute, violationsOf } from '../../testing/service-levels.ts'
import { eventually, newId, startTestServer, type TestServer } from '../../testing/test-server.ts'
import { newTeam, queueUp } from '../../testing/workstations.ts'

/** What happens when the instants of clocks come. */

let server: TestServer
let teams = 0

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

async function teamWith(promised: Parameters<typeof promise>[2]): Promise<string> {
  const teamId = await newTeam(server, `firing-${teams++}`, { mode: 'pull' })
  await promise(server, teamId, promised)
  return teamId
}

async function query<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
  const { rows } = await server.database.pool.query<Row>(text, values)
  return rows
}

/** Kinds of what each was told of, by conversation. */
function alertsOf(conversationIds: readonly string[]) {
  return query<{ conversation_id: string; user_id: string; kind: string; clock: string }>(
    'SELECT conversation_id, user_id, kind, clock FROM alerts WHERE conversation_id = ANY($1) ORDER BY raised_at, kind',
    [conversationIds],
  )
}

describe('a clock whose instant comes', () => {
  test('warns at the share of its time that the team has set, then is breached, once each', async () => {
    const teamId = await teamWith({ firstResponseSeconds: 2, resolutionSeconds: 9000 })
    await server.database.pool.query(
      'UPDATE team_settings SET sla_warning_percent = 50 WHERE team_id = $1',
      [teamId],
    )
    const lead = await server.addPerson({ role: 'team_lead', teamIds: [teamId] })
    const [id] = (await queueUp(server, teamId, 1)) as [string]
    await recompute(server, teamId)
    const { first_response: clock } = await clocksOf(server, id)
    expect(clock?.warns_at?.getTime()).toBe((clock?.started_at.getTime() ?? 0) + 1000)

    const [violation] = await eventually(async () => {
      const found = await violationsOf(server, [id])
      expect(found).toHaveLength(1)
      return found
    })
    expect(violation).toMatchObject({
      violation_type: 'frt',
      target_seconds: 2,
      actual_seconds: 2,
      is_final: false,
      team_id: teamId,
      breached_at: clock?.due_at,
    })
    // Nothing was recorded before its time.
    expect(violation?.created_at.getTime()).toBeGreaterThanOrEqual(
      clock?.due_at?.getTime() ?? Infinity,
    )
    expect(await alertsOf([id])).toMatchObject([
      { user_id: lead.id, kind: 'warning', clock: 'first_response' },
      { user_id: lead.id, kind: 'breach', clock: 'first_response' },
    ])
    const [event] = await query<{ event_type: string; metadata: object }>(
      `SELECT event_type, metadata FROM conversation_events WHERE conversation_id = $1 AND event_type LIKE 'sla.%'`,
      [id],
    )
    expect(event).toMatchObject({
      event_type: 'sla.breached',
      metadata: { clock: 'first_response', target_seconds: 2 },
    })
    expect((await clocksOf(server, id)).first_response).toMatchObject({ next_at: null })
    const metrics = await (await fetch(server.metricsUrl)).text()
    expect(metrics).toMatch(/parley_sla_breaches_total\{clock="first_response"\} [1-9]/)
    expect(metrics).toMatch(/parley_sla_lateness_seconds_count [1-9]/)
    expect(metrics).toMatch(/parley_alerts_raised_total\{kind="breach"\} [1-9]/)
  })

  test('is final in its breach when it stops', async () => {
    const teamId = await teamWith({ firstResponseSeconds: 1 })
    const person = await server.addPerson({ role: 'supervisor', teamIds: [teamId], capacity: 50 })
    const client = await server.signIn(person)
    const [id] = (await queueUp(server, teamId, 1)) as [string]
    await recompute(server, teamId)
    await eventually(async () => expect(await violationsOf(server, [id])).toHaveLength(1))
    await client.trpc.conversations.claim.mutate({ intentId: newId(), conversationId: id })
    await client.trpc.messages.send.mutate({
      id: newId(),
      conversationId: id,
      text: 'Hola',
      lastSeenSeq: null,
      despiteNewerReply: true,
    })
    const [violation] = await violationsOf(server, [id])
    expect(violation?.is_final).toBe(true)
    expect(violation?.actual_seconds).toBeGreaterThan(1)
    expect(
      await query('SELECT 1 FROM alerts WHERE conversation_id = $1 AND ended_at IS NULL', [id]),
    ).toEqual([])
    client.close()
  })

  test('calls a lead when the customer has waited too long, without a warning before', async () => {
    const teamId = await teamWith({ escalationSeconds: 1 })
    const lead = await server.addPerson({
      role: 'team_lead',
      teamIds: [teamId],
      presence: 'online',
    })
    const [id] = (await queueUp(server, teamId, 1)) as [string]
    await recompute(server, teamId)
    await eventually(async () => {
      expect(await alertsOf([id])).toMatchObject([{ user_id: lead.id, kind: 'escalation' }])
    })
    expect(
      await query('SELECT level, escalated_to FROM escalations WHERE conversation_id = $1', [id]),
    ).toEqual([{ level: 1, escalated_to: lead.id }])
  })

  test('is breached though another policy came in the very moment', async () => {
    const teamId = await teamWith({ firstResponseSeconds: 3600 })
    const [id] = (await queueUp(server, teamId, 1)) as [string]
    await recompute(server, teamId)
    // Due under the old terms, and no process has seen it: the row is held, as a busy command would hold it.
    const client = await server.database.pool.connect()
    try {
      await client.query('BEGIN')
      await client.query('SELECT 1 FROM conversations WHERE id = $1 FOR NO KEY UPDATE', [id])
      await client.query(
        `UPDATE sla_timers SET due_at = NOW() - INTERVAL '1 second', warned_at = NOW(), next_at = NOW() - INTERVAL '1 second'
         WHERE conversation_id = $1 AND clock = 'first_response'`,
        [id],
      )
      await client.query(`UPDATE sla_policies SET frt_target_seconds = 7200 WHERE team_id = $1`, [
        teamId,
      ])
      await client.query('INSERT INTO sla_recomputes (team_id) VALUES ($1)', [teamId])
      await client.query('COMMIT')
    } finally {
      client.release()
    }
    await server.database.pool.query('NOTIFY parley_sla_terms')
    await eventually(async () => {
      expect(await violationsOf(server, [id])).toMatchObject([{ target_seconds: 3600 }])
      expect((await clocksOf(server, id)).first_response).toMatchObject({ target_seconds: 7200 })
    })
  })

  test('counts the database’s time: a process whose own clock is a day ahead breaches nothing early', async () => {
    const teamId = await teamWith({ firstResponseSeconds: 3600 })
    const [id] = (await queueUp(server, teamId, 1)) as [string]
    await recompute(server, teamId)
    const now = Date.now
    Date.now = () => now() + 86_400_000
    try {
      await server.database.pool.query('NOTIFY parley_sla')
      const [soon] = (await queueUp(server, await teamWith({ firstResponseSeconds: 1 }), 1)) as [
        string,
      ]
      await recompute(server, await teamOf(soon))
      // The one that is due shows that the clocks were looked at meanwhile.
      await eventually(
        async () => expect(await violationsOf(server, [soon])).toHaveLength(1),
        86_500_000,
      )
      expect(await violationsOf(server, [id])).toEqual([])
    } finally {
      Date.now = now
    }
  })
})

describe('any number of processes', () => {
  test('record each breach once, and nobody is told twice', async () => {
    const teamId = await teamWith({ firstResponseSeconds: 3600, resolutionSeconds: 3600 })
    const leads = await Promise.all(
      Array.from({ length: 3 }, () => server.addPerson({ role: 'team_lead', teamIds: [teamId] })),
    )
    const others = await Promise.all([server.startAnother(), server.startAnother()])
    try {
      const ids = await queueUp(server, teamId, 700)
      await recompute(server, teamId)
      await server.database.pool.query(
        `UPDATE sla_timers t SET due_at = soon.at, warned_at = NOW(), next_at = soon.at
         FROM (SELECT NOW() + INTERVAL '500 milliseconds' AS at) soon
         WHERE conversation_id = ANY($1)`,
        [ids],
      )
      await server.database.pool.query('NOTIFY parley_sla')
      await eventually(async () => {
        expect(await violationsOf(server, ids)).toHaveLength(1400)
      })
      const told = await query<{ count: number }>(
        `SELECT COUNT(*)::int AS count FROM alerts WHERE conversation_id = ANY($1) AND kind = 'breach'`,
        [ids],
      )
      expect(told).toEqual([{ count: 1400 * leads.length }])
      const events = await query<{ count: number }>(
        `SELECT COUNT(*)::int AS count FROM conversation_events
         WHERE conversation_id = ANY($1) AND event_type = 'sla.breached'`,
        [ids],
      )
      expect(events).toEqual([{ count: 1400 }])
    } finally {
      await Promise.all(others.map((other) => other.stop()))
    }
  })

  test('pass over a conversation that somebody holds, and come back to it', async () => {
    const teamId = await teamWith({ firstResponseSeconds: 1 })
    const [held, free] = (await queueUp(server, teamId, 2)) as [string, string]
    const client = await server.database.pool.connect()
    try {
      await recompute(server, teamId)
      await client.query('BEGIN')
      await client.query('SELECT 1 FROM conversations WHERE id = $1 FOR NO KEY UPDATE', [held])
      await eventually(async () => expect(await violationsOf(server, [free])).toHaveLength(1))
      expect(await violationsOf(server, [held])).toEqual([])
      await client.query('COMMIT')
    } finally {
      client.release()
    }
    await eventually(async () => expect(await violationsOf(server, [held])).toHaveLength(1))
  })
})

async function teamOf(conversationId: string): Promise<string> {
  const [row] = await query<{ team_id: string }>(
    'SELECT team_id FROM conversations WHERE id = $1',
    [conversationId],
  )
  if (row === undefined) throw new Error('no such conversation')
  return row.team_id
}
