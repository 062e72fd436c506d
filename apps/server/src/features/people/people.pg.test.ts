import { ROLES } from '@parley/domain'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { codeOf, conversationOf, newCustomer, stateOf, write } from '../../testing/conversations.ts'
import {
  eventually,
  newId,
  startTestServer,
  type TestClient,
  type TestServer,
} from '../../testing/test-server.ts'
import { newTeam, queueUp } from '../../testing/workstations.ts'

let server: TestServer
let admin: TestClient
let adminId: string

beforeAll(async () => {
  server = await startTestServer()
  const person = await server.addPerson({ role: 'admin', teamIds: [], name: 'Ada' })
  adminId = person.id
  admin = await server.signIn(person)
})
afterAll(async () => {
  admin.close()
  await server.stop()
})

const everybody = { text: '', roles: [], teamId: null, states: [], page: null, limit: 200 }
const find = (more: object) => admin.trpc.people.find.query({ ...everybody, ...more })
/** What the log says of a person or a team, the oldest first. */
const said = async (targetId: string) => {
  const all = { before: null, limit: 50, actorId: null, actions: [], from: null, to: null }
  const { entries } = await admin.trpc.audit.find.query({ ...all, targetId })
  return entries
    .toReversed()
    .map(({ action, before, after, actorName }) => ({ action, before, after, actorName }))
}

describe('people', () => {
  test('are found by a part of name or address, role, team and state, page by page', async () => {
    const teamId = await newTeam(server, 'found')
    const names = ['Álvaro', 'beatriz', 'Camila', 'Darío', 'Ñusta', 'ÑANDÚ 100%_']
    for (const name of names) {
      await server.addPerson({
        role: name === 'Camila' ? 'team_lead' : 'agent',
        teamIds: [teamId],
        name,
      })
    }
    const all = await find({ teamId })
    expect(all.people.map(({ fullName }) => fullName).toSorted()).toEqual(names.toSorted())
    const paged: string[] = []
    let page: typeof all.next = null
    do {
      const { people, next }: typeof all = await find({ teamId, page, limit: 2 })
      paged.push(...people.map(({ fullName }) => fullName))
      page = next
    } while (page !== null)
    expect(paged).toEqual(all.people.map(({ fullName }) => fullName))
    const called = async (more: object) =>
      (await find({ teamId, ...more })).people.map(({ fullName }) => fullName)
    expect(await called({ text: 'CAMI' })).toEqual(['Camila'])
    expect(await called({ roles: ['team_lead'] })).toEqual(['Camila'])
    // No pattern of SQL's, but what was typed.
    expect(await called({ text: '0%_' })).toEqual(['ÑANDÚ 100%_'])
    expect(await called({ text: '%' })).toEqual(['ÑANDÚ 100%_'])
    expect(await called({ states: ['invited'] })).toEqual([])
  })

  test('are shown with what an administrator asks about', async () => {
    const { userId } = await admin.trpc.people.invite.mutate({
      fullName: 'Nora Villa',
      email: `${newId()}@parley.example`,
      role: 'agent',
      teamIds: [server.teams.sales],
    })
    const person = await server.addPerson({ role: 'agent', teamIds: [], name: 'Nora Otra' })
    const client = await server.signIn(person)
    const { people, counts } = await find({ text: 'nora' })
    expect(people.find(({ id }) => id === userId)).toMatchObject({
      state: 'invited',
      sessions: 0,
      lastSeenAt: null,
      linkExpiresAt: expect.any(String),
      teamIds: [server.teams.sales],
    })
    // Nobody has invited whom the directory sends.
    await server.database.pool.query("UPDATE users SET managed_by = 'scim' WHERE id = $1", [userId])
    const sent = (await find({ states: ['expected'] })).people
    expect(sent.map(({ id }) => id)).toEqual([userId])
    expect(people.find(({ id }) => id === person.id)).toMatchObject({
      state: 'active',
      sessions: 1,
      hasSecondFactor: false,
      linkExpiresAt: null,
    })
    expect(counts.invited).toBeGreaterThan(0)
    client.close()
  })

  test('are changed as the log says, which says nothing where nothing changed', async () => {
    const { id, email } = await server.addPerson({
      role: 'agent',
      teamIds: [server.teams.sales],
      name: 'Mariana Solís',
    })
    const { people } = admin.trpc
    for (let times = 0; times < 2; times++) {
      await people.save.mutate({ userId: id, fullName: 'Mariana Solís Vega', email })
      await people.setRole.mutate({ userId: id, role: 'team_lead' })
      await people.setTeams.mutate({ userId: id, teamIds: [server.teams.support] })
      await people.setActive.mutate({ userId: id, isActive: false })
    }
    expect(await said(id)).toEqual([
      {
        action: 'person.changed',
        before: { fullName: 'Mariana Solís' },
        after: { fullName: 'Mariana Solís Vega' },
        actorName: 'Ada',
      },
      {
        action: 'person.role_changed',
        before: { role: 'agent' },
        after: { role: 'team_lead' },
        actorName: 'Ada',
      },
      {
        action: 'person.teams_changed',
        before: { teamIds: [server.teams.sales] },
        after: { teamIds: [server.teams.support] },
        actorName: 'Ada',
      },
      { action: 'person.deactivated', before: null, after: null, actorName: 'Ada' },
    ])
  })

  test('have an address that nobody else has, two who take it at once included', async () => {
    const [one, two] = [
      await server.addPerson({ role: 'agent', teamIds: [] }),
      await server.addPerson({ role: 'agent', teamIds: [] }),
    ]
    const save = (userId: string, email: string) =>
      codeOf(admin.trpc.people.save.mutate({ userId, fullName: 'x', email }))
    expect(await save(one.id, two.email.toUpperCase())).toBe('taken')
    const wanted = `${newId()}@parley.example`
    const outcomes = await Promise.all([save(one.id, wanted), save(two.id, wanted)])
    expect(outcomes.toSorted()).toEqual(['no failure', 'taken'])
    expect(await save(newId(), `${newId()}@parley.example`)).toBe('not_found')
  })

  test('are of teams that there are', async () => {
    const { id } = await server.addPerson({ role: 'agent', teamIds: [server.teams.sales] })
    const teamIds = [server.teams.support, newId()]
    expect(await codeOf(admin.trpc.people.setTeams.mutate({ userId: id, teamIds }))).toBe(
      'not_found',
    )
    const { people } = await find({ teamId: server.teams.sales })
    expect(people.some((person) => person.id === id)).toBe(true)
  })

  test('lose the session that an administrator ends, and no other', async () => {
    const person = await server.addPerson({ role: 'agent', teamIds: [] })
    const [lost, kept] = [await server.signIn(person), await server.signIn(person)]
    const { sessions, count } = await admin.trpc.sessions.find.query({
      userId: person.id,
      page: null,
      limit: 1,
    })
    expect([count, sessions[0]?.id]).toEqual([2, lost.sessionId])
    await admin.trpc.sessions.end.mutate({ sessionId: lost.sessionId })
    expect(await codeOf(lost.trpc.session.me.query())).toBe('session_ended')
    expect(await codeOf(kept.trpc.session.me.query())).toBe('no failure')
    const again = admin.trpc.sessions.end.mutate({ sessionId: lost.sessionId })
    expect(await codeOf(again)).toBe('not_found')
    expect(await said(person.id)).toMatchObject([
      { action: 'session.revoked', after: { sessions: 1 } },
    ])
    lost.close()
    kept.close()
  })

  test('and their sessions are listed to the last, however alike their times', async () => {
    const person = await server.addPerson({ role: 'agent', teamIds: [] })
    const clients = []
    for (let n = 0; n < 5; n++) clients.push(await server.signIn(person))
    await server.database.pool.query(
      'UPDATE sessions SET last_used_at = NOW() WHERE user_id = $1',
      [person.id],
    )
    const seen = new Set<string>()
    let page: { lastUsedAt: string; id: string } | null = null
    do {
      const found: Awaited<ReturnType<typeof admin.trpc.sessions.find.query>> =
        await admin.trpc.sessions.find.query({ userId: person.id, page, limit: 2 })
      for (const { id } of found.sessions) seen.add(id)
      page = found.next
    } while (page !== null)
    expect(seen).toEqual(new Set(clients.map(({ sessionId }) => sessionId)))
    for (const client of clients) client.close()
  })

  test('who administer alone stay, whatever is tried and by however many at once', async () => {
    const { rows } = await server.database.pool.query<{ id: string }>(
      `UPDATE users SET is_active = FALSE WHERE role = 'admin' AND id <> $1 RETURNING id`,
      [adminId],
    )
    const attempts = [
      ...ROLES.filter((role) => role !== 'admin').map((role) =>
        admin.trpc.people.setRole.mutate({ userId: adminId, role }),
      ),
      admin.trpc.people.setActive.mutate({ userId: adminId, isActive: false }),
    ]
    expect(await Promise.all(attempts.map(codeOf))).toEqual(Array(4).fill('last_admin'))
    await server.database.pool.query('UPDATE users SET is_active = TRUE WHERE id = ANY($1)', [
      rows.map(({ id }) => id),
    ])
  })
})

describe('teams', () => {
  test('are created once, renamed, and keep their slug', async () => {
    const id = newId()
    const name = `Atención ${id.slice(-4)}`
    const create = () => admin.trpc.teams.create.mutate({ id, name, description: 'Primera línea' })
    await create()
    await create()
    const other = { id: newId(), name: name.toUpperCase(), description: null }
    expect(await codeOf(admin.trpc.teams.create.mutate(other))).toBe('taken')
    const slugOf = async () =>
      (await server.database.pool.query('SELECT slug FROM teams WHERE id = $1', [id])).rows[0].slug
    const slug = await slugOf()
    expect(slug).toMatch(/^atencion_/)
    await admin.trpc.teams.save.mutate({ teamId: id, name: `${name} y ventas`, description: null })
    expect(await slugOf()).toBe(slug)
    expect(await said(id)).toMatchObject([
      { action: 'team.created' },
      {
        action: 'team.changed',
        before: { name, description: 'Primera línea' },
        after: { name: `${name} y ventas`, description: null },
      },
    ])
    expect((await admin.trpc.teams.list.query()).find((team) => team.id === id)).toMatchObject({
      isActive: true,
      people: 0,
      openConversations: 0,
    })
  })

  test('that are switched off get nothing new, and what stands open is moved in portions', async () => {
    const [from, to] = [
      await newTeam(server, `from-${newId()}`),
      await newTeam(server, `to-${newId()}`),
    ]
    const overflowing = await newTeam(server, `overflowing-${newId()}`)
    await server.database.pool.query(
      'UPDATE team_settings SET overflow_team_id = $2, overflow_after_seconds = 60 WHERE team_id = $1',
      [overflowing, from],
    )
    const waiting = await queueUp(server, from, 3)
    await admin.trpc.teams.setActive.mutate({ teamId: from, isActive: false })
    const { rows } = await server.database.pool.query(
      'SELECT overflow_team_id FROM team_settings WHERE team_id = $1',
      [overflowing],
    )
    expect(rows).toEqual([{ overflow_team_id: null }])
    const move = (into: string) => admin.trpc.teams.moveOpen.mutate({ teamId: from, to: into })
    expect(await codeOf(move(from))).toBe('not_assignable')
    expect(await codeOf(move(newId()))).toBe('not_assignable')
    expect(await move(to)).toEqual({ moved: 3, left: 0 })
    for (const id of waiting) {
      await eventually(async () =>
        expect(await stateOf(server, id)).toMatchObject({ status: 'queued', team_id: to }),
      )
    }
    expect((await said(from)).map(({ action }) => action)).toEqual([
      'team.deactivated',
      'team.emptied',
    ])
    await admin.trpc.teams.setActive.mutate({ teamId: from, isActive: true })
  })

  test('are never all switched off, and what comes in goes to one that is left', async () => {
    const teams = (await admin.trpc.teams.list.query()).filter(({ isActive }) => isActive)
    const codes = await Promise.all(
      teams.map(({ id }) =>
        codeOf(admin.trpc.teams.setActive.mutate({ teamId: id, isActive: false })),
      ),
    )
    expect(codes.filter((code) => code === 'required')).toHaveLength(1)
    const left = teams[codes.indexOf('required')]?.id
    const { team_id } = await conversationOf(server, await write(server, newCustomer(), 'hola'))
    expect(team_id).toBe(left)
    for (const { id } of teams) {
      await admin.trpc.teams.setActive.mutate({ teamId: id, isActive: true })
    }
  })
})
