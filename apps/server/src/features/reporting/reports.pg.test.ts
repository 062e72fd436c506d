import { type violationsInput } from '@parley/contracts'
import { type Role } from '@parley/domain'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type z } from 'zod'

import { codeOf } from '../../testing/conversations.ts'
import {
  newId,
  startTestServer,
  type TestClient,
  type TestServer,
} from '../../testing/test-server.ts'
import { newTeam } from '../../testing/workstations.ts'

let server: TestServer
let policyId: string

beforeAll(async () => {
  server = await startTestServer()
  const [policy] = await rows<{ id: string }>(
    `INSERT INTO sla_policies (team_id, priority, frt_target_seconds, resolution_target_seconds)
     VALUES ($1, 'normal', 60, 600)
     ON CONFLICT (team_id, priority) DO UPDATE SET is_active = TRUE RETURNING id`,
    [server.teams.support],
  )
  policyId = (policy as { id: string }).id
})
afterAll(() => server.stop())

const rows = async <Row = Record<string, unknown>>(
  text: string,
  values: unknown[] = [],
): Promise<Row[]> => (await server.database.pool.query(text, values)).rows

/** Without any promise of its own, so that nothing but the test writes its clocks. */
const team = (): Promise<string> => newTeam(server, `reported-${newId()}`)

async function person(role: Role, teamIds: string[]): Promise<TestClient & { id: string }> {
  const added = await server.addPerson({ role, teamIds, capacity: 0 })
  return { ...(await server.signIn(added)), id: added.id }
}

/** A conversation in the queue: nobody here has room for it. */
async function conversation(teamId: string, fields: Record<string, unknown> = {}): Promise<string> {
  const all = {
    team_id: teamId,
    status: 'queued',
    queued_at: '2026-03-10T10:00:00Z',
    first_message_at: '2026-03-10T10:00:00Z',
    ...fields,
  }
  const columns = Object.keys(all)
  const [row] = await rows<{ id: string }>(
    `WITH customer AS (
       INSERT INTO customers (external_id, channel, name) VALUES (gen_random_uuid()::text, 'whatsapp', 'Lucía')
       RETURNING id)
     INSERT INTO conversations (customer_id, channel, channel_account_id, ${columns.join()})
     SELECT customer.id, 'whatsapp', (SELECT id FROM channel_accounts LIMIT 1),
            ${columns.map((_, index) => `$${index + 1}`).join()} FROM customer RETURNING id`,
    Object.values(all),
  )
  return (row as { id: string }).id
}

async function breach(
  conversationId: string,
  of: {
    teamId: string
    userId?: string
    at?: string
    type?: string
    seconds?: number
    final?: boolean
  },
): Promise<string> {
  const [row] = await rows<{ id: string }>(
    `INSERT INTO sla_violations (conversation_id, sla_policy_id, violation_type, target_seconds, actual_seconds,
       breached_at, is_final, team_id, assigned_to, priority)
     VALUES ($1, $2, $3, 60, $4, $5, $6, $7, $8, 'high') RETURNING id`,
    [
      conversationId,
      policyId,
      of.type ?? 'frt',
      of.seconds ?? 90,
      of.at ?? '2026-03-10T10:01:00Z',
      of.final ?? true,
      of.teamId,
      of.userId ?? null,
    ],
  )
  return (row as { id: string }).id
}

const stop = (
  conversationId: string,
  clock: string,
  at: string,
  isMissed = false,
): Promise<unknown> =>
  rows(
    `INSERT INTO sla_timers (conversation_id, clock, sla_policy_id, state, started_at, target_seconds, is_missed,
                             took_seconds, stopped_at)
     VALUES ($1, $2, $3, 'stopped', $4::timestamptz - INTERVAL '1 minute', 60, $5, 60, $4)`,
    [conversationId, clock, policyId, at, isMissed],
  )

type Wanted = z.infer<typeof violationsInput>
const DAY: Wanted = {
  teamId: null,
  userId: null,
  type: null,
  from: '2026-03-10T00:00:00Z',
  to: '2026-03-11T00:00:00Z',
  page: null,
}

const ask = (who: TestClient, wanted: Partial<Wanted> = {}) =>
  who.trpc.reports.violations.query({ ...DAY, ...wanted })
const idsFor = async (who: TestClient, wanted: Partial<Wanted> = {}): Promise<string[]> =>
  (await ask(who, wanted)).violations.map(({ id }) => id)

describe('the breaches of a period', () => {
  test('are one’s own, one’s teams’ or all, by role', async () => {
    const [own, other] = [await team(), await team()]
    const agent = await person('agent', [own])
    const colleague = await person('agent', [own])
    const lead = await person('team_lead', [own])
    const supervisor = await person('supervisor', [])
    const admin = await person('admin', [])
    const mine = await breach(await conversation(own), { teamId: own, userId: agent.id })
    const theirs = await breach(await conversation(own), {
      teamId: own,
      userId: colleague.id,
      at: '2026-03-10T10:02:00Z',
    })
    const foreign = await breach(await conversation(other), {
      teamId: other,
      at: '2026-03-10T10:03:00Z',
    })
    const known = new Set([mine, theirs, foreign])
    const seenBy = async (who: TestClient, wanted: Partial<Wanted> = {}) =>
      (await idsFor(who, wanted)).filter((id) => known.has(id))

    expect(await idsFor(agent)).toEqual([mine])
    expect(await idsFor(agent, { userId: colleague.id })).toEqual([mine])
    expect(await idsFor(agent, { teamId: other })).toEqual([])
    expect(await idsFor(lead)).toEqual([theirs, mine])
    expect(await idsFor(lead, { userId: agent.id })).toEqual([mine])
    expect(await codeOf(ask(lead, { teamId: other }))).toBe('forbidden')
    for (const who of [supervisor, admin]) {
      expect(await seenBy(who)).toEqual([foreign, theirs, mine])
      expect(await seenBy(who, { teamId: other })).toEqual([foreign])
      expect(await seenBy(who, { userId: colleague.id })).toEqual([theirs])
    }
    for (const who of [agent, colleague, lead, supervisor, admin]) who.close()
  })

  test('are of the type and of the time that was asked for, with all there is to know', async () => {
    const teamId = await team()
    const lead = await person('team_lead', [teamId])
    const first = await conversation(teamId)
    const response = await breach(first, { teamId, at: '2026-03-10T00:00:00Z', seconds: 75 })
    const resolution = await breach(first, {
      teamId,
      at: '2026-03-10T23:59:59Z',
      type: 'resolution',
    })
    await breach(await conversation(teamId), { teamId, at: '2026-03-11T00:00:00Z' })
    await breach(await conversation(teamId), { teamId, at: '2026-03-09T23:59:59Z' })
    await rows(
      `UPDATE sla_violations SET escalated_to = $2, escalated_at = breached_at WHERE id = $1`,
      [response, lead.id],
    )
    expect(await idsFor(lead)).toEqual([resolution, response])
    expect(await idsFor(lead, { type: 'resolution' })).toEqual([resolution])
    const { violations, total } = await ask(lead, { type: 'frt' })
    expect(total).toBe(1)
    expect(violations).toEqual([
      {
        id: response,
        conversationId: first,
        customerName: 'Lucía',
        channel: 'whatsapp',
        teamId,
        assignedTo: null,
        type: 'frt',
        priority: 'high',
        targetSeconds: 60,
        actualSeconds: 75,
        isFinal: true,
        breachedAt: '2026-03-10T00:00:00.000Z',
        escalatedTo: lead.id,
        escalatedAt: '2026-03-10T00:00:00.000Z',
      },
    ])
    lead.close()
  })

  test('name a customer of whom only the number is known by it, and so does the queue', async () => {
    const teamId = await team()
    const lead = await person('team_lead', [teamId])
    const waiting = await conversation(teamId)
    await breach(waiting, { teamId })
    await rows(
      `UPDATE customers SET name = NULL, external_id = '+5215550123456'
       WHERE id = (SELECT customer_id FROM conversations WHERE id = $1)`,
      [waiting],
    )
    const called = { conversationId: waiting, customerName: '+52 55 5012 3456' }
    expect((await ask(lead)).violations).toMatchObject([called])
    expect(await lead.trpc.routing.queue.query({ teamId })).toMatchObject({ entries: [called] })
    lead.close()
  })

  test('come in pages of fifty, each once, though many happened at the same instant', async () => {
    const teamId = await team()
    const lead = await person('team_lead', [teamId])
    const expected: string[] = []
    for (let index = 0; index < 120; index++) {
      const minute = String(Math.floor(index / 40)).padStart(2, '0')
      const at = `2026-03-10T10:${minute}:00.000123Z`
      expected.push(await breach(await conversation(teamId), { teamId, at }))
    }
    const seen: string[] = []
    const sizes: number[] = []
    let page: string | null = null
    do {
      const answer: Awaited<ReturnType<typeof ask>> = await ask(lead, { page })
      seen.push(...answer.violations.map(({ id }) => id))
      sizes.push(answer.violations.length)
      expect(answer.total).toBe(120)
      page = answer.nextPage
    } while (page !== null)
    expect(sizes).toEqual([50, 50, 20])
    expect(seen.toSorted()).toEqual(expected.toSorted())
    for (const made of ['x', '1|2', `1|${newId()}|3`, `${'9'.repeat(30)}|${newId()}`]) {
      expect([made, await codeOf(ask(lead, { page: made }))]).toEqual([made, 'invalid_input'])
    }
    lead.close()
  })

  test('that still run have come as far as business time has, without the pauses', async () => {
    const teamId = await team()
    const lead = await person('team_lead', [teamId])
    // An hour ago, of which half was the customer's turn and ten minutes it was closed.
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
    const running = await conversation(teamId, { first_message_at: ago(60) })
    await rows(
      `INSERT INTO conversation_pauses (conversation_id, kind, started_at, ended_at)
       VALUES ($1, 'pending_customer', $2, $3), ($1, 'closed', $4, $5)`,
      [running, ago(50), ago(20), ago(15), ago(5)],
    )
    await breach(running, { teamId, at: ago(30), final: false })
    await breach(running, { teamId, at: ago(30), type: 'resolution', final: false })
    const seconds = async (): Promise<Record<string, number>> => {
      const { violations } = await ask(lead, { from: ago(120), to: ago(0) })
      return Object.fromEntries(violations.map(({ type, actualSeconds }) => [type, actualSeconds]))
    }
    // The first response stands still only while it is closed. The machine may be slow, never early.
    const within = (actual: number | undefined, minutes: number) => {
      expect(actual).toBeGreaterThanOrEqual(minutes * 60)
      expect(actual).toBeLessThan(minutes * 60 + 300)
    }
    within((await seconds())['frt'], 50)
    within((await seconds())['resolution'], 20)
    await rows(`UPDATE team_settings SET sla_pauses_on_customer = FALSE WHERE team_id = $1`, [
      teamId,
    ])
    within((await seconds())['resolution'], 50)
    // The team was never open since: what was on record when it was breached stays.
    await rows(
      `INSERT INTO business_hours (team_id, day_of_week, open_time, close_time, timezone)
       SELECT $1, (EXTRACT(ISODOW FROM NOW() AT TIME ZONE 'UTC')::int + 1) % 7, '00:00', '24:00', 'UTC'`,
      [teamId],
    )
    expect(await seconds()).toEqual({ frt: 90, resolution: 90 })
    lead.close()
  })

  test('stand beside how many clocks were in time', async () => {
    const teamId = await team()
    const lead = await person('team_lead', [teamId])
    const noon = '2026-03-10T12:00:00Z'
    const [met, missed, outside, running] = [
      await conversation(teamId),
      await conversation(teamId),
      await conversation(teamId),
      await conversation(teamId),
    ]
    await stop(met, 'first_response', noon)
    await stop(met, 'resolution', noon)
    await stop(missed, 'first_response', noon, true)
    await breach(missed, { teamId })
    // Breached under the promise of then, in time by the one of now: a breach stays one.
    await stop(missed, 'resolution', noon)
    await breach(missed, { teamId, type: 'resolution' })
    await stop(outside, 'first_response', '2026-03-11T00:00:00Z')
    await breach(running, { teamId, final: false })
    expect((await ask(lead)).onTime).toEqual({
      firstResponse: { met: 1, total: 3 },
      resolution: { met: 1, total: 2 },
    })
    // The list may be narrowed to a type; the rates are both.
    expect((await ask(lead, { type: 'frt' })).onTime.resolution).toEqual({ met: 1, total: 2 })
    lead.close()
  })
})

describe('the last hour', () => {
  test('has no median below zero, though a sender’s clock was ahead of ours', async () => {
    const own = await team()
    const lead = await person('team_lead', [own])
    const at = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()
    await conversation(own, {
      created_at: at(-60),
      first_message_at: at(-30),
      first_response_at: at(-50),
    })
    const { teams } = await lead.trpc.reports.hourFigures.query()
    expect(teams.map(({ medianFirstResponseSeconds }) => medianFirstResponseSeconds)).toEqual([0])
    lead.close()
  })

  test('is of the teams that this person watches', async () => {
    const [own, other] = [await team(), await team()]
    const lead = await person('team_lead', [own])
    const supervisor = await person('supervisor', [])
    const agent = await person('agent', [own])
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
    const responded = (teamId: string, minutes: number, seconds: number) =>
      conversation(teamId, {
        created_at: ago(minutes),
        first_message_at: ago(minutes),
        first_response_at: new Date(Date.parse(ago(minutes)) + seconds * 1000).toISOString(),
      })
    for (const seconds of [10, 20, 90]) {
      await stop(await responded(own, 10, seconds), 'first_response', ago(9), seconds === 90)
    }
    await responded(own, 100, 5)
    await conversation(own, {
      status: 'closed',
      created_at: ago(300),
      closed_at: ago(90),
      close_reason: 'solved',
    })
    const closed = await conversation(own, {
      status: 'closed',
      created_at: ago(300),
      closed_at: ago(30),
      close_reason: 'solved',
    })
    await stop(closed, 'resolution', ago(30))
    await responded(other, 10, 1000)
    await rows(
      `INSERT INTO queue_samples (team_id, sampled_at, queued)
       SELECT $1, date_trunc('minute', NOW()) - make_interval(mins => n), n FROM generate_series(1, 70) n`,
      [own],
    )

    const figures = await lead.trpc.reports.hourFigures.query()
    expect(figures.teams.map(({ teamId }) => teamId)).toEqual([own])
    expect(figures.teams[0]?.medianFirstResponseSeconds).toBe(20)
    const queue = figures.teams[0]?.queue ?? []
    expect(queue.length).toBeLessThanOrEqual(60)
    expect(queue.length).toBeGreaterThan(50)
    const instants = queue.map(({ at }) => Date.parse(at))
    expect(instants).toEqual(instants.toSorted((a, b) => a - b))
    expect(figures.lastHour).toEqual({
      created: 3,
      createdBefore: 1,
      closed: 1,
      closedBefore: 1,
      firstResponse: { met: 2, total: 3 },
      resolution: { met: 1, total: 1 },
    })

    // What was breached within the hour and still runs is not in time either.
    await server.database.pool.query(
      `WITH policy AS (
         INSERT INTO sla_policies (team_id, priority, frt_target_seconds, resolution_target_seconds)
         VALUES ($1, 'low', 60, 600) ON CONFLICT (team_id, priority) DO UPDATE SET is_active = TRUE RETURNING id)
       INSERT INTO sla_violations (conversation_id, sla_policy_id, violation_type, target_seconds, actual_seconds,
         breached_at, team_id)
       SELECT c.id, policy.id, 'resolution', 600, 600, NOW() - INTERVAL '1 minute', $1
       FROM conversations c, policy WHERE c.team_id = $1 AND c.status <> 'closed' LIMIT 1`,
      [own],
    )
    const { lastHour } = await lead.trpc.reports.hourFigures.query()
    expect(lastHour.resolution).toEqual({ met: 1, total: 2 })

    const all = await supervisor.trpc.reports.hourFigures.query()
    const watched = new Map(all.teams.map((one) => [one.teamId, one]))
    expect(watched.get(other)?.medianFirstResponseSeconds).toBe(1000)
    expect(watched.has(own)).toBe(true)
    expect(await codeOf(agent.trpc.reports.hourFigures.query())).toBe('forbidden')
    for (const who of [lead, supervisor, agent]) who.close()
  })
})
