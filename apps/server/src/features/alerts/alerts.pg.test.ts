import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import {
  createBareServices,
  type BareConversation,
  type BareServices,
} from '../../testing/bare-services.ts'
import {
  climbEscalations,
  escalate,
  escalationOf,
  nextClimbMs,
  nextHeldNewsMs,
  raiseAlerts,
  settleAlerts,
  tellHeldNews,
  type AlertNews,
} from './index.ts'

let services: BareServices
let teamId: string

beforeAll(async () => {
  services = await createBareServices()
})
afterAll(() => services.database.drop())

/** Everybody is gone and nothing is open: supervisors and admins would be called by every test. */
beforeEach(async () => {
  await services.rows('UPDATE users SET is_active = FALSE')
  await services.rows('DELETE FROM escalations')
  teamId = await services.addTeam()
})

const DUE = new Date('2026-11-22T15:00:00.000Z')
const WAITING = new Date('2026-11-22T14:00:00.000Z')

const lead = (presence: 'online' | 'busy' | 'away' | 'offline') =>
  services.addPerson('team_lead', presence, [teamId])

const conversation = (fields: Record<string, unknown> = {}) =>
  services.addConversation({
    team_id: teamId,
    status: 'queued',
    queued_at: WAITING,
    waiting_since: WAITING,
    ...fields,
  })

const news = (of: BareConversation, rest: Partial<AlertNews> = {}): AlertNews => ({
  kind: 'breach',
  clock: 'first_response',
  conversationId: of.id,
  teamId: of.teamId,
  assignedTo: of.assignedTo,
  customerId: of.customerId,
  dueAt: DUE,
  ...rest,
})

const raise = (...all: AlertNews[]) =>
  services.db.transaction((tx) => raiseAlerts(services, tx, all))

const call = (...all: BareConversation[]) =>
  services.db.transaction((tx) =>
    escalate(
      services,
      tx,
      all.map((one) => ({
        conversationId: one.id,
        teamId: one.teamId,
        customerId: one.customerId,
        waitingSince: WAITING,
        dueAt: DUE,
      })),
    ),
  )

interface AlertState {
  user_id: string
  subject_id: string
  kind: string
  level: number | null
  rises: boolean
  end_reason: string | null
}

const alertsOf = ({ id }: BareConversation) =>
  services.rows<AlertState>(
    `SELECT user_id, subject_id, kind, level, rises_at IS NOT NULL AS rises, end_reason FROM alerts
     WHERE conversation_id = $1 ORDER BY raised_at, kind`,
    [id],
  )

async function told(of: BareConversation): Promise<string[]> {
  return (await alertsOf(of)).map(({ user_id }) => user_id).toSorted()
}

interface EscalationState {
  id: string
  level: number
  escalated_to: string | null
  rises: boolean
  end_reason: string | null
}

async function escalationsOf({ id }: BareConversation): Promise<EscalationState[]> {
  return services.rows<EscalationState>(
    `SELECT id, level, escalated_to, next_step_at IS NOT NULL AS rises, end_reason FROM escalations
     WHERE conversation_id = $1 ORDER BY escalated_at`,
    [id],
  )
}

async function theEscalation(of: BareConversation): Promise<EscalationState> {
  const [only, ...others] = await escalationsOf(of)
  if (only === undefined || others.length > 0) throw new Error('not one escalation')
  return only
}

const eventsOf = ({ id }: BareConversation) =>
  services.rows<{ event_type: string; metadata: { level: number; to?: string[] } }>(
    'SELECT event_type, metadata FROM conversation_events WHERE conversation_id = $1 ORDER BY seq',
    [id],
  )

/** The five minutes are over. */
const letTimePass = () =>
  services.rows(
    `UPDATE escalations SET next_step_at = NOW() - INTERVAL '1 second' WHERE next_step_at IS NOT NULL`,
  )

describe('a warning', () => {
  test('goes to the agent who is there; to the leads, too, where nobody attends to it', async () => {
    const agent = await services.addPerson('agent', 'online', [teamId])
    const absent = await services.addPerson('agent', 'away', [teamId])
    const leads = [await lead('offline'), await lead('online')]
    await services.addPerson('team_lead', 'online', [await services.addTeam()])
    const attended = await conversation({ assigned_to: agent, status: 'assigned' })
    const unattended = await conversation({ assigned_to: absent, status: 'assigned' })
    const queued = await conversation()
    await raise(...[attended, unattended, queued].map((one) => news(one, { kind: 'warning' })))
    expect(await told(attended)).toEqual([agent])
    expect(await told(unattended)).toEqual([absent, ...leads].toSorted())
    expect(await told(queued)).toEqual(leads.toSorted())
  })

  test('goes to the leads always where the team wants it so', async () => {
    const agent = await services.addPerson('agent', 'online', [teamId])
    const one = await lead('online')
    await services.rows(`UPDATE team_settings SET sla_warns_leads = 'always' WHERE team_id = $1`, [
      teamId,
    ])
    const attended = await conversation({ assigned_to: agent, status: 'assigned' })
    await raise(news(attended, { kind: 'warning' }))
    expect(await told(attended)).toEqual([agent, one].toSorted())
  })

  test('counts an agent whose connection is lost as not there', async () => {
    const agent = await services.addPerson('agent', 'online', [teamId])
    const one = await lead('online')
    await services.rows('UPDATE agent_presence SET is_connected = FALSE WHERE user_id = $1', [
      agent,
    ])
    const attended = await conversation({ assigned_to: agent, status: 'assigned' })
    await raise(news(attended, { kind: 'warning' }))
    expect(await told(attended)).toEqual([agent, one].toSorted())
  })
})

describe('a breach', () => {
  test('goes to the agent and all leads as one subject, once however often it is told', async () => {
    const agent = await services.addPerson('agent', 'online', [teamId])
    const leads = [await lead('away'), await lead('online')]
    await services.addPerson('supervisor', 'online')
    const late = await conversation({ assigned_to: agent, status: 'assigned' })
    await Promise.all([raise(news(late)), raise(news(late)), raise(news(late))])
    expect(await told(late)).toEqual([agent, ...leads].toSorted())
    const subjects = new Set((await alertsOf(late)).map(({ subject_id }) => subject_id))
    expect(subjects.size).toBe(1)
    await raise(news(late, { clock: 'resolution' }), news(late, { dueAt: WAITING }))
    expect(new Set((await alertsOf(late)).map(({ subject_id }) => subject_id)).size).toBe(3)
  })

  test('takes the place of the warning of the same clock, and of no other', async () => {
    const agent = await services.addPerson('agent', 'online', [teamId])
    const late = await conversation({ assigned_to: agent, status: 'assigned' })
    const other = await conversation({ assigned_to: agent, status: 'assigned' })
    await raise(
      news(late, { kind: 'warning' }),
      news(late, { kind: 'warning', clock: 'resolution' }),
      news(other, { kind: 'warning' }),
    )
    await raise(news(late))
    const states = await services.rows(
      `SELECT kind, clock, end_reason FROM alerts WHERE conversation_id = $1 ORDER BY clock, kind`,
      [late.id],
    )
    expect(states).toEqual([
      { kind: 'breach', clock: 'first_response', end_reason: null },
      { kind: 'warning', clock: 'first_response', end_reason: 'superseded' },
      { kind: 'warning', clock: 'resolution', end_reason: null },
    ])
    expect((await alertsOf(other)).map(({ end_reason }) => end_reason)).toEqual([null])
  })

  test('of a thousand conversations at once tells everybody', async () => {
    const one = await lead('online')
    const first = await conversation()
    const rows = await services.rows<{ id: string; customer_id: string }>(
      `WITH people AS (
         INSERT INTO customers (external_id, channel)
         SELECT 'many-' || n, 'whatsapp' FROM generate_series(1, 1000) n RETURNING id)
       INSERT INTO conversations (customer_id, channel, channel_account_id, team_id, status, queued_at)
       SELECT p.id, 'whatsapp', c.channel_account_id, $1, 'queued', NOW()
       FROM people p, conversations c WHERE c.id = $2 RETURNING id, customer_id`,
      [teamId, first.id],
    )
    await raise(
      ...rows.map(({ id, customer_id }) =>
        news({ id, customerId: customer_id, teamId, assignedTo: null }),
      ),
    )
    const [counted] = await services.rows<{ alerts: number }>(
      'SELECT COUNT(DISTINCT subject_id)::int AS alerts FROM alerts WHERE user_id = $1',
      [one],
    )
    expect(counted).toEqual({ alerts: 1000 })
  })
})

describe('a customer who floods us', () => {
  /** More messages within the minute than people write. */
  async function flooding(): Promise<BareConversation> {
    const flooded = await conversation()
    await services.rows(
      `INSERT INTO messages (conversation_id, direction, sender_type, sent_at)
       SELECT $1, 'inbound', 'customer', NOW() FROM generate_series(1, 21)`,
      [flooded.id],
    )
    return flooded
  }

  test('alerts nobody, though others beside them do', async () => {
    const one = await lead('online')
    const flooded = await flooding()
    const other = await conversation()
    await raise(news(flooded), news(other), news(flooded, { kind: 'warning', clock: 'resolution' }))
    expect(await told(flooded)).toEqual([])
    expect(await told(other)).toEqual([one])
  })

  test('is blocked until the window ends', async () => {
    await lead('online')
    const flooded = await flooding()
    await raise(news(flooded))
    await services.rows(`UPDATE messages SET sent_at = NOW() - INTERVAL '2 minutes'`)
    await raise(news(flooded))
    expect(await told(flooded)).toEqual([])
    await services.rows(`UPDATE rate_limit_buckets SET window_end = NOW() - INTERVAL '1 second'`)
    await raise(news(flooded))
    expect(await told(flooded)).toHaveLength(1)
  })

  /** The window is over, and what was held back until then is due. */
  async function calmed(): Promise<void> {
    await services.rows(`UPDATE messages SET sent_at = NOW() - INTERVAL '2 minutes'`)
    await services.rows(`UPDATE rate_limit_buckets SET window_end = NOW() - INTERVAL '1 second'`)
    await services.rows(`UPDATE held_news SET held_until = NOW() - INTERVAL '1 second'`)
  }

  async function runs(of: BareConversation, clock: string, dueAt: Date): Promise<void> {
    await services.rows(
      `WITH policy AS (
         INSERT INTO sla_policies (team_id, priority, frt_target_seconds, resolution_target_seconds)
         VALUES ($1, 'normal', 60, 600) ON CONFLICT (team_id, priority) DO UPDATE SET is_active = TRUE RETURNING id)
       INSERT INTO sla_timers (conversation_id, clock, sla_policy_id, state, started_at, target_seconds, due_at)
       SELECT $2, $3, policy.id, 'running', NOW(), 600, $4 FROM policy`,
      [teamId, of.id, clock, dueAt],
    )
  }

  test('is told of when the window ends, once, as far as it still holds', async () => {
    const one = await lead('online')
    const flooded = await flooding()
    const soon = new Date(Date.now() + 3_600_000)
    await runs(flooded, 'first_response', DUE)
    await runs(flooded, 'resolution', soon)
    await raise(
      news(flooded),
      news(flooded, { kind: 'warning' }),
      news(flooded, { kind: 'warning', clock: 'resolution', dueAt: soon }),
    )
    await tellHeldNews(services)
    expect(await told(flooded)).toEqual([])
    expect(await nextHeldNewsMs(services.db)).toBeNull()

    await calmed()
    expect(await nextHeldNewsMs(services.db)).toBe(0)
    await Promise.all([tellHeldNews(services), tellHeldNews(services)])
    await tellHeldNews(services)
    const states = await alertsOf(flooded)
    expect(states.map(({ user_id, kind }) => [user_id, kind])).toEqual([
      [one, 'breach'],
      [one, 'warning'],
    ])
  })

  test('and was answered meanwhile is told of no more; and floods on, later', async () => {
    await lead('online')
    const answered = await flooding()
    const goesOn = await flooding()
    await runs(answered, 'first_response', DUE)
    await runs(goesOn, 'first_response', DUE)
    await raise(news(answered), news(goesOn))
    await services.rows(`UPDATE sla_timers SET state = 'stopped' WHERE conversation_id = $1`, [
      answered.id,
    ])
    await calmed()
    await services.rows('UPDATE messages SET sent_at = NOW() WHERE conversation_id = $1', [
      goesOn.id,
    ])
    await tellHeldNews(services)
    expect([await told(answered), await told(goesOn)]).toEqual([[], []])
    await calmed()
    await tellHeldNews(services)
    expect(await told(answered)).toEqual([])
    expect(await told(goesOn)).toHaveLength(1)
  })

  test('has nobody called before the window ends, and then the lead on duty', async () => {
    const one = await lead('online')
    const flooded = await flooding()
    await call(flooded)
    expect(await theEscalation(flooded)).toMatchObject({
      level: 1,
      escalated_to: null,
      rises: true,
    })
    expect([await told(flooded), await eventsOf(flooded)]).toEqual([[], []])
    const early = await services.db.transaction((tx) => escalationOf(tx, [flooded.id]))
    expect(early.size).toBe(0)

    await letTimePass()
    await climbEscalations(services)
    expect(await told(flooded)).toEqual([])
    await services.rows(`UPDATE messages SET sent_at = NOW() - INTERVAL '2 minutes'`)
    await services.rows(`UPDATE rate_limit_buckets SET window_end = NOW() - INTERVAL '1 second'`)
    await letTimePass()
    await climbEscalations(services)
    expect(await theEscalation(flooded)).toMatchObject({ level: 1, escalated_to: one, rises: true })
    expect(await told(flooded)).toEqual([one])
  })
})

describe('an escalation', () => {
  test.each(['online', 'busy'] as const)('calls the lead who is %s', async (presence) => {
    await lead('away')
    await lead('offline')
    const onDuty = await lead(presence)
    await services.addPerson('supervisor', 'online')
    const waiting = await conversation()
    await call(waiting)
    expect(await theEscalation(waiting)).toMatchObject({
      level: 1,
      escalated_to: onDuty,
      rises: true,
      end_reason: null,
    })
    const { id } = await theEscalation(waiting)
    expect(await alertsOf(waiting)).toEqual([
      {
        user_id: onDuty,
        subject_id: id,
        kind: 'escalation',
        level: 1,
        rises: true,
        end_reason: null,
      },
    ])
    expect(await eventsOf(waiting)).toEqual([
      {
        event_type: 'sla.escalated',
        metadata: { level: 1, to: [onDuty], waiting_since: WAITING.toISOString() },
      },
    ])
  })

  test.each(['away', 'offline'] as const)('passes over a lead who is %s', async (presence) => {
    await lead(presence)
    const supervisors = [
      await services.addPerson('supervisor', 'online'),
      await services.addPerson('supervisor', 'busy'),
    ]
    await services.addPerson('supervisor', 'offline')
    const waiting = await conversation()
    await call(waiting)
    expect(await theEscalation(waiting)).toMatchObject({ level: 2, escalated_to: supervisors[0] })
    expect(await told(waiting)).toEqual(supervisors.toSorted())
  })

  test('passes over the lead of a team that is closed', async () => {
    await lead('online')
    const supervisor = await services.addPerson('supervisor', 'offline')
    await services.rows(
      `INSERT INTO business_hours (team_id, day_of_week, open_time, close_time, timezone)
       SELECT $1, day, '00:00', '24:00', 'UTC' FROM generate_series(0, 6) day
       WHERE day <> EXTRACT(ISODOW FROM NOW() AT TIME ZONE 'UTC') - 1`,
      [teamId],
    )
    const waiting = await conversation()
    await call(waiting)
    expect(await theEscalation(waiting)).toMatchObject({ level: 2, escalated_to: supervisor })
  })

  test('with nobody at all is on record, at the top', async () => {
    const waiting = await conversation()
    await call(waiting)
    expect(await theEscalation(waiting)).toMatchObject({
      level: 3,
      escalated_to: null,
      rises: false,
    })
    expect(await told(waiting)).toEqual([])
    expect((await eventsOf(waiting)).map(({ metadata }) => metadata.to)).toEqual([[]])
  })

  test('is one, however often and from wherever it is asked for', async () => {
    await lead('online')
    const waiting = await conversation()
    await Promise.all([call(waiting), call(waiting), call(waiting)])
    await call(waiting)
    await theEscalation(waiting)
    expect(await told(waiting)).toHaveLength(1)
    expect(await eventsOf(waiting)).toHaveLength(1)
  })

  test('of many at once is shared out among the leads', async () => {
    const leads = [await lead('online'), await lead('online')]
    const many = await Promise.all(Array.from({ length: 6 }, () => conversation()))
    await call(...many)
    const counts = await services.rows<{ escalated_to: string; n: number }>(
      `SELECT escalated_to, COUNT(*)::int AS n FROM escalations GROUP BY 1 ORDER BY 1`,
    )
    expect(counts).toEqual(leads.toSorted().map((userId) => ({ escalated_to: userId, n: 3 })))
  })

  test('stands in the conversation’s breaches, and is known to those that come later', async () => {
    const onDuty = await lead('online')
    const supervisor = await services.addPerson('supervisor', 'online')
    const waiting = await conversation()
    await services.rows(
      `WITH policy AS (
         INSERT INTO sla_policies (team_id, priority, frt_target_seconds, resolution_target_seconds)
         VALUES ($1, 'normal', 60, 600) RETURNING id)
       INSERT INTO sla_violations (conversation_id, sla_policy_id, violation_type, target_seconds, actual_seconds)
       SELECT $2, policy.id, 'frt', 60, 60 FROM policy`,
      [teamId, waiting.id],
    )
    const mirrored = async () =>
      (
        await services.rows<{ escalated_to: string | null; at: boolean }>(
          `SELECT v.escalated_to, v.escalated_at = e.escalated_at AS at
           FROM sla_violations v JOIN escalations e USING (conversation_id) WHERE v.conversation_id = $1`,
          [waiting.id],
        )
      )[0]
    await call(waiting)
    expect(await mirrored()).toEqual({ escalated_to: onDuty, at: true })
    await letTimePass()
    await climbEscalations(services)
    expect(await mirrored()).toEqual({ escalated_to: supervisor, at: true })
    const known = await services.db.transaction((tx) => escalationOf(tx, [waiting.id]))
    expect(known.get(waiting.id)?.escalatedTo).toBe(supervisor)
  })
})

describe('an escalation that nobody acknowledges', () => {
  test('rises from the lead to supervisors to admins; who was told keeps the alert', async () => {
    const onDuty = await lead('online')
    const supervisor = await services.addPerson('supervisor', 'online')
    const admin = await services.addPerson('admin', 'offline')
    const waiting = await conversation()
    await call(waiting)
    const { id } = await theEscalation(waiting)
    await climbEscalations(services)
    expect(await theEscalation(waiting)).toMatchObject({ level: 1, escalated_to: onDuty })

    const everybody = [onDuty, supervisor, admin]
    for (const [level, userId] of [
      [2, supervisor],
      [3, admin],
    ] as const) {
      await letTimePass()
      await climbEscalations(services)
      const rises = level < 3
      expect(await theEscalation(waiting)).toMatchObject({ id, level, escalated_to: userId, rises })
      expect(await alertsOf(waiting)).toEqual(
        everybody.slice(0, level).map((user_id) => ({
          user_id,
          subject_id: id,
          kind: 'escalation',
          level,
          rises,
          end_reason: null,
        })),
      )
    }
    await letTimePass()
    await climbEscalations(services)
    expect((await eventsOf(waiting)).map(({ metadata }) => metadata.level)).toEqual([1, 2, 3])
  })

  test('stays with the lead where there is nobody above', async () => {
    const onDuty = await lead('online')
    const waiting = await conversation()
    await call(waiting)
    await letTimePass()
    await climbEscalations(services)
    expect(await theEscalation(waiting)).toMatchObject({
      level: 1,
      escalated_to: onDuty,
      rises: false,
    })
    expect((await alertsOf(waiting)).map(({ rises }) => rises)).toEqual([false])
  })

  test('takes each step once with three processes at it', async () => {
    await lead('online')
    await services.addPerson('supervisor', 'online')
    await services.addPerson('admin', 'online')
    const many = await Promise.all(Array.from({ length: 40 }, () => conversation()))
    await call(...many)
    for (const level of [2, 3]) {
      await letTimePass()
      await Promise.all([1, 2, 3].map(() => climbEscalations(services)))
      // What one of them left to another is done when all have ended.
      const levels = await services.rows('SELECT DISTINCT level FROM escalations')
      expect(levels).toEqual([{ level }])
    }
    const steps = await services.rows(
      `SELECT metadata->>'level' AS level, COUNT(*)::int AS n FROM conversation_events
       WHERE conversation_id = ANY($1) GROUP BY 1 ORDER BY 1`,
      [many.map(({ id }) => id)],
    )
    expect(steps).toEqual(['1', '2', '3'].map((level) => ({ level, n: 40 })))
  })

  test('waits for whoever is changing its conversation', async () => {
    await lead('online')
    await services.addPerson('supervisor', 'online')
    const waiting = await conversation()
    await call(waiting)
    await letTimePass()
    await services.db.transaction(async (tx) => {
      await tx.run({
        name: 'hold',
        text: 'SELECT 1 FROM conversations WHERE id = $1 FOR NO KEY UPDATE',
        values: [waiting.id],
      })
      await climbEscalations(services)
      expect(await theEscalation(waiting)).toMatchObject({ level: 1 })
    })
    await climbEscalations(services)
    expect(await theEscalation(waiting)).toMatchObject({ level: 2 })
  })

  test('says when the next step is due, if that is soon', async () => {
    await lead('online')
    const waiting = await conversation()
    expect(await nextClimbMs(services.db)).toBeNull()
    await call(waiting)
    expect(await nextClimbMs(services.db)).toBeNull()
    await letTimePass()
    expect(await nextClimbMs(services.db)).toBe(0)
  })
})

describe('what is over', () => {
  const settle = (
    of: BareConversation,
    rest: Partial<Parameters<typeof settleAlerts>[2]> = {},
  ): Promise<void> =>
    services.db.transaction((tx) =>
      settleAlerts(services, tx, {
        conversationId: of.id,
        runningClocks: [
          { clock: 'first_response', dueAt: DUE },
          { clock: 'resolution', dueAt: DUE },
          { clock: 'escalation', dueAt: WAITING },
        ],
        assignedTo: of.assignedTo,
        teamId: of.teamId,
        isClosed: false,
        ...rest,
      }),
    )

  /** Its policy still promises something. */
  const withTimer = (of: BareConversation) =>
    services.rows(
      `WITH policy AS (
         INSERT INTO sla_policies (team_id, priority, frt_target_seconds, resolution_target_seconds)
         VALUES ($1, 'normal', 60, 600) RETURNING id)
       INSERT INTO sla_timers (conversation_id, clock, sla_policy_id, state, started_at, target_seconds)
       SELECT $2, 'resolution', policy.id, 'paused', NOW(), 600 FROM policy`,
      [teamId, of.id],
    )

  async function reasons(of: BareConversation): Promise<Record<string, string | null>> {
    const rows = await services.rows<{ what: string; end_reason: string | null }>(
      `SELECT kind || ' ' || clock AS what, end_reason FROM alerts WHERE conversation_id = $1`,
      [of.id],
    )
    return Object.fromEntries(rows.map(({ what, end_reason }) => [what, end_reason]))
  }

  test('ends with its clock, or when the clock runs to another instant', async () => {
    const agent = await services.addPerson('agent', 'online', [teamId])
    const late = await conversation({ assigned_to: agent, status: 'assigned' })
    await raise(news(late), news(late, { kind: 'warning', clock: 'resolution' }))
    await settle(late)
    expect(await reasons(late)).toEqual({
      'breach first_response': null,
      'warning resolution': null,
    })
    await settle(late, {
      runningClocks: [{ clock: 'resolution', dueAt: new Date(DUE.getTime() + 1000) }],
    })
    expect(await reasons(late)).toEqual({
      'breach first_response': 'resolved',
      'warning resolution': 'resolved',
    })
  })

  test('ends for those whom it does not concern any more', async () => {
    const [before, after] = [
      await services.addPerson('agent', 'online', [teamId]),
      await services.addPerson('agent', 'online', [teamId]),
    ]
    const ownLead = await lead('online')
    const late = await conversation({ assigned_to: before, status: 'assigned' })
    await raise(news(late))
    await settle(late, { assignedTo: after })
    const states = async () =>
      new Map((await alertsOf(late)).map(({ user_id, end_reason }) => [user_id, end_reason]))
    expect(await states()).toEqual(
      new Map([
        [before, 'moved'],
        [ownLead, null],
      ]),
    )
    await settle(late, { assignedTo: null, teamId: await services.addTeam() })
    expect((await states()).get(ownLead)).toBe('moved')
  })

  test('leaves an escalation open while its customer waits, whoever has it', async () => {
    await lead('online')
    const waiting = await conversation()
    await call(waiting)
    await settle(waiting, { assignedTo: await services.addPerson('agent', 'online') })
    expect(await theEscalation(waiting)).toMatchObject({ end_reason: null, rises: true })
    expect(await reasons(waiting)).toEqual({ 'escalation escalation': null })
  })

  test('calls the other team’s lead when an escalated conversation goes there', async () => {
    const before = await lead('online')
    const waiting = await conversation()
    await call(waiting)
    const elsewhere = await services.addTeam()
    const after = await services.addPerson('team_lead', 'online', [elsewhere])
    await services.rows('UPDATE conversations SET team_id = $2 WHERE id = $1', [
      waiting.id,
      elsewhere,
    ])
    await settle(waiting, { teamId: elsewhere })
    expect(await theEscalation(waiting)).toMatchObject({ escalated_to: null, end_reason: null })
    await climbEscalations(services)
    expect(await theEscalation(waiting)).toMatchObject({ level: 1, escalated_to: after })
    const ends = (await alertsOf(waiting)).map(({ user_id, end_reason }) => [user_id, end_reason])
    expect(new Map(ends as [string, string | null][])).toEqual(
      new Map([
        [before, 'moved'],
        [after, null],
      ]),
    )
  })

  test('ends an escalation that was answered', async () => {
    await lead('online')
    const waiting = await conversation()
    await withTimer(waiting)
    await call(waiting)
    await settle(waiting, { runningClocks: [] })
    expect(await theEscalation(waiting)).toMatchObject({ end_reason: 'answered', rises: false })
    expect(await reasons(waiting)).toEqual({ 'escalation escalation': 'resolved' })
    await letTimePass()
    await climbEscalations(services)
    expect((await eventsOf(waiting)).map(({ metadata }) => metadata.level)).toEqual([1])
    // The customer waits too long once more.
    await call(waiting)
    expect((await escalationsOf(waiting)).map(({ end_reason }) => end_reason)).toEqual([
      'answered',
      null,
    ])
  })

  test('ends an escalation with its conversation', async () => {
    await lead('online')
    const waiting = await conversation()
    await call(waiting)
    await settle(waiting, { runningClocks: [], isClosed: true })
    expect(await theEscalation(waiting)).toMatchObject({ end_reason: 'closed' })
    expect(await reasons(waiting)).toEqual({ 'escalation escalation': 'resolved' })
  })

  test('withdraws an escalation that is not promised any more, or only later', async () => {
    await lead('online')
    const [never, later, nothing] = await Promise.all([1, 2, 3].map(() => conversation()))
    if (!never || !later || !nothing) throw new Error('three conversations')
    await withTimer(never)
    await call(never, later, nothing)
    await settle(never, { runningClocks: [{ clock: 'first_response', dueAt: DUE }] })
    await settle(later, {
      runningClocks: [{ clock: 'escalation', dueAt: new Date(Date.now() + 3_600_000) }],
    })
    await settle(nothing, { runningClocks: [] })
    for (const one of [never, later, nothing]) {
      expect(await theEscalation(one)).toMatchObject({ end_reason: 'withdrawn', rises: false })
      expect(await reasons(one)).toEqual({ 'escalation escalation': 'resolved' })
    }
  })

  test('changes no row where nothing is open', async () => {
    await lead('online')
    const quiet = await conversation()
    await call(quiet)
    await raise(news(quiet))
    await settle(quiet, { runningClocks: [], isClosed: true })
    const versions = () =>
      services.rows(
        'SELECT id, version, ended_at FROM alerts WHERE conversation_id = $1 ORDER BY id',
        [quiet.id],
      )
    const before = await versions()
    await settle(quiet, { runningClocks: [] })
    await settle(quiet, { assignedTo: null, teamId: null })
    expect(await versions()).toEqual(before)
    expect(await theEscalation(quiet)).toMatchObject({ end_reason: 'closed' })
  })
})
