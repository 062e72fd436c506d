import { type RoutingSettings } from '@parley/domain'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { codeOf, conversationOf, newCustomer, stateOf, write } from '../../testing/conversations.ts'
import { eventually, newId, startTestServer, type TestServer } from '../../testing/test-server.ts'
import { changeTeam, newTeam, queueUp } from '../../testing/workstations.ts'

let server: TestServer
let teams = 0

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

const ownTeam = (settings: Partial<RoutingSettings> = {}): Promise<string> =>
  newTeam(server, `rules-${++teams}`, settings)

async function agentWith(
  teamId: string,
  skills: Record<string, number> = {},
  capacity = 5,
): Promise<string> {
  const { id } = await server.addPerson({
    role: 'agent',
    teamIds: [teamId],
    capacity,
    presence: 'online',
  })
  for (const [skill, level] of Object.entries(skills)) {
    await server.database.pool.query(
      'INSERT INTO agent_skills (user_id, skill_name, proficiency_level) VALUES ($1, $2, $3)',
      [id, skill, level],
    )
  }
  return id
}

async function leadOf(teamId: string) {
  return server.signIn(await server.addPerson({ role: 'team_lead', teamIds: [teamId] }))
}

const assignedTo = (id: string) =>
  eventually(async () => {
    const { assigned_to } = await stateOf(server, id)
    if (assigned_to === null) throw new Error('nobody has it')
    return assigned_to
  })

async function explanationOf(id: string): Promise<Record<string, unknown>> {
  const { rows } = await server.database.pool.query<{ explanation: Record<string, unknown> }>(
    'SELECT explanation FROM conversation_assignments WHERE conversation_id = $1',
    [id],
  )
  return (rows[0] as { explanation: Record<string, unknown> }).explanation
}

/** Closed all the week but for one minute that is not now. */
async function closeNow(teamId: string): Promise<void> {
  await server.database.pool.query(
    `INSERT INTO business_hours (team_id, day_of_week, open_time, close_time, timezone)
     VALUES ($1, (EXTRACT(ISODOW FROM NOW() AT TIME ZONE 'UTC')::int + 2) % 7, '03:00', '03:01', 'UTC')
     ON CONFLICT DO NOTHING`,
    [teamId],
  )
}

describe('skills', () => {
  test('relax after the team’s time, without anybody asking, and it is recorded', async () => {
    const teamId = await ownTeam({ relaxSkillsAfterSeconds: 1 })
    const agent = await agentWith(teamId, { english: 3 })
    const [id] = (await queueUp(server, teamId, 1, { requiredSkills: { english: 5 } })) as [string]
    expect(await assignedTo(id)).toBe(agent)
    expect(await explanationOf(id)).toMatchObject({
      requiredSkills: { english: 5 },
      relaxed: { step: 1, to: { english: 3 } },
    })
  })

  test('that nobody has keep nobody else from the queue behind', async () => {
    const teamId = await ownTeam()
    const agent = await agentWith(teamId, {}, 50)
    const stuck = await queueUp(server, teamId, 450, { requiredSkills: { german: 5 } })
    const [behind] = (await queueUp(server, teamId, 1)) as [string]
    expect(await assignedTo(behind)).toBe(agent)
    expect((await stateOf(server, stuck[0] as string)).status).toBe('queued')
    const lead = await leadOf(teamId)
    const view = await lead.trpc.routing.queue.query({ teamId })
    expect([view.total, view.entries.length]).toEqual([450, 200])
    expect(view.entries[0]).toMatchObject({
      position: 1,
      waitsFor: { kind: 'skill', skill: 'german', level: 5, relaxesAt: null },
    })
    lead.close()
  })
})

describe('strategies', () => {
  test('come after who answered this customer last, within the team’s time', async () => {
    const teamId = await ownTeam()
    const before = await agentWith(teamId)
    const [first] = (await queueUp(server, teamId, 1)) as [string]
    expect(await assignedTo(first)).toBe(before)
    await server.database.pool.query(
      `UPDATE conversations SET status = 'closed', closed_at = NOW(), last_agent_id = assigned_to WHERE id = $1`,
      [first],
    )
    // Somebody with less to do is there now.
    const other = await agentWith(teamId)
    await queueUp(server, teamId, 2)
    const again = async (age: string): Promise<string> => {
      await server.database.pool.query(
        `UPDATE conversations SET last_message_at = NOW() - $2::interval WHERE id = $1`,
        [first, age],
      )
      const { rows } = await server.database.pool.query<{ id: string }>(
        `INSERT INTO conversations (customer_id, channel, channel_account_id, team_id, status, queued_at)
         SELECT customer_id, channel, channel_account_id, team_id, 'queued', NOW()
         FROM conversations WHERE id = $1 RETURNING id`,
        [first],
      )
      const { id } = rows[0] as { id: string }
      await server.database.pool.query('NOTIFY parley_routing')
      const owner = await assignedTo(id)
      await server.database.pool.query(
        `UPDATE conversations SET status = 'closed', closed_at = NOW() WHERE id = $1`,
        [id],
      )
      return owner
    }
    await server.database.pool.query('UPDATE agent_presence SET capacity = 50')
    await queueUp(server, teamId, 4)
    expect(await again('6 days')).toBe(before)
    await server.database.pool.query(
      `UPDATE conversations SET status = 'closed', closed_at = NOW() WHERE assigned_to = $1 AND status = 'assigned'`,
      [other],
    )
    expect(await again('8 days')).toBe(other)
  })

  test('round_robin goes round, whoever has how much', async () => {
    const teamId = await ownTeam({ strategy: 'round_robin' })
    const agents = [await agentWith(teamId), await agentWith(teamId), await agentWith(teamId)]
    const order: string[] = []
    for (let index = 0; index < 6; index++) {
      const [id] = (await queueUp(server, teamId, 1)) as [string]
      order.push(await assignedTo(id))
    }
    expect(order).toEqual([...agents.toSorted(), ...agents.toSorted()])
  })

  test('best_skilled prefers the better level', async () => {
    const teamId = await ownTeam({ strategy: 'best_skilled' })
    await agentWith(teamId, { billing: 3 })
    const better = await agentWith(teamId, { billing: 5 })
    const ids = await queueUp(server, teamId, 3, { requiredSkills: { billing: 2 } })
    for (const id of ids) expect(await assignedTo(id)).toBe(better)
    expect(await explanationOf(ids[0] as string)).toMatchObject({ chosenBecause: 'best_skilled' })
  })

  test('a channel that weighs double takes two places', async () => {
    const teamId = await ownTeam({ channelWeights: { whatsapp: 1, chat_app: 2 } })
    const agent = await agentWith(teamId, {}, 3)
    const ids = await queueUp(server, teamId, 2, { channel: 'chat_app' })
    expect(await assignedTo(ids[0] as string)).toBe(agent)
    const [light] = (await queueUp(server, teamId, 1)) as [string]
    expect(await assignedTo(light)).toBe(agent)
    expect((await stateOf(server, ids[1] as string)).status).toBe('queued')
  })
})

describe('a conversation that waits too long', () => {
  test('overflows once, keeps its place, and does not come back by itself', async () => {
    const other = await ownTeam({ overflowAfterSeconds: 1 })
    const teamId = await ownTeam({ overflowAfterSeconds: 1, overflowTeamId: other })
    await changeTeam(server, other, { overflowTeamId: teamId })
    const [id] = (await queueUp(server, teamId, 1)) as [string]
    const before = await server.database.pool.query(
      'SELECT queued_at FROM conversations WHERE id = $1',
      [id],
    )
    await eventually(async () => expect((await stateOf(server, id)).team_id).toBe(other))
    const after = await server.database.pool.query(
      'SELECT queued_at FROM conversations WHERE id = $1',
      [id],
    )
    expect(after.rows).toEqual(before.rows)
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect((await stateOf(server, id)).team_id).toBe(other)
    const { rows } = await server.database.pool.query(
      `SELECT metadata->>'reason' AS reason FROM conversation_events
       WHERE conversation_id = $1 AND event_type = 'conversation.transferred'`,
      [id],
    )
    expect(rows).toEqual([{ reason: 'overflow' }])
    const agent = await agentWith(other)
    expect(await assignedTo(id)).toBe(agent)
  })
})

describe('outside business hours', () => {
  test('the customer is told once, in their language', async () => {
    await changeTeam(server, server.teams.sales, {
      outOfHours: 'auto_reply',
      outOfHoursText: { es: 'Abrimos el lunes', en: 'We open on Monday' },
    })
    await closeNow(server.teams.sales)
    const customer = newCustomer()
    const { id } = await conversationOf(server, await write(server, customer, 'quiero comprar'))
    const kayla = newCustomer('Kayla')
    const english = await conversationOf(
      server,
      await write(server, kayla, 'Hello, what is the price please?'),
    )
    const told = async (conversationId: string) => {
      const { rows } = await server.database.pool.query<{ content_text: string; status: string }>(
        `SELECT content_text, status FROM messages
         WHERE conversation_id = $1 AND sender_type = 'system'`,
        [conversationId],
      )
      return rows
    }
    await eventually(async () =>
      expect(await told(id)).toEqual([{ content_text: 'Abrimos el lunes', status: 'read' }]),
    )
    await eventually(async () =>
      expect((await told(english.id)).map(({ content_text }) => content_text)).toEqual([
        'We open on Monday',
      ]),
    )
    await write(server, customer, 'y además')
    await server.database.pool.query('NOTIFY parley_routing')
    await new Promise((resolve) => setTimeout(resolve, 1200))
    expect(await told(id)).toHaveLength(1)
    expect(await stateOf(server, id)).toMatchObject({ status: 'queued', first_response_at: null })
  })

  test('the customer is told once a closing time, whatever moves their conversation', async () => {
    const replying = (text: string): Partial<RoutingSettings> => ({
      outOfHours: 'auto_reply',
      outOfHoursText: { es: text },
    })
    await changeTeam(server, server.teams.sales, replying('Abrimos el lunes'))
    await closeNow(server.teams.sales)
    const elsewhere = await ownTeam(replying('También cerramos'))
    await closeNow(elsewhere)
    const customer = newCustomer()
    const conversation = await conversationOf(
      server,
      await write(server, customer, 'quiero comprar'),
    )
    const { id } = conversation
    const told = async () => {
      const { rows } = await server.database.pool.query<{ content_text: string }>(
        `SELECT m.content_text FROM messages m JOIN conversations c ON c.id = m.conversation_id
         WHERE m.sender_type = 'system'
           AND c.customer_id = (SELECT customer_id FROM conversations WHERE id = $1)`,
        [id],
      )
      return rows.map(({ content_text }) => content_text)
    }
    /** The queue has been looked at since, and nothing more is to be said. */
    const looked = () =>
      eventually(async () => {
        await server.database.pool.query('NOTIFY parley_routing')
        const { rows } = await server.database.pool.query(
          `SELECT 1 FROM conversations WHERE id = $1 AND told_closed_at >= last_inbound_at`,
          [id],
        )
        expect(rows).toHaveLength(1)
      })
    await looked()
    expect(await told()).toEqual(['Abrimos el lunes'])

    const supervisor = await server.signIn(
      await server.addPerson({ role: 'supervisor', teamIds: [] }),
    )
    const { conversations } = supervisor.trpc
    const intent = () => ({ intentId: newId(), conversationId: id })
    await conversations.claim.mutate(intent())
    await conversations.release.mutate(intent())
    await looked()
    for (const teamId of [elsewhere, server.teams.sales]) {
      await conversations.transfer.mutate({ ...intent(), to: { kind: 'team', teamId } })
      await looked()
    }
    await conversations.close.mutate({ ...intent(), reason: 'resolved' })
    await write(server, customer, 'una cosa más')
    await eventually(async () => expect((await stateOf(server, id)).status).toBe('queued'))
    await looked()
    expect(await told()).toEqual(['Abrimos el lunes'])

    // The team was open since: it is another closing time.
    await server.database.pool.query(
      `UPDATE closed_notices SET told_at = told_at - INTERVAL '8 days'
       WHERE customer_id = (SELECT customer_id FROM conversations WHERE id = $1)`,
      [id],
    )
    await write(server, customer, '¿siguen ahí?', new Date(Date.now() + 2000))
    await eventually(async () => {
      await server.database.pool.query('NOTIFY parley_routing')
      expect(await told()).toEqual(['Abrimos el lunes', 'Abrimos el lunes'])
    })
    supervisor.close()
  })

  test('nothing is said to who floods us until they stop', async () => {
    const teamId = await ownTeam({
      outOfHours: 'auto_reply',
      outOfHoursText: { es: 'Abrimos el lunes' },
    })
    await closeNow(teamId)
    // In one transaction: nobody looks at the conversation before all of it is there.
    const inserted = await server.database.pool.query<{ id: string; customer_id: string }>(
      `WITH person AS (
         INSERT INTO customers (external_id, channel) VALUES ('flood', 'chat_app') RETURNING id),
       account AS (
         INSERT INTO channel_accounts (channel, external_id, display_name)
         VALUES ('chat_app', 'flood', 'flood') RETURNING id),
       queued AS (
         INSERT INTO conversations (customer_id, channel, channel_account_id, team_id, status, queued_at, last_inbound_at)
         SELECT person.id, 'chat_app', account.id, $1, 'queued', NOW(), NOW() FROM person, account
         RETURNING id, customer_id),
       said AS (
         INSERT INTO messages (conversation_id, direction, sender_type, content_text, sent_at)
         SELECT id, 'inbound', 'customer', 'otra', NOW() FROM queued, generate_series(1, 21))
       SELECT id, customer_id FROM queued`,
      [teamId],
    )
    const { id, customer_id: customerId } = inserted.rows[0] as { id: string; customer_id: string }
    await server.database.pool.query('NOTIFY parley_routing')
    const figures = async () => {
      const { rows } = await server.database.pool.query(
        `SELECT (SELECT COUNT(*)::int FROM messages
                 WHERE conversation_id = $1 AND sender_type = 'system') AS said,
                (SELECT COUNT(*)::int FROM rate_limit_buckets
                 WHERE customer_id = $2 AND bucket_type = 'message' AND is_blocked) AS blocked`,
        [id, customerId],
      )
      return rows[0]
    }
    await eventually(async () => expect(await figures()).toEqual({ said: 0, blocked: 1 }))
    await server.database.pool.query(
      `UPDATE messages SET sent_at = NOW() - INTERVAL '2 minutes' WHERE conversation_id = $1`,
      [id],
    )
    await server.database.pool.query(
      `UPDATE rate_limit_buckets SET window_end = NOW() - INTERVAL '1 second' WHERE customer_id = $1`,
      [customerId],
    )
    await server.database.pool.query('NOTIFY parley_routing')
    await eventually(async () => expect(await figures()).toMatchObject({ said: 1 }))
  })

  test('another team takes over, if it is open', async () => {
    const [open, closed] = [await ownTeam(), await ownTeam()]
    await closeNow(closed)
    const teamId = await ownTeam({ outOfHours: 'team', outOfHoursTeamId: closed })
    await closeNow(teamId)
    const [id] = (await queueUp(server, teamId, 1)) as [string]
    await new Promise((resolve) => setTimeout(resolve, 1200))
    expect((await stateOf(server, id)).team_id).toBe(teamId)
    await changeTeam(server, teamId, { outOfHoursTeamId: open })
    await eventually(async () => expect((await stateOf(server, id)).team_id).toBe(open))
  })
})

describe('settings', () => {
  test('are saved by who leads the team, on what they were made from, and take effect at once', async () => {
    const teamId = await ownTeam({ mode: 'pull' })
    const agent = await agentWith(teamId)
    const [id] = (await queueUp(server, teamId, 1)) as [string]
    const lead = await leadOf(teamId)
    const { settings, version } = await lead.trpc.routing.settings.query({ teamId })
    const saved = await lead.trpc.routing.saveSettings.mutate({
      teamId,
      settings: { ...settings, mode: 'auto' },
      basedOn: version,
    })
    expect(saved).toEqual({ settings: { ...settings, mode: 'auto' }, version: version + 1 })
    expect(await lead.trpc.routing.settings.query({ teamId })).toEqual(saved)
    expect(await assignedTo(id)).toBe(agent)
    const save = (changes: Partial<RoutingSettings>, basedOn = saved.version) =>
      codeOf(
        lead.trpc.routing.saveSettings.mutate({
          teamId,
          settings: { ...settings, ...changes },
          basedOn,
        }),
      )
    expect(await save({}, version)).toBe('conflict')
    const overtaken = await lead.trpc.routing.saveSettings
      .mutate({ teamId, settings, basedOn: version })
      .catch((error: { data?: { app?: unknown } }) => error.data?.app)
    expect(overtaken).toMatchObject({
      details: { action: 'team_settings.saved', version: saved.version, by: expect.any(String) },
    })
    expect(await save({ overflowTeamId: teamId, overflowAfterSeconds: 60 })).toBe('invalid_input')
    expect(await save({ overflowTeamId: server.teams.sales })).toBe('invalid_input')
    expect(await save({ outOfHours: 'team' })).toBe('invalid_input')
    expect(await save({ outOfHours: 'auto_reply' })).toBe('invalid_input')
    expect(await save({ offerSeconds: 1 })).toBe('invalid_input')
    expect(await lead.trpc.routing.settings.query({ teamId })).toEqual(saved)
    expect(await codeOf(lead.trpc.routing.settings.query({ teamId: server.teams.sales }))).toBe(
      'forbidden',
    )
    lead.close()
  })

  test('of skills are saved as a whole, and open the queue to who has them now', async () => {
    const teamId = await ownTeam()
    const agent = await agentWith(teamId, { billing: 2 })
    const [id] = (await queueUp(server, teamId, 1, { requiredSkills: { english: 3 } })) as [string]
    const lead = await leadOf(teamId)
    await lead.trpc.people.setSkills.mutate({ userId: agent, skills: { english: 4 } })
    expect(await assignedTo(id)).toBe(agent)
    const all = await lead.trpc.people.skills.query()
    expect(all.find(({ userId }) => userId === agent)?.skills).toEqual({ english: 4 })
    const stranger = await agentWith(server.teams.support)
    expect(await codeOf(lead.trpc.people.setSkills.mutate({ userId: stranger, skills: {} }))).toBe(
      'forbidden',
    )
    lead.close()
  })
})
