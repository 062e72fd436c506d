import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { codeOf, stateOf } from '../../testing/conversations.ts'
import { eventually, newId, startTestServer, type TestServer } from '../../testing/test-server.ts'
import { arrive, changeTeam, newTeam, presenceOf, queueUp } from '../../testing/workstations.ts'

let server: TestServer
let teams = 0

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

async function newAgent(capacity = 3) {
  const teamId = await newTeam(server, `present-${++teams}`)
  const person = await server.addPerson({ role: 'agent', teamIds: [teamId], capacity })
  return { teamId, person }
}

const wrapsUp = (teamId: string, seconds: number) =>
  changeTeam(server, teamId, { wrapUpSeconds: seconds })

const closing = (conversationId: string) => ({
  intentId: newId(),
  conversationId,
  reason: 'resolved' as const,
})

/** What a lead sees of the team's people. */
async function queueMembers(teamId: string) {
  const lead = await server.signIn(
    await server.addPerson({ role: 'team_lead', teamIds: [teamId], capacity: 0 }),
  )
  const { members } = await lead.trpc.routing.queue.query({ teamId })
  lead.close()
  return members
}

/** As if so much time had passed since anything was heard of this person. */
function unheardFor(userId: string, seconds: number) {
  return Promise.all([
    server.database.pool.query(
      `UPDATE agent_presence SET last_seen_at = NOW() - make_interval(secs => $2) WHERE user_id = $1`,
      [userId, seconds],
    ),
    server.database.pool.query(
      `UPDATE device_presence SET last_seen_at = NOW() - make_interval(secs => $2) WHERE user_id = $1`,
      [userId, seconds],
    ),
  ])
}

describe('a person', () => {
  test('gets nothing new from the moment the line is lost, and is offline after the grace', async () => {
    const { teamId, person } = await newAgent()
    const workstation = await arrive(server, person)
    workstation.disconnect()
    await eventually(async () =>
      expect(await presenceOf(server, person.id)).toMatchObject({
        status: 'online',
        connected: false,
      }),
    )
    const [id] = (await queueUp(server, teamId, 1)) as [string]
    await unheardFor(person.id, 46)
    await eventually(async () =>
      expect((await presenceOf(server, person.id)).status).toBe('offline'),
    )
    expect((await stateOf(server, id)).status).toBe('queued')
    const back = await arrive(server, person)
    await eventually(async () => expect((await stateOf(server, id)).assigned_to).toBe(person.id))
    back.disconnect()
  })

  test('with two workstations is there while one is, and away when nobody is before either', async () => {
    const { person } = await newAgent()
    const [one, other] = [await arrive(server, person), await arrive(server, person)]
    await one.trpc.presence.report.mutate({ state: 'idle' })
    expect(await presenceOf(server, person.id)).toMatchObject({ status: 'online' })
    await other.trpc.presence.report.mutate({ state: 'asleep' })
    expect(await presenceOf(server, person.id)).toMatchObject({ status: 'away', reason: 'idle' })
    one.disconnect()
    await other.trpc.presence.report.mutate({ state: 'active' })
    expect(await presenceOf(server, person.id)).toMatchObject({ status: 'online', connected: true })
    other.disconnect()
  })

  test('who was idle comes back as what they had chosen', async () => {
    const { person } = await newAgent()
    const workstation = await arrive(server, person)
    await workstation.trpc.presence.set.mutate({ status: 'busy', reason: null })
    await workstation.trpc.presence.report.mutate({ state: 'asleep' })
    expect(await presenceOf(server, person.id)).toMatchObject({ status: 'away', reason: 'asleep' })
    await workstation.trpc.presence.report.mutate({ state: 'active' })
    expect(await presenceOf(server, person.id)).toMatchObject({ status: 'busy', reason: null })
    workstation.disconnect()
  })

  test('who changes the process in between is not taken for gone by the one they left', async () => {
    const { person } = await newAgent()
    const first = await arrive(server, person)
    const { rows } = await server.database.pool.query<{ connection_id: string }>(
      'SELECT connection_id FROM device_presence WHERE user_id = $1',
      [person.id],
    )
    // Another process has taken the line over before this one notices that it is gone.
    await server.database.pool.query(
      'UPDATE device_presence SET connection_id = gen_random_uuid() WHERE user_id = $1',
      [person.id],
    )
    expect(rows).toHaveLength(1)
    first.disconnect()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await presenceOf(server, person.id)).toMatchObject({ connected: true })
  })

  test('at the end of a shift keeps what they have or gives it back, and gets nothing new', async () => {
    const { teamId, person } = await newAgent(2)
    const colleague = await server.addPerson({ role: 'agent', teamIds: [teamId], capacity: 9 })
    const workstation = await arrive(server, person)
    const ids = await queueUp(server, teamId, 2)
    for (const id of ids) {
      await eventually(async () => expect((await stateOf(server, id)).assigned_to).toBe(person.id))
    }
    await workstation.trpc.presence.setFinishing.mutate({ isFinishing: true })
    await server.database.pool.query(`UPDATE agent_presence SET capacity = 9 WHERE user_id = $1`, [
      person.id,
    ])
    const [late] = (await queueUp(server, teamId, 1)) as [string]
    const other = await arrive(server, colleague)
    await eventually(async () =>
      expect((await stateOf(server, late)).assigned_to).toBe(colleague.id),
    )
    expect(await workstation.trpc.presence.endShift.mutate()).toEqual({ returned: 2 })
    expect(await workstation.trpc.presence.endShift.mutate()).toEqual({ returned: 0 })
    for (const id of ids) {
      await eventually(async () =>
        expect((await stateOf(server, id)).assigned_to).toBe(colleague.id),
      )
    }
    await workstation.trpc.session.signOut.mutate()
    expect(await presenceOf(server, person.id)).toMatchObject({
      status: 'offline',
      finishing: false,
    })
    workstation.disconnect()
    other.disconnect()
  })

  test('in wrap-up gets the next one when it is over, without anybody asking', async () => {
    const { teamId, person } = await newAgent(1)
    await wrapsUp(teamId, 1)
    const workstation = await arrive(server, person)
    const [first, second] = (await queueUp(server, teamId, 2)) as [string, string]
    await eventually(async () => expect((await stateOf(server, first)).assigned_to).toBe(person.id))
    await workstation.trpc.conversations.close.mutate(closing(first))
    const { rows } = await server.database.pool.query(
      'SELECT wrap_up_until > NOW() AS wraps FROM agent_presence WHERE user_id = $1',
      [person.id],
    )
    expect(rows).toEqual([{ wraps: true }])
    await eventually(async () =>
      expect((await stateOf(server, second)).assigned_to).toBe(person.id),
    )
    const times = await server.database.pool.query<{ early: boolean }>(
      `SELECT a.assigned_at < p.wrap_up_until AS early
       FROM conversation_assignments a JOIN agent_presence p ON p.user_id = a.user_id
       WHERE a.conversation_id = $1`,
      [second],
    )
    expect(times.rows).toEqual([{ early: false }])
    workstation.disconnect()
  })

  test('in wrap-up with room for more gets the next one at once, another team’s, too', async () => {
    const { teamId, person } = await newAgent(5)
    const elsewhere = await newTeam(server, `present-${++teams}`)
    await server.database.pool.query(
      'INSERT INTO team_memberships (user_id, team_id) VALUES ($1, $2)',
      [person.id, elsewhere],
    )
    await wrapsUp(teamId, 3600)
    const workstation = await arrive(server, person)
    const [first] = (await queueUp(server, teamId, 1)) as [string]
    await eventually(async () => expect((await stateOf(server, first)).assigned_to).toBe(person.id))
    await workstation.trpc.conversations.close.mutate(closing(first))
    const ids = [...(await queueUp(server, teamId, 1)), ...(await queueUp(server, elsewhere, 4))]
    const held = async () =>
      (await Promise.all(ids.map((id) => stateOf(server, id)))).filter(
        ({ assigned_to }) => assigned_to === person.id,
      ).length
    await eventually(async () => expect(await held()).toBe(4))
    const [me] = await workstation.trpc.accounts.presence.query({ userIds: [person.id] })
    expect(Date.parse(me?.wrapUpUntil as string)).toBeGreaterThan(Date.now())
    expect((await queueMembers(elsewhere)).map(({ load, obstacle }) => [load, obstacle])).toEqual([
      [5, 'in_wrap_up'],
    ])
    workstation.disconnect()
  })

  test('whose conversation a lead closes wraps it up, and the lead does not', async () => {
    const { teamId, person } = await newAgent(1)
    await wrapsUp(teamId, 3600)
    const workstation = await arrive(server, person)
    const [id] = (await queueUp(server, teamId, 1)) as [string]
    await eventually(async () => expect((await stateOf(server, id)).assigned_to).toBe(person.id))
    const lead = await server.addPerson({ role: 'team_lead', teamIds: [teamId], capacity: 1 })
    const leading = await server.signIn(lead)
    await leading.trpc.conversations.close.mutate(closing(id))
    const { rows } = await server.database.pool.query('SELECT user_id FROM wrap_ups')
    expect(rows).toContainEqual({ user_id: person.id })
    expect(rows).not.toContainEqual({ user_id: lead.id })
    leading.close()
    workstation.disconnect()
  })

  test('whose customer writes again while they wrap up has it back, without room for two', async () => {
    const { teamId, person } = await newAgent(1)
    await wrapsUp(teamId, 3600)
    const workstation = await arrive(server, person)
    const [id] = (await queueUp(server, teamId, 1)) as [string]
    await eventually(async () => expect((await stateOf(server, id)).assigned_to).toBe(person.id))
    await workstation.trpc.conversations.close.mutate(closing(id))
    const { intentId } = closing(id)
    await workstation.trpc.conversations.reopen.mutate({ intentId, conversationId: id })
    expect(await stateOf(server, id)).toMatchObject({ status: 'assigned', assigned_to: person.id })
    const [me] = await workstation.trpc.accounts.presence.query({ userIds: [person.id] })
    expect(me?.wrapUpUntil).toBeNull()
    workstation.disconnect()
  })

  test('who left for lunch yesterday begins the next shift online', async () => {
    const { person } = await newAgent()
    const yesterday = await arrive(server, person)
    await yesterday.trpc.presence.set.mutate({ status: 'away', reason: 'lunch' })
    await yesterday.trpc.session.signOut.mutate()
    yesterday.disconnect()
    const offlineFor = (hours: number) =>
      server.database.pool.query(
        'UPDATE agent_presence SET since = NOW() - make_interval(hours => $2) WHERE user_id = $1',
        [person.id, hours],
      )
    const soon = await arrive(server, person)
    expect(await presenceOf(server, person.id)).toMatchObject({ status: 'away', reason: 'lunch' })
    await soon.trpc.session.signOut.mutate()
    soon.disconnect()
    await offlineFor(14)
    const today = await arrive(server, person)
    expect(await presenceOf(server, person.id)).toMatchObject({ status: 'online', reason: null })
    today.disconnect()
  })
})

describe('a lead', () => {
  test('sets the presence and the capacity of their people, and of nobody else', async () => {
    const { teamId, person } = await newAgent()
    const workstation = await arrive(server, person)
    const lead = await server.addPerson({ role: 'team_lead', teamIds: [teamId] })
    const leading = await server.signIn(lead)
    const stranger = await server.addPerson({ role: 'agent', teamIds: [server.teams.sales] })
    const choice = { status: 'away', reason: 'meeting', isFinishing: true } as const
    await leading.trpc.presence.setOf.mutate({ userId: person.id, ...choice })
    expect(await presenceOf(server, person.id)).toMatchObject({
      status: 'away',
      reason: 'meeting',
      finishing: true,
    })
    await leading.trpc.presence.setCapacity.mutate({ userId: person.id, capacity: 9 })
    expect(
      await codeOf(leading.trpc.presence.setOf.mutate({ userId: stranger.id, ...choice })),
    ).toBe('forbidden')
    expect(
      await codeOf(workstation.trpc.presence.setOf.mutate({ userId: person.id, ...choice })),
    ).toBe('forbidden')

    const history = await leading.trpc.presence.history.query({
      userId: person.id,
      from: '2020-01-01T00:00:00Z',
      to: '2100-01-01T00:00:00Z',
    })
    expect(history.map(({ status, isFinishing, setBy }) => [status, isFinishing, setBy])).toEqual([
      ['offline', false, null],
      ['online', false, null],
      ['away', true, lead.id],
      ['away', true, lead.id],
    ])
    history.slice(1).forEach((part, index) => expect(history[index]?.endedAt).toBe(part.startedAt))
    expect(history.at(-1)).toMatchObject({ endedAt: null, capacity: 9 })
    leading.close()
    workstation.disconnect()
  })
})
