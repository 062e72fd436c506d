import { type AlertPreferencesRow, type AlertRow, type FeedItem } from '@parley/contracts'
import { DEFAULT_ALERT_PREFERENCES } from '@parley/domain'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { codeOf } from '../../testing/conversations.ts'
import {
  eventually,
  newId,
  startTestServer,
  type TestClient,
  type TestPerson,
  type TestServer,
} from '../../testing/test-server.ts'
import { bootstrapAll, newTeam, queueUp } from '../../testing/workstations.ts'

let server: TestServer
let teams = 0

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

const rows = async <Row = Record<string, unknown>>(
  text: string,
  values: unknown[] = [],
): Promise<Row[]> => (await server.database.pool.query(text, values)).rows

/** A workstation that follows the feed. */
interface Follower extends TestClient {
  person: TestPerson
  /** The newest state of each alert that the feed brought. */
  alerts(): AlertRow[]
  items: FeedItem[]
}

async function follow(role: 'agent' | 'team_lead', teamId: string): Promise<Follower> {
  const person = await server.addPerson({ role, teamIds: [teamId], capacity: 0 })
  const client = await server.signIn(person)
  const { cursor } = await client.trpc.sync.bootstrap.query({ page: null })
  const items: FeedItem[] = []
  let isLive = false
  client.trpc.sync.feed.subscribe(
    { cursor: cursor as string },
    {
      onData: ({ data }) => {
        if (data.type === 'live') isLive = true
        if (data.type === 'batch') items.push(...data.batch.items)
      },
    },
  )
  await eventually(() => expect(isLive).toBe(true))
  return {
    ...client,
    person,
    items,
    alerts() {
      const newest = new Map<string, AlertRow>()
      for (const item of items) {
        if (item.op !== 'put' || item.kind !== 'alert') continue
        const known = newest.get(item.row.id)
        if (known === undefined || known.version < item.row.version) {
          newest.set(item.row.id, item.row)
        }
      }
      return [...newest.values()]
    },
  }
}

interface Called {
  conversationId: string
  subjectId: string
  alertIds: Map<string, string>
}

/** An escalation for these people, as the chain would have made it, and its breach. */
async function callFor(teamId: string, people: TestPerson[]): Promise<Called> {
  const [conversationId] = (await queueUp(server, teamId, 1)) as [string]
  const [escalation] = (await rows<{ id: string }>(
    `INSERT INTO escalations (conversation_id, team_id, waiting_since, escalated_to, next_step_at)
     VALUES ($1, $2, NOW(), $3, NOW() + INTERVAL '5 minutes') RETURNING id`,
    [conversationId, teamId, people[0]?.id],
  )) as [{ id: string }]
  await rows(
    `WITH policy AS (
       INSERT INTO sla_policies (team_id, priority, frt_target_seconds, resolution_target_seconds)
       VALUES ($1, 'low', 60, 600) ON CONFLICT (team_id, priority) DO UPDATE SET is_active = TRUE
       RETURNING id)
     INSERT INTO sla_violations (conversation_id, sla_policy_id, violation_type, target_seconds, actual_seconds)
     SELECT $2, policy.id, 'frt', 60, 60 FROM policy`,
    [teamId, conversationId],
  )
  const alerts = await rows<{ id: string; user_id: string }>(
    `INSERT INTO alerts (user_id, subject_id, kind, clock, conversation_id, team_id, escalation_id, level,
                         due_at, rises_at)
     SELECT user_id, $1, 'escalation', 'escalation', $2, $3, $1, 1, NOW(), NOW() + INTERVAL '5 minutes'
     FROM unnest($4::uuid[]) AS t(user_id) RETURNING id, user_id`,
    [escalation.id, conversationId, teamId, people.map(({ id }) => id)],
  )
  await rows('NOTIFY parley_feed')
  return {
    conversationId,
    subjectId: escalation.id,
    alertIds: new Map(alerts.map(({ id, user_id }) => [user_id, id])),
  }
}

const acknowledge = (who: Follower, { alertIds }: Called, intentId = newId()) =>
  who.trpc.alerts.acknowledge.mutate({
    intentId,
    alertId: alertIds.get(who.person.id) as string,
  })

const states = (subjectId: string) =>
  rows(`SELECT DISTINCT end_reason, acknowledged_by, rises_at FROM alerts WHERE subject_id = $1`, [
    subjectId,
  ])

async function leads(count: number): Promise<{ teamId: string; all: Follower[] }> {
  const teamId = await newTeam(server, `acknowledging-${++teams}`)
  const all: Follower[] = []
  for (let index = 0; index < count; index++) all.push(await follow('team_lead', teamId))
  return { teamId, all }
}

describe('acknowledging', () => {
  test('ends it for everybody who was told, on every screen, and stops the chain', async () => {
    const { teamId, all } = await leads(2)
    const [one, other] = all as [Follower, Follower]
    const called = await callFor(teamId, [one.person, other.person])
    await eventually(() => {
      for (const who of all) expect(who.alerts().map(({ endedAt }) => endedAt)).toEqual([null])
    })
    await acknowledge(other, called)
    const by = other.person.id
    expect(await states(called.subjectId)).toEqual([
      { end_reason: 'acknowledged', acknowledged_by: by, rises_at: null },
    ])
    await eventually(() => {
      for (const who of all) {
        expect(who.alerts().map(({ acknowledgedBy }) => acknowledgedBy)).toEqual([by])
      }
    })
    expect(
      await rows(
        `SELECT e.acknowledged_by, e.escalated_to, e.next_step_at, e.ended_at, v.escalated_to AS mirrored
         FROM escalations e JOIN sla_violations v USING (conversation_id) WHERE e.id = $1`,
        [called.subjectId],
      ),
    ).toEqual([
      { acknowledged_by: by, escalated_to: by, next_step_at: null, ended_at: null, mirrored: by },
    ])
    expect(
      await rows(
        `SELECT event_type, actor_type, actor_id FROM conversation_events
         WHERE conversation_id = $1 AND event_type LIKE 'sla.%'`,
        [called.conversationId],
      ),
    ).toEqual([{ event_type: 'sla.escalation_acknowledged', actor_type: 'user', actor_id: by }])
    for (const who of all) who.close()
  })

  test('is what taking over says, too', async () => {
    // One lead: of several who are there any could be the one who is called.
    const { teamId, all } = await leads(1)
    const [one] = all as [Follower]
    const { rows: stored } = await server.database.pool.query<{ id: string }>(
      `INSERT INTO sla_policies (team_id, priority, frt_target_seconds, resolution_target_seconds, escalation_after_seconds)
       VALUES ($1, 'normal', 86400, 864000, 1) RETURNING id`,
      [teamId],
    )
    expect(stored).toHaveLength(1)
    const [conversationId] = (await queueUp(server, teamId, 1)) as [string]
    await rows(
      `INSERT INTO sla_recomputes (team_id) VALUES ($1) ON CONFLICT (team_id) DO UPDATE SET after_id = NULL`,
      [teamId],
    )
    await rows(
      `UPDATE agent_presence SET status = 'online', is_connected = TRUE WHERE user_id = $1`,
      [one.person.id],
    )
    await rows('NOTIFY parley_sla_terms')
    await eventually(() =>
      expect(one.alerts()).toMatchObject([{ kind: 'escalation', conversationId, endedAt: null }]),
    )
    await one.trpc.conversations.takeOver.mutate({ intentId: newId(), conversationId })
    await eventually(() =>
      expect(one.alerts()).toMatchObject([
        { endReason: 'acknowledged', acknowledgedBy: one.person.id },
      ]),
    )
    expect(
      await rows(
        'SELECT acknowledged_by, next_step_at, ended_at FROM escalations WHERE conversation_id = $1',
        [conversationId],
      ),
    ).toEqual([{ acknowledged_by: one.person.id, next_step_at: null, ended_at: null }])
    for (const who of all) who.close()
  })

  test('by two at the same moment is by one of them, and neither is refused', async () => {
    const { teamId, all } = await leads(2)
    for (let round = 0; round < 10; round++) {
      const called = await callFor(
        teamId,
        all.map(({ person }) => person),
      )
      await Promise.all(all.map((who) => acknowledge(who, called)))
      const [state, ...others] = await states(called.subjectId)
      expect(others).toEqual([])
      const [escalation] = await rows('SELECT acknowledged_by FROM escalations WHERE id = $1', [
        called.subjectId,
      ])
      expect(escalation?.['acknowledged_by']).toBe(state?.['acknowledged_by'])
      const events = await rows(
        `SELECT actor_id FROM conversation_events
         WHERE conversation_id = $1 AND event_type = 'sla.escalation_acknowledged'`,
        [called.conversationId],
      )
      expect(events).toEqual([{ actor_id: state?.['acknowledged_by'] }])
    }
    for (const who of all) who.close()
  })

  test('asked again with the same intent, or too late, changes nothing', async () => {
    const { teamId, all } = await leads(2)
    const [one, other] = all as [Follower, Follower]
    const called = await callFor(teamId, [one.person, other.person])
    const intentId = newId()
    await acknowledge(one, called, intentId)
    const before = await rows('SELECT id, version FROM alerts WHERE subject_id = $1 ORDER BY id', [
      called.subjectId,
    ])
    expect(await acknowledge(one, called, intentId)).toBeNull()
    expect(await acknowledge(other, called)).toBeNull()
    expect(
      await rows('SELECT id, version FROM alerts WHERE subject_id = $1 ORDER BY id', [
        called.subjectId,
      ]),
    ).toEqual(before)
    await eventually(() => {
      const done = one.items.flatMap((item) => (item.op === 'acknowledge' ? [item.intentId] : []))
      expect(done).toContain(intentId)
    })
    const next = await callFor(teamId, [one.person])
    expect(await codeOf(acknowledge(one, next, intentId))).toBe('invalid_input')
    for (const who of all) who.close()
  })

  test('is of one’s own alerts only', async () => {
    const { teamId, all } = await leads(2)
    const [one, other] = all as [Follower, Follower]
    const called = await callFor(teamId, [one.person])
    const alertId = called.alertIds.get(one.person.id) as string
    const attempt = (id: string) =>
      codeOf(other.trpc.alerts.acknowledge.mutate({ intentId: newId(), alertId: id }))
    expect([await attempt(alertId), await attempt(newId())]).toEqual(['not_found', 'not_found'])
    expect(await states(called.subjectId)).toMatchObject([{ end_reason: null }])
    for (const who of all) who.close()
  })
})

describe('a lead who', () => {
  const asAdmin = async () => server.signIn(await server.addPerson({ role: 'admin', teamIds: [] }))

  /** A lead who was told of a breach and called for an escalation, with a colleague who was told of the breach, too. */
  async function told() {
    const { teamId, all } = await leads(2)
    const [one, other] = all as [Follower, Follower]
    const called = await callFor(teamId, [one.person])
    await rows(
      `INSERT INTO alerts (user_id, subject_id, kind, clock, conversation_id, team_id, due_at)
       SELECT person, gen_random_uuid(), 'breach', 'resolution', $1, $2, NOW() FROM unnest($3::uuid[]) AS person`,
      [called.conversationId, teamId, [one.person.id, other.person.id]],
    )
    await rows('NOTIFY parley_feed')
    await eventually(() => expect(one.alerts()).toHaveLength(2))
    await eventually(() => expect(other.alerts()).toHaveLength(1))
    return { teamId, one, other, called, admin: await asAdmin() }
  }

  const open = (who: Follower) => who.alerts().filter(({ endedAt }) => endedAt === null)

  const begunWith = async (who: Follower) =>
    (await bootstrapAll(who)).filter(({ kind }) => kind === 'alert')

  test('leaves the team loses what they were told of it, on every screen and for good', async () => {
    const { one, other, called, admin } = await told()
    await admin.trpc.people.setTeams.mutate({ userId: one.person.id, teamIds: [] })
    await eventually(() => expect(open(one)).toEqual([]))
    expect(one.alerts().map(({ endReason }) => endReason)).toEqual(['moved', 'moved'])
    expect(await begunWith(one)).toEqual([])
    const [escalation] = await rows(
      'SELECT escalated_to, ended_at FROM escalations WHERE id = $1',
      [called.subjectId],
    )
    expect(escalation).not.toMatchObject({ escalated_to: one.person.id })
    expect(escalation).toMatchObject({ ended_at: null })
    expect(open(other).map(({ kind }) => kind)).toContain('breach')
    for (const who of [one, other, admin]) who.close()
  })

  test('is no lead any more loses it, too', async () => {
    const { one, other, admin } = await told()
    await admin.trpc.people.setRole.mutate({ userId: one.person.id, role: 'agent' })
    await eventually(() => expect(open(one)).toEqual([]))
    expect(await begunWith(one)).toEqual([])
    expect(open(other).map(({ kind }) => kind)).toContain('breach')
    for (const who of [one, other, admin]) who.close()
  })

  test('has an alert that nobody has ended yet is not brought it, because it is not theirs', async () => {
    const { one, other, admin } = await told()
    // As if the alert had been written in the moment in which the rights were changed.
    await rows('DELETE FROM team_memberships WHERE user_id = $1', [one.person.id])
    expect(await begunWith(one)).toEqual([])
    for (const who of [one, other, admin]) who.close()
  })

  test('had taken an escalation and is switched off leaves it to be called for again', async () => {
    const { teamId, one, other, called, admin } = await told()
    await acknowledge(one, called)
    await rows(`UPDATE agent_presence SET status = 'online' WHERE user_id = $1`, [other.person.id])
    await admin.trpc.people.setActive.mutate({ userId: one.person.id, isActive: false })
    await eventually(() =>
      expect(open(other).map(({ kind, teamId: of }) => [kind, of])).toContainEqual([
        'escalation',
        teamId,
      ]),
    )
    const [escalation] = await rows(
      'SELECT escalated_to, acknowledged_by FROM escalations WHERE id = $1',
      [called.subjectId],
    )
    expect(escalation).toEqual({ escalated_to: other.person.id, acknowledged_by: null })
    for (const who of [one, other, admin]) who.close()
  })
})

describe('a workstation', () => {
  test('is brought its person’s alerts and no others', async () => {
    const { teamId, all } = await leads(2)
    const [one, other] = all as [Follower, Follower]
    const called = await callFor(teamId, [one.person])
    await eventually(() => expect(one.alerts()).toHaveLength(1))
    expect(one.alerts()[0]).toMatchObject({
      userId: one.person.id,
      subjectId: called.subjectId,
      kind: 'escalation',
      conversationId: called.conversationId,
      level: 1,
      endedAt: null,
    })
    // What comes after it has come to the other one, too.
    await eventually(() => {
      const conversations = other.items.flatMap((item) =>
        item.op === 'put' && item.kind === 'conversation' ? [item.row.id] : [],
      )
      expect(conversations).toContain(called.conversationId)
    })
    const later = await callFor(teamId, [other.person])
    await eventually(() =>
      expect(other.alerts().map(({ subjectId }) => subjectId)).toEqual([later.subjectId]),
    )
    expect(one.alerts()).toHaveLength(1)
    for (const who of all) who.close()
  })

  test('begins with what is open and what was told within a day', async () => {
    const { teamId, all } = await leads(2)
    const [one, other] = all as [Follower, Follower]
    const [conversationId] = await queueUp(server, teamId, 1)
    await rows(
      `INSERT INTO alerts (user_id, subject_id, kind, clock, conversation_id, due_at, raised_at, ended_at, end_reason)
       SELECT t.user_id, gen_random_uuid(), t.kind, 'resolution', $3, NOW(), NOW() - t.age::interval,
              CASE WHEN t.is_over THEN NOW() END, CASE WHEN t.is_over THEN 'resolved' END
       FROM (VALUES ($1::uuid, 'breach', '30 hours', FALSE), ($1, 'warning', '23 hours', TRUE),
                    ($1, 'breach', '25 hours', TRUE), ($2, 'breach', '1 hour', FALSE)) AS t(user_id, kind, age, is_over)`,
      [one.person.id, other.person.id, conversationId],
    )
    const items = await bootstrapAll(one)
    const kinds = items.flatMap((item) => (item.kind === 'alert' ? [item.row.kind] : []))
    expect(kinds.toSorted()).toEqual(['breach', 'warning'])
    for (const who of all) who.close()
  })

  test('begins with at most 300 alerts, the open ones first', async () => {
    const { teamId, all } = await leads(1)
    const [one] = all as [Follower]
    const [conversationId] = await queueUp(server, teamId, 1)
    await rows(
      `INSERT INTO alerts (user_id, subject_id, kind, clock, conversation_id, due_at, raised_at, ended_at, end_reason)
       SELECT $1, gen_random_uuid(), 'breach', 'resolution', $2, NOW(),
              NOW() - make_interval(mins => 500 - n), CASE WHEN n > 50 THEN NOW() END,
              CASE WHEN n > 50 THEN 'resolved' END
       FROM generate_series(1, 400) n`,
      [one.person.id, conversationId],
    )
    const items = await bootstrapAll(one)
    const alerts = items.flatMap((item) => (item.kind === 'alert' ? [item.row] : []))
    expect(alerts).toHaveLength(300)
    expect(alerts.filter(({ endedAt }) => endedAt === null)).toHaveLength(50)
    one.close()
  })

  test('sees a conversation’s clocks, the nearest first, wherever it gets it from', async () => {
    const { teamId, all } = await leads(1)
    const [one] = all as [Follower]
    const [conversationId] = (await queueUp(server, teamId, 1)) as [string]
    await rows(
      `WITH policy AS (
         INSERT INTO sla_policies (team_id, priority, frt_target_seconds, resolution_target_seconds)
         VALUES ($1, 'low', 60, 600) RETURNING id)
       INSERT INTO sla_timers (conversation_id, clock, sla_policy_id, state, started_at, target_seconds,
                               warns_at, due_at, took_seconds, is_missed, stopped_at)
       SELECT $2, t.clock, policy.id, t.state, '2026-11-22T10:00:00Z'::timestamptz, 60, t.due - INTERVAL '1 second',
              t.due, t.took, FALSE, NULL
       FROM policy, (VALUES ('resolution', 'running', '2026-11-22T12:00:00Z'::timestamptz, NULL::int),
                            ('first_response', 'stopped', NULL, 42),
                            ('next_response', 'running', '2026-11-22T11:00:00.5Z', NULL)) AS t(clock, state, due, took)`,
      [teamId, conversationId],
    )
    await rows('UPDATE conversations SET version = version WHERE id = $1', [conversationId])
    await rows('NOTIFY parley_feed')
    const expected = [
      ['next_response', 'running', '2026-11-22T11:00:00.500Z', null],
      ['resolution', 'running', '2026-11-22T12:00:00.000Z', null],
      ['first_response', 'stopped', null, 42],
    ]
    const clocksIn = (items: FeedItem[]) =>
      items
        .flatMap((item) =>
          item.op === 'put' && item.kind === 'conversation' && item.row.id === conversationId
            ? [item.row]
            : [],
        )
        .at(-1)
        ?.clocks.map(({ name, state, dueAt, tookSeconds }) => [name, state, dueAt, tookSeconds])
    await eventually(() => expect(clocksIn(one.items)).toEqual(expected))
    expect(clocksIn(await bootstrapAll(one))).toEqual(expected)
    await rows(
      `UPDATE conversations SET status = 'closed', closed_at = NOW(), close_reason = 'other' WHERE id = $1`,
      [conversationId],
    )
    expect(clocksIn(await bootstrapAll(one))).toEqual(expected)
    one.close()
  })
})

describe('preferences', () => {
  type Preferences = AlertPreferencesRow['preferences']
  const defaults: Preferences = { ...DEFAULT_ALERT_PREFERENCES, quiet: null }
  const wishes: Preferences = {
    warning: { channel: 'off', sound: false },
    breach: { channel: 'app', sound: false },
    quiet: { days: [0, 1, 6], from: '22:00', to: '07:00', timeZone: 'America/Mexico_City' },
  }

  test('are saved, replaced, and come to their person’s workstations only', async () => {
    const { all } = await leads(2)
    const [one, other] = all as [Follower, Follower]
    const preferencesIn = (items: FeedItem[]) =>
      items.flatMap((item) =>
        item.op === 'put' && item.kind === 'alert_preferences' ? [item.row] : [],
      )
    await one.trpc.alerts.savePreferences.mutate({ preferences: defaults })
    await one.trpc.alerts.savePreferences.mutate({ preferences: wishes })
    await other.trpc.alerts.savePreferences.mutate({ preferences: defaults })
    const row = { id: one.person.id, version: 2, preferences: wishes }
    await eventually(() => {
      expect(preferencesIn(one.items).at(-1)).toEqual(row)
      expect(preferencesIn(other.items).at(-1)?.id).toBe(other.person.id)
    })
    expect(preferencesIn(one.items).every(({ id }) => id === one.person.id)).toBe(true)
    const items = await bootstrapAll(one)
    expect(preferencesIn(items)).toEqual([row])
    for (const who of all) who.close()
  })

  test('with hours that cannot be are refused, and the old ones stay', async () => {
    const { all } = await leads(1)
    const [one] = all as [Follower]
    const save = (quiet: Partial<NonNullable<Preferences['quiet']>>) =>
      codeOf(
        one.trpc.alerts.savePreferences.mutate({
          preferences: { ...wishes, quiet: { ...wishes.quiet, ...quiet } as never },
        }),
      )
    expect(await save({})).toBe('no failure')
    for (const wrong of [
      { timeZone: 'Mars/Phobos' },
      { timeZone: '+05:30' },
      { days: [1, 1] },
      { days: [] },
      { days: [7] },
      { from: '25:00' },
      { from: '07:00', to: '07:00' },
    ]) {
      expect([wrong, await save(wrong)]).toEqual([wrong, 'invalid_input'])
    }
    const stored = await rows(
      'SELECT version, preferences FROM alert_preferences WHERE user_id = $1',
      [one.person.id],
    )
    expect(stored).toEqual([{ version: '1', preferences: wishes }])
    one.close()
  })
})
