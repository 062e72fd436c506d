import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { SYSTEM } from '../../platform/doer.ts'
import { type Failure } from '../../platform/failure.ts'
import { createBareServices, type BareServices } from '../../testing/bare-services.ts'
import { codeOf } from '../../testing/conversations.ts'
import {
  eventually,
  newId,
  startTestServer,
  type TestClient,
  type TestServer,
} from '../../testing/test-server.ts'
import {
  applyGroups,
  readMappings,
  rightsOfGroups,
  saveMappings,
  startGroupRights,
} from './group-rights.ts'

describe('what groups give', () => {
  let services: BareServices
  let sales: string
  let support: string

  beforeAll(async () => {
    services = await createBareServices()
    sales = await services.addTeam()
    support = await services.addTeam()
  })
  afterAll(() => services.database.drop())

  const map = async (...mappings: Parameters<typeof saveMappings>[2]['mappings']) => {
    const { version } = await readMappings(services.db)
    return saveMappings(services, SYSTEM, { mappings, basedOn: version })
  }
  const mapAll = () =>
    map(
      { name: 'Agentes', role: 'agent', teamId: null },
      { name: 'LÍDERES', role: 'team_lead', teamId: sales },
      { name: 'Parley admins', role: 'admin', teamId: null },
      { name: 'Soporte', role: null, teamId: support },
    )
  beforeEach(() => mapAll())

  const managed = async (role: 'agent' | 'admin', teamIds: string[] = []): Promise<string> => {
    const id = await services.addPerson(role, 'offline', teamIds)
    await services.rows(`UPDATE users SET managed_by = 'sso' WHERE id = $1`, [id])
    return id
  }
  const rightsOf = async (id: string) => {
    const [person] = await services.rows<{ role: string; teams: string[] }>(
      `SELECT role, ARRAY(SELECT team_id::text FROM team_memberships WHERE user_id = u.id ORDER BY 1) AS teams
       FROM users u WHERE id = $1`,
      [id],
    )
    return person
  }
  const saidOf = (id: string) =>
    services.rows<{ action: string; after: unknown }>(
      'SELECT action, after FROM audit_log WHERE target_id = $1 ORDER BY seq',
      [id],
    )

  test('is the highest role and all teams, in whatever case; null where none is mapped', async () => {
    const both = [sales, support].toSorted()
    const given = (...names: string[]) => rightsOfGroups(services.db, names)
    expect(await given('agentes', 'líderes', 'SOPORTE', 'Others')).toEqual({
      role: 'team_lead',
      teamIds: both,
    })
    expect(await given('Agentes', 'Parley Admins')).toEqual({ role: 'admin', teamIds: null })
    expect(await given('soporte')).toEqual({ role: null, teamIds: [support] })
    expect(await given()).toBeNull()
    expect(await given('Others', 'Agentes%', 'with \u0000', '')).toBeNull()
  })

  test('is given once: applied again nothing is written, not even to the feed', async () => {
    const id = await managed('agent', [support])
    await applyGroups(services, id, ['Líderes', 'Soporte'], SYSTEM)
    expect(await rightsOf(id)).toEqual({ role: 'team_lead', teams: [sales, support].toSorted() })
    expect((await saidOf(id)).map(({ action }) => action)).toEqual([
      'person.teams_changed',
      'person.role_changed',
    ])
    const written = () =>
      services.rows(`
        SELECT (SELECT COUNT(*) FROM changes) AS changes, (SELECT COUNT(*) FROM audit_log) AS said,
               (SELECT json_agg(xmin ORDER BY id) FROM users)::text AS people,
               (SELECT json_agg(xmin ORDER BY id) FROM team_memberships)::text AS memberships`)
    const before = await written()
    await applyGroups(services, id, ['soporte', 'líderes', 'Others'], SYSTEM)
    expect(await written()).toEqual(before)
  })

  test('of who is in no mapped group any more is the least there is', async () => {
    const id = await managed('agent')
    await applyGroups(services, id, ['Líderes'], SYSTEM)
    await applyGroups(services, id, ['Others'], SYSTEM)
    expect(await rightsOf(id)).toEqual({ role: 'agent', teams: [] })
  })

  test('leaves alone what no group stands for', async () => {
    const id = await managed('agent', [sales])
    await map({ name: 'Soporte', role: null, teamId: support })
    await services.rows(`UPDATE users SET role = 'supervisor' WHERE id = $1`, [id])
    await applyGroups(services, id, ['Soporte'], SYSTEM)
    expect(await rightsOf(id)).toEqual({ role: 'supervisor', teams: [support] })
    await map({ name: 'Jefatura', role: 'team_lead', teamId: null })
    await applyGroups(services, id, ['Jefatura'], SYSTEM)
    expect(await rightsOf(id)).toEqual({ role: 'team_lead', teams: [support] })
    await map()
    await applyGroups(services, id, ['Jefatura'], SYSTEM)
    expect(await rightsOf(id)).toEqual({ role: 'team_lead', teams: [support] })
  })

  test('is nothing to who is managed by hand, nor to whom SCIM manages', async () => {
    const id = await services.addPerson('agent', 'offline', [sales])
    for (const managedBy of ['manual', 'scim']) {
      await services.rows('UPDATE users SET managed_by = $2 WHERE id = $1', [id, managedBy])
      await applyGroups(services, id, ['Parley admins', 'Soporte'], SYSTEM)
      expect(await rightsOf(id)).toEqual({ role: 'agent', teams: [sales] })
    }
  })

  test('never takes the last administrator: the role is kept, which is said once', async () => {
    await services.rows(`UPDATE users SET is_active = FALSE WHERE role = 'admin'`)
    const last = await managed('admin')
    for (const names of [['Agentes', 'Soporte'], [], ['Agentes']]) {
      await applyGroups(services, last, names, SYSTEM)
    }
    expect(await rightsOf(last)).toEqual({ role: 'admin', teams: [] })
    expect((await saidOf(last)).filter(({ action }) => action !== 'person.teams_changed')).toEqual([
      { action: 'person.role_kept', after: { role: 'admin', given: 'agent' } },
    ])
    // Of two who go at once one stays.
    const other = await managed('admin')
    await Promise.all([last, other].map((id) => applyGroups(services, id, ['Agentes'], SYSTEM)))
    const roles = [(await rightsOf(last))?.role, (await rightsOf(other))?.role]
    expect(roles.toSorted()).toEqual(['admin', 'agent'])
  })

  test('may be changed again while what followed from the last change is done', async () => {
    const id = await services.addPerson('agent', 'offline')
    await services.rows(`UPDATE users SET managed_by = 'scim' WHERE id = $1`, [id])
    await services.rows('INSERT INTO group_rights_due (user_id) VALUES ($1)', [id])
    const [{ group } = { group: '' }] = await services.rows<{ group: string }>(
      `INSERT INTO directory_groups (id, display_name) VALUES (gen_random_uuid(), 'Soporte') RETURNING id AS group`,
    )
    await services.rows('INSERT INTO directory_group_members VALUES ($1, $2)', [group, id])
    // Whoever follows is in the middle of it, for as long as somebody else has this.
    const holder = await services.database.pool.connect()
    await holder.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [`group rights ${id}`])
    const groupRights = startGroupRights(services)
    const waiting = async (count: number) =>
      eventually(async () =>
        expect(
          await services.rows(
            `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          ),
        ).toHaveLength(count),
      )
    await waiting(1)
    const saved = map({ name: 'Soporte', role: null, teamId: sales })
    await waiting(2)
    await holder.query('SELECT pg_advisory_unlock_all()')
    holder.release()
    await saved
    await eventually(async () => expect((await rightsOf(id))?.teams).toEqual([sales]))
    await groupRights.stop()
  })

  test('is a list with a version: saved as a whole or not at all', async () => {
    const before = await readMappings(services.db)
    const one = { name: 'Uno', role: 'agent' as const, teamId: null }
    const save = (mappings: (typeof before)['mappings'], basedOn = before.version) =>
      saveMappings(services, SYSTEM, { mappings, basedOn }).then(
        () => 'saved',
        (failure: Failure) => failure.code,
      )
    expect(await save([one], before.version - 1)).toBe('conflict')
    expect(await save([one, { ...one, name: 'UNO' }])).toBe('taken')
    expect(await save([{ ...one, teamId: newId() }])).toBe('not_found')
    expect(await readMappings(services.db)).toEqual(before)
    const { version } = await map(...before.mappings)
    expect(version).toBe(before.version)
    const saved = await map(...before.mappings.filter(({ name }) => name !== 'Agentes'), one)
    expect(saved).toEqual(await readMappings(services.db))
    const [said] = await services.rows(`
      SELECT before, after FROM audit_log
      WHERE action = 'security.group_mappings_changed' ORDER BY seq DESC LIMIT 1`)
    expect(said).toMatchObject({
      before: { mappings: [{ name: 'Agentes' }] },
      after: { mappings: [{ name: 'Uno' }] },
    })
  })
})

describe('who is managed by the directory', () => {
  let server: TestServer
  let admin: TestClient

  beforeAll(async () => {
    server = await startTestServer()
    admin = await server.signIn(await server.addPerson({ role: 'admin', teamIds: [] }))
    await admin.trpc.groups.saveMappings.mutate({
      basedOn: 1,
      mappings: [{ name: 'Ventas', role: 'agent', teamId: server.teams.sales }],
    })
  })
  afterAll(async () => {
    admin.close()
    await server.stop()
  })

  test('is changed there; switched off, signed out and let in here; and can be taken over', async () => {
    const { id: userId, email } = await server.addPerson({
      role: 'agent',
      teamIds: [],
      name: 'Ana',
    })
    await server.database.pool.query(`UPDATE users SET managed_by = 'scim' WHERE id = $1`, [userId])
    const { people } = admin.trpc
    const changes = [
      () => people.save.mutate({ userId, fullName: 'Otra', email }),
      () => people.setRole.mutate({ userId, role: 'team_lead' }),
      () => people.setTeams.mutate({ userId, teamIds: [server.teams.sales] }),
    ]
    for (const change of changes) expect(await codeOf(change())).toBe('managed_elsewhere')
    // What stands already changes nothing, and is nobody's quarrel.
    await people.save.mutate({ userId, fullName: 'Ana', email })
    const found = async () => {
      const all = { text: email, roles: [], teamId: null, states: [], page: null, limit: 1 }
      return (await people.find.query(all)).people[0]
    }
    expect(await found()).toMatchObject({
      fullName: 'Ana',
      role: 'agent',
      teamIds: [],
      managedBy: 'scim',
      fromDirectory: ['name', 'role', 'teams'],
    })
    await people.makeLink.mutate({ userId })
    await people.revokeSessions.mutate({ userId })
    await people.setActive.mutate({ userId, isActive: false })
    await people.setActive.mutate({ userId, isActive: true })
    for (let times = 0; times < 2; times++) await people.takeOver.mutate({ userId })
    for (const change of changes) expect(await codeOf(change())).toBe('no failure')
    expect(await found()).toMatchObject({
      role: 'team_lead',
      managedBy: 'manual',
      fromDirectory: [],
    })
    const { rows } = await server.database.pool.query(
      `SELECT before, after FROM audit_log WHERE action = 'person.taken_over' AND target_id = $1`,
      [userId],
    )
    expect(rows).toEqual([{ before: { managedBy: 'scim' }, after: { managedBy: 'manual' } }])
    expect(await codeOf(people.takeOver.mutate({ userId: newId() }))).toBe('not_found')
  })
})
