import { type Role } from '@parley/domain'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { createLogger } from '../../platform/logger.ts'
import { codeOf, stateOf } from '../../testing/conversations.ts'
import {
  admin,
  connectDirectory,
  directory,
  nameOf,
  owner,
  patchOf,
  rows,
  server,
  status,
  withDirectory,
} from '../../testing/scim.ts'
import { eventually, newId, PASSWORD, signIn, type TestPerson } from '../../testing/test-server.ts'
import { newTeam, queueUp } from '../../testing/workstations.ts'

const logged: string[] = []
withDirectory({ logger: createLogger('trace', { write: (line) => void logged.push(line) }) })

const newUser = (more: object = {}) => directory.user({ userName: nameOf('persona'), ...more })
const stored = async (id: string) =>
  (
    await rows<{
      role: Role
      is_active: boolean
      managed_by: string
      full_name: string
      teams: string[]
    }>(
      `SELECT role, is_active, managed_by, full_name,
              ARRAY(SELECT team_id::text FROM team_memberships WHERE user_id = u.id ORDER BY 1) AS teams
       FROM users u WHERE id = $1`,
      [id],
    )
  )[0]
const saidOf = (id: string) =>
  rows<{ action: string; actor_kind: string; actor_id: string }>(
    'SELECT action, actor_kind, actor_id FROM audit_log WHERE target_id = $1 ORDER BY seq',
    [id],
  )
const map = async (mappings: { name: string; role: Role | null; teamId: string | null }[]) => {
  const { version } = await admin.trpc.groups.mappings.query()
  await admin.trpc.groups.saveMappings.mutate({ mappings, basedOn: version })
}
/** Everything that a sync could write, with the transaction that wrote it last. */
const written = async (): Promise<unknown> => {
  const tables = [
    'users',
    'team_memberships',
    'directory_people',
    'directory_groups',
    'directory_group_members',
    'audit_log',
    'changes',
    'sessions',
    'group_rights_due',
  ]
  const parts = tables.map(
    (table) =>
      `(SELECT json_agg(t.xmin::text || t::text ORDER BY t::text)::text FROM ${table} t) AS ${table}`,
  )
  return (await rows(`SELECT ${parts.join()}`))[0]
}

describe('groups', () => {
  let sales: string
  let support: string
  beforeAll(async () => {
    sales = server.teams.sales
    support = server.teams.support
  })
  beforeEach(() =>
    map([
      { name: 'Ventas', role: null, teamId: sales },
      { name: 'Soporte', role: null, teamId: support },
      { name: 'Líderes', role: 'team_lead', teamId: null },
    ]),
  )

  test('give their members what they stand for, as the directory’s doing', async () => {
    const ana = await newUser({ displayName: 'Ana' })
    expect(await stored(ana)).toMatchObject({ role: 'agent', managed_by: 'scim', teams: [] })
    const group = await directory.group(`ventas`, [ana])
    const leads = await directory.group('LÍDERES', [ana])
    expect(await stored(ana)).toMatchObject({ role: 'team_lead', teams: [sales] })
    expect(await saidOf(ana)).toEqual(
      ['person.provisioned', 'person.teams_changed', 'person.role_changed'].map((action) => ({
        action,
        actor_kind: 'scim',
        actor_id: directory.keyId,
      })),
    )
    expect(
      await status(
        'PATCH',
        `/Groups/${leads}`,
        patchOf({ op: 'remove', path: `members[value eq "${ana}"]` }),
      ),
    ).toBe(204)
    expect(await stored(ana)).toMatchObject({ role: 'agent', teams: [sales] })
    expect(await status('DELETE', `/Groups/${group}`)).toBe(204)
    expect(await stored(ana)).toMatchObject({ role: 'agent', teams: [] })
    await status('DELETE', `/Groups/${leads}`)
  })

  test('that are renamed, or stand for something else, change what their members may', async () => {
    const ana = await newUser()
    const group = await directory.group('Sin mapa', [ana])
    expect(await stored(ana)).toMatchObject({ role: 'agent', teams: [] })
    const rename = (value: string) =>
      status('PATCH', `/Groups/${group}`, patchOf({ op: 'Replace', path: 'displayName', value }))
    expect(await rename('Soporte')).toBe(204)
    await eventually(async () => expect(await stored(ana)).toMatchObject({ teams: [support] }))
    await map([
      { name: 'Soporte', role: 'team_lead', teamId: sales },
      { name: 'Líderes', role: 'team_lead', teamId: null },
    ])
    await eventually(async () =>
      expect(await stored(ana)).toMatchObject({ role: 'team_lead', teams: [sales] }),
    )
    expect(await rename('Sin mapa')).toBe(204)
    await eventually(async () =>
      expect(await stored(ana)).toMatchObject({ role: 'agent', teams: [] }),
    )
    expect(await rows('SELECT * FROM group_rights_due')).toEqual([])
  })

  test('of two that change at once one person has what both say, however often', async () => {
    const [one, two] = [await directory.group('Ventas'), await directory.group('Soporte')]
    for (let times = 0; times < 8; times++) {
      const ana = await newUser()
      const atOnce = (op: 'add' | 'remove') =>
        Promise.all(
          [one, two].map((group) =>
            status(
              'PATCH',
              `/Groups/${group}`,
              patchOf({ op, path: 'members', value: [{ value: ana }] }),
            ),
          ),
        )
      expect(await atOnce('add')).toEqual([204, 204])
      expect((await stored(ana))?.teams).toEqual([sales, support].toSorted())
      expect(await atOnce('remove')).toEqual([204, 204])
      expect((await stored(ana))?.teams).toEqual([])
    }
    for (const group of [one, two]) await status('DELETE', `/Groups/${group}`)
  })

  test('whose PATCH was cut off between two people are completed by the next try', async () => {
    const people = await Promise.all(Array.from({ length: 6 }, () => newUser()))
    const group = await directory.group('Ventas')
    // The fourth cannot be written: the server is gone in the middle, as far as the directory can tell.
    await rows(`
      CREATE FUNCTION stop_here() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF (SELECT COUNT(*) FROM directory_group_members WHERE group_id = NEW.group_id) >= 3 THEN
          RAISE EXCEPTION USING ERRCODE = '57P01', MESSAGE = 'terminated';
        END IF;
        RETURN NEW;
      END $$`)
    await rows(
      'CREATE TRIGGER stop_here BEFORE INSERT ON directory_group_members FOR EACH ROW EXECUTE FUNCTION stop_here()',
    )
    const add = () =>
      directory.send(
        'PATCH',
        `/Groups/${group}`,
        patchOf({ op: 'add', path: 'members', value: people.map((value) => ({ value })) }),
      )
    const cut = await add()
    expect([cut.status, cut.headers.get('retry-after')]).toEqual([503, '5'])
    const inTeam = async () =>
      (
        await rows(
          `SELECT user_id FROM team_memberships WHERE team_id = $1 AND user_id = ANY($2)`,
          [sales, people],
        )
      ).length
    const members = async () =>
      (await rows(`SELECT 1 FROM directory_group_members WHERE group_id = $1`, [group])).length
    // Whoever is in the group has what it stands for, and nobody else.
    expect([await members(), await inTeam()]).toEqual([3, 3])
    await rows('DROP TRIGGER stop_here ON directory_group_members')
    expect((await add()).status).toBe(204)
    expect([await members(), await inTeam()]).toEqual([6, 6])
    const said = await rows(
      `SELECT 1 FROM audit_log WHERE action = 'person.teams_changed' AND target_id = ANY($1)`,
      [people],
    )
    expect(said).toHaveLength(6)
    await status('DELETE', `/Groups/${group}`)
  })
})

describe('who is switched off by the directory', () => {
  const agentOf = async (): Promise<{ id: string; person: TestPerson; teamId: string }> => {
    const teamId = await newTeam(server, newId())
    const person = await server.addPerson({ role: 'agent', teamIds: [teamId], presence: 'online' })
    const id = await directory.user({
      userName: person.email,
      emails: [{ value: person.email, type: 'work' }],
    })
    return { id, person, teamId }
  }

  test.each(['PATCH', 'DELETE'])(
    'by %s: sessions end, conversations go back, and the account stays',
    async (method) => {
      const { id, person, teamId } = await agentOf()
      expect(id).toBe(person.id)
      const [conversationId] = (await queueUp(server, teamId, 1)) as [string]
      await eventually(async () =>
        expect((await stateOf(server, conversationId)).assigned_to).toBe(id),
      )
      const client = await server.signIn(person)
      const body =
        method === 'PATCH' ? patchOf({ op: 'Replace', path: 'active', value: 'False' }) : undefined
      expect(await status(method, `/Users/${id}`, body)).toBe(method === 'PATCH' ? 200 : 204)
      expect(await stateOf(server, conversationId)).toMatchObject({
        status: 'queued',
        assigned_to: null,
      })
      expect(await codeOf(client.trpc.session.me.query())).toBe('session_ended')
      client.close()
      expect(await stored(id)).toMatchObject({ is_active: false })
      expect((await saidOf(id)).at(-1)?.action).toBe('person.deactivated')
      // Here nobody gives it back but the directory.
      expect(await codeOf(admin.trpc.people.setActive.mutate({ userId: id, isActive: true }))).toBe(
        'managed_elsewhere',
      )
      const again =
        method === 'PATCH'
          ? await directory.send(
              'PATCH',
              `/Users/${id}`,
              patchOf({ op: 'Replace', path: 'active', value: true }),
            )
          : await directory.send('POST', '/Users', { userName: person.email })
      expect(again.body).toMatchObject({ id, active: true })
      expect(await stored(id)).toMatchObject({ is_active: true })
    },
  )

  test('and switched off here stays so until it is given back here', async () => {
    const { id, person } = await agentOf()
    await admin.trpc.people.setActive.mutate({ userId: id, isActive: false })
    const put = () => status('PUT', `/Users/${id}`, { userName: person.email, active: true })
    expect(await put()).toBe(200)
    expect(await stored(id)).toMatchObject({ is_active: false })
    await admin.trpc.people.setActive.mutate({ userId: id, isActive: true })
    expect(await stored(id)).toMatchObject({ is_active: true })
  })

  test('while a group takes them in, is switched off all the same', async () => {
    await map([{ name: 'Ventas', role: 'team_lead', teamId: server.teams.sales }])
    const group = await directory.group('Ventas')
    for (let times = 0; times < 5; times++) {
      const { id } = await agentOf()
      const answers = await Promise.all([
        status('PATCH', `/Users/${id}`, patchOf({ op: 'replace', value: { active: false } })),
        status(
          'PATCH',
          `/Groups/${group}`,
          patchOf({ op: 'add', path: 'members', value: [{ value: id }] }),
        ),
        status(
          'PATCH',
          `/Users/${id}`,
          patchOf({ op: 'replace', path: 'displayName', value: 'Otra' }),
        ),
      ])
      expect(answers).toEqual([200, 204, 200])
      expect(await stored(id)).toMatchObject({
        is_active: false,
        full_name: 'Otra',
        role: 'team_lead',
      })
    }
    await status('DELETE', `/Groups/${group}`)
  })

  test('is never the last administrator', async () => {
    const id = await directory.user({ userName: owner.email })
    expect(id).toBe(owner.id)
    await rows(`UPDATE users SET is_active = FALSE WHERE role = 'admin' AND id <> $1`, [id])
    for (const [method, body] of [
      ['PATCH', patchOf({ op: 'replace', value: { active: false } })],
      ['PUT', { userName: owner.email, active: false }],
      ['DELETE', undefined],
    ] as const) {
      const answer = await directory.send(method, `/Users/${id}`, body)
      expect([answer.status, answer.body['detail']]).toEqual([
        409,
        expect.stringContaining('Nobody else administers'),
      ])
    }
    expect(await stored(id)).toMatchObject({ is_active: true, role: 'admin' })
    expect((await directory.send('GET', `/Users/${id}`)).body).toMatchObject({ active: true })
    // Nor by a group.
    await map([{ name: 'Agentes', role: 'agent', teamId: null }])
    const group = await directory.group('Agentes', [id])
    expect(await stored(id)).toMatchObject({ role: 'admin' })
    expect((await saidOf(id)).at(-1)?.action).toBe('person.role_kept')
    await status('DELETE', `/Groups/${group}`)
    await map([])
  })
})

describe('a person', () => {
  test('who was made by hand is linked by their address, and can be taken over again', async () => {
    const person = await server.addPerson({
      role: 'supervisor',
      teamIds: [server.teams.sales],
      name: 'Por Mano',
    })
    const id = await directory.user({
      userName: nameOf('upn'),
      displayName: 'Del Directorio',
      emails: [{ value: person.email.toUpperCase(), type: 'work' }],
    })
    expect(id).toBe(person.id)
    // What they may stays until a group says something.
    expect(await stored(id)).toEqual({
      role: 'supervisor',
      is_active: true,
      managed_by: 'scim',
      full_name: 'Del Directorio',
      teams: [server.teams.sales],
    })
    expect((await saidOf(id)).map(({ action }) => action)).toEqual(['person.linked'])
    await admin.trpc.people.takeOver.mutate({ userId: id })
    await admin.trpc.people.save.mutate({ userId: id, fullName: 'Otra Vez', email: person.email })
    const change = patchOf({
      op: 'replace',
      value: { displayName: 'Del Directorio 2', active: false },
    })
    const refused = await directory.send('PATCH', `/Users/${id}`, change)
    expect([refused.status, refused.body['detail']]).toEqual([
      409,
      expect.stringContaining('taken over'),
    ])
    expect(await stored(id)).toMatchObject({
      is_active: true,
      managed_by: 'manual',
      full_name: 'Otra Vez',
    })
    expect(await status('POST', '/Users', { userName: person.email })).toBe(409)
    // Given back, the directory's word counts again.
    const { giveBack, takeOver } = admin.trpc.people
    for (let times = 0; times < 2; times++) await giveBack.mutate({ userId: id })
    expect(await stored(id)).toMatchObject({ managed_by: 'scim', full_name: 'Del Directorio' })
    const unsent = await server.addPerson({ role: 'agent', teamIds: [] })
    expect(await codeOf(giveBack.mutate({ userId: unsent.id }))).toBe('not_found')
    await takeOver.mutate({ userId: id })
    expect(await status('DELETE', `/Users/${id}`)).toBe(204)
    expect(await stored(id)).toMatchObject({ is_active: true, managed_by: 'manual' })
    expect(await status('POST', '/Users', { userName: person.email })).toBe(409)
    await giveBack.mutate({ userId: id })
    expect(await status('POST', '/Users', { userName: person.email })).toBe(201)
    expect(await stored(id)).toMatchObject({ is_active: true, managed_by: 'scim' })
  })

  test('who lets everybody in when the directory fails is not managed by it', async () => {
    const person = await server.addPerson({ role: 'admin', teamIds: [], name: 'Emergencia' })
    await rows('UPDATE security_policy SET break_glass_user_id = $1', [person.id])
    const refused = await directory.send('POST', '/Users', { userName: person.email })
    expect([refused.status, refused.body['scimType']]).toEqual([409, 'uniqueness'])
    expect(await stored(person.id)).toMatchObject({ managed_by: 'manual', full_name: 'Emergencia' })
    await rows('UPDATE security_policy SET break_glass_user_id = NULL')
    // Named as such later: it is not switched off by it.
    const id = await directory.user({ userName: person.email })
    await rows('UPDATE security_policy SET break_glass_user_id = $1', [id])
    expect(await status('DELETE', `/Users/${id}`)).toBe(409)
    expect(await stored(id)).toMatchObject({ is_active: true, role: 'admin' })
    await rows('UPDATE security_policy SET break_glass_user_id = NULL')
  })

  test('changed by two at once has what both said', async () => {
    const id = await newUser({ name: { givenName: 'Ana', familyName: 'Paz' } })
    const patch = (path: string, value: string) =>
      status('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path, value }))
    for (let times = 0; times < 5; times++) {
      const [given, family] = [`Ana${times}`, `Paz${times}`]
      expect(
        await Promise.all([patch('name.givenName', given), patch('name.familyName', family)]),
      ).toEqual([200, 200])
      expect(await stored(id)).toMatchObject({ full_name: `${given} ${family}` })
    }
  })

  test('sent twice at once is one', async () => {
    const userName = nameOf('twice')
    const answers = await Promise.all([1, 2, 3].map(() => status('POST', '/Users', { userName })))
    expect(answers.toSorted()).toEqual([201, 409, 409])
  })

  test('is asked for a password by nobody, and comes in by a link', async () => {
    const userName = nameOf('link')
    const id = await directory.user({ userName, password: PASSWORD })
    expect(await codeOf(signIn(server.url, { email: userName }))).not.toBe('no failure')
    expect((await admin.trpc.people.makeLink.mutate({ userId: id })).token).toMatch(/^[\w-]{43}$/)
  })
})

test('a second sync writes nothing at all', async () => {
  await map([
    { name: 'Sync 0', role: 'team_lead', teamId: server.teams.sales },
    { name: 'Sync 1', role: null, teamId: server.teams.support },
  ])
  const userNames = Array.from({ length: 40 }, (_, index) => `sync${index}@sync.example`)
  const userOf = (userName: string) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName,
    externalId: `external ${userName}`,
    displayName: `Persona ${userName}`,
    name: { givenName: 'Persona', familyName: userName },
    emails: [{ value: userName, type: 'work', primary: true }],
    active: true,
  })
  const sync = async (): Promise<void> => {
    const ids: string[] = []
    for (const userName of userNames) {
      const found = await directory.send('GET', `/Users?filter=userName eq "${userName}"`)
      const [resource] = found.body['Resources'] as { id: string }[]
      if (resource === undefined) ids.push(await directory.user(userOf(userName)))
      else {
        ids.push(resource.id)
        expect(await status('PUT', `/Users/${resource.id}`, userOf(userName))).toBe(200)
        expect(
          await status(
            'PATCH',
            `/Users/${resource.id}`,
            patchOf({ op: 'Replace', path: 'active', value: 'True' }),
          ),
        ).toBe(200)
      }
    }
    for (let index = 0; index < 4; index++) {
      const displayName = `Sync ${index}`
      const members = ids
        .filter((_, place) => place % 4 === index || place % 3 === 0)
        .map((value) => ({ value }))
      const found = await directory.send(
        'GET',
        `/Groups?filter=displayName eq "${displayName}"&excludedAttributes=members`,
      )
      const [resource] = found.body['Resources'] as { id: string }[]
      const id = resource?.id ?? (await directory.group(displayName))
      expect(
        await status(
          'PATCH',
          `/Groups/${id}`,
          patchOf({ op: 'Add', path: 'members', value: members }),
        ),
      ).toBe(204)
      expect(await status('PUT', `/Groups/${id}`, { displayName, members })).toBe(200)
    }
  }
  await sync()
  await eventually(async () => expect(await rows('SELECT * FROM group_rights_due')).toEqual([]))
  const before = await written()
  await sync()
  expect(await written()).toEqual(before)
  const [{ count } = { count: 0 }] = await rows<{ count: number }>(
    `SELECT COUNT(*)::int AS count FROM users WHERE email LIKE '%@sync.example'`,
  )
  expect(count).toBe(40)
}, 60_000)

describe('the key', () => {
  test('is asked for by everything, and has to be for this', async () => {
    for (const path of [
      '/Users',
      '/Groups',
      '/ServiceProviderConfig',
      '/Nothing',
      `/Users/${newId()}`,
    ]) {
      const answer = await fetch(`${server.url}/scim/v2${path}`)
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
      expect(await answer.json()).toMatchObject({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        status: '401',
      })
    }
    const session = await fetch(`${server.url}/scim/v2/Users`, {
      headers: { authorization: `Bearer ${admin.accessToken}` },
    })
    expect(session.status).toBe(401)
    const other = await connectDirectory(server, admin, owner.id, ['directory.see'])
    expect((await other.send('GET', '/Users')).status).toBe(403)
    // Nor does it open anything else.
    const elsewhere = await fetch(`${server.url}/trpc/people.skills`, {
      headers: { authorization: `Bearer ${directory.key}` },
    })
    expect(elsewhere.status).toBe(401)
  })

  test('that is revoked is refused from the next request on, and stands in no log', async () => {
    const one = await connectDirectory(server, admin, owner.id)
    const two = await admin.trpc.apiKeys.rotate.mutate({
      keyId: one.keyId,
      overlapHours: 1,
      lifetimeDays: 30,
    })
    expect((await one.send('GET', '/Users?count=1')).status).toBe(200)
    await admin.trpc.apiKeys.revoke.mutate({ keyId: one.keyId })
    expect((await one.send('GET', '/Users?count=1')).status).toBe(401)
    expect((await one.send('POST', '/Users', { userName: nameOf('late') })).status).toBe(401)
    await one.send('POST', '/Users', '{ not json')
    const secrets = [one.key, two.key, directory.key].map((key) => key.slice(-43))
    expect(logged.length).toBeGreaterThan(0)
    for (const secret of secrets) expect(logged.join('\n')).not.toContain(secret)
    const [kept] = await rows<{ text: string }>(
      `SELECT string_agg(a::text, ' ') || (SELECT string_agg(k::text, ' ') FROM api_keys k) AS text FROM audit_log a`,
    )
    for (const secret of secrets) expect(kept?.text).not.toContain(secret)
  })

  test('may ask for so much, and no more', async () => {
    const tooLarge = await directory.send('POST', '/Users', { userName: 'x'.repeat(2_100_000) })
    expect(tooLarge.status).toBe(413)
    const operations = Array.from({ length: 1_001 }, () => ({
      op: 'replace',
      path: 'active',
      value: true,
    }))
    const tooMany = await directory.send(
      'PATCH',
      `/Users/${await newUser()}`,
      patchOf(...operations),
    )
    expect([tooMany.status, tooMany.body['scimType']]).toEqual([413, 'tooMany'])
    const members = Array.from({ length: 10_001 }, () => ({ value: newId() }))
    const crowd = await directory.send('POST', '/Groups', { displayName: 'Crowd', members })
    expect([crowd.status, crowd.body['scimType']]).toEqual([413, 'tooMany'])
    const page = await directory.send('GET', '/Users?count=100000')
    expect((page.body['Resources'] as unknown[]).length).toBeLessThanOrEqual(200)
    const typed = await fetch(`${server.url}/scim/v2/Users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${directory.key}`, 'content-type': 'text/xml' },
      body: '<user/>',
    })
    expect(typed.status).toBe(415)
    // Nobody gets on while somebody else has the person's row: more than so many do not wait for it.
    const flood = await connectDirectory(server, admin, owner.id)
    const slow = await newUser()
    const holder = await server.database.pool.connect()
    await holder.query('BEGIN')
    await holder.query('SELECT 1 FROM directory_people WHERE user_id = $1 FOR UPDATE', [slow])
    const asked = Array.from({ length: 150 }, (_, index) =>
      flood.send(
        'PATCH',
        `/Users/${slow}`,
        patchOf({ op: 'replace', path: 'displayName', value: `Nombre ${index}` }),
      ),
    )
    await Promise.race(asked)
    // A neighbour's is another matter.
    expect(await status('GET', '/ServiceProviderConfig')).toBe(200)
    await holder.query('ROLLBACK')
    holder.release()
    const answers = await Promise.all(asked)
    const refused = answers.filter((answer) => answer.status !== 200)
    // Four are under way, and a hundred wait.
    expect(refused.length).toBe(46)
    for (const { status: code, headers } of refused) {
      expect([code, headers.get('retry-after')]).toEqual([503, '5'])
    }
  }, 30_000)
})

test('a server that ends in the middle of a group leaves nobody half done, and the next try completes it', async () => {
  await map([{ name: 'Corte', role: 'team_lead', teamId: server.teams.sales }])
  const people = await Promise.all(Array.from({ length: 60 }, () => newUser()))
  const group = await directory.group('Corte')
  const add = () =>
    status(
      'PATCH',
      `/Groups/${group}`,
      patchOf({ op: 'add', path: 'members', value: people.map((value) => ({ value })) }),
    )
  const state = async () => {
    const [found] = await rows<{ members: number; leads: number; both: number }>(
      `SELECT COUNT(m.user_id)::int AS members,
              COUNT(*) FILTER (WHERE u.role = 'team_lead')::int AS leads,
              COUNT(*) FILTER (WHERE m.user_id IS NOT NULL AND u.role = 'team_lead' AND t.id IS NOT NULL)::int AS both
       FROM users u
       LEFT JOIN directory_group_members m ON m.user_id = u.id AND m.group_id = $1
       LEFT JOIN team_memberships t ON t.user_id = u.id AND t.team_id = $2
       WHERE u.id = ANY($3)`,
      [group, server.teams.sales, people],
    )
    return found
  }
  const cut = add().catch(() => 0)
  await eventually(async () => expect((await state())?.members).toBeGreaterThan(2))
  await server.restart()
  await cut
  const left = await state()
  expect(left).toEqual({ members: left?.members, leads: left?.members, both: left?.members })
  expect(await add()).toBe(204)
  expect(await state()).toEqual({ members: 60, leads: 60, both: 60 })
}, 60_000)
