import { type Role } from '@parley/domain'
import { beforeAll, describe, expect, test } from 'vitest'

import { codeOf } from '../../testing/conversations.ts'
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
  type ScimAnswer,
} from '../../testing/scim.ts'
import { eventually } from '../../testing/test-server.ts'

/** What a directory's key is not to be able to do, and what it must not undo by asking at the wrong moment. */

withDirectory()

const setActive = (id: string, isActive: boolean) =>
  status('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path: 'active', value: isActive }))
const stored = async (id: string) =>
  (
    await rows<{ role: Role; is_active: boolean; email: string; full_name: string }>(
      'SELECT role, is_active, email, full_name FROM users WHERE id = $1',
      [id],
    )
  )[0]
const mapLeads = async (): Promise<void> => {
  const { version } = await admin.trpc.groups.mappings.query()
  await admin.trpc.groups.saveMappings.mutate({
    mappings: [{ name: 'Líderes', role: 'team_lead', teamId: null }],
    basedOn: version,
  })
}

test('whom an administrator switched off is not let in by a no and a yes, nor by being sent anew', async () => {
  const userName = nameOf('fuera')
  const id = await directory.user({ userName })
  const { people } = admin.trpc
  await people.setActive.mutate({ userId: id, isActive: false })
  expect([await setActive(id, false), await setActive(id, true)]).toEqual([200, 200])
  expect(await stored(id)).toMatchObject({ is_active: false })
  expect(await status('DELETE', `/Users/${id}`)).toBe(204)
  expect(await directory.user({ userName })).toBe(id)
  expect(await stored(id)).toMatchObject({ is_active: false })
  // Let in here, it is between the directory and itself again.
  await people.setActive.mutate({ userId: id, isActive: true })
  expect([await setActive(id, false), await setActive(id, true)]).toEqual([200, 200])
  expect(await stored(id)).toMatchObject({ is_active: true })
})

test('the emergency account, linked before it was one, keeps its address and its name', async () => {
  const person = await server.addPerson({ role: 'admin', teamIds: [], name: 'Emergencia' })
  const id = await directory.user({ userName: person.email, displayName: 'Emergencia' })
  await rows('UPDATE security_policy SET break_glass_user_id = $1', [id])
  const emails = [{ value: 'mallory@directory.example', type: 'work' }]
  for (const [method, body] of [
    [
      'PATCH',
      patchOf({ op: 'replace', path: 'emails[type eq "work"].value', value: 'm@x.example' }),
    ],
    ['PUT', { userName: person.email, displayName: 'Emergencia', emails }],
    ['PATCH', patchOf({ op: 'replace', path: 'displayName', value: 'Mallory' })],
  ] as const) {
    const answer = await directory.send(method, `/Users/${id}`, body)
    expect([answer.status, answer.body['detail']]).toEqual([
      409,
      expect.stringContaining('emergency account'),
    ])
  }
  expect(await stored(id)).toMatchObject({ email: person.email, full_name: 'Emergencia' })
  await rows('UPDATE security_policy SET break_glass_user_id = NULL')
})

describe('of what is sent at once', () => {
  test('one person comes back once', async () => {
    const userName = nameOf('vuelve')
    const id = await directory.user({ userName })
    await status('DELETE', `/Users/${id}`)
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => status('POST', '/Users', { userName })),
    )
    expect(answers.toSorted()).toEqual([201, 409, 409, 409])
    const linked = await rows(
      `SELECT 1 FROM audit_log WHERE target_id = $1 AND action = 'person.linked'`,
      [id],
    )
    expect(linked).toHaveLength(1)
  })

  test('an address is not undone by a name', async () => {
    const id = await directory.user({ userName: nameOf('ana') })
    for (let times = 0; times < 8; times++) {
      const [email, fullName] = [`ana${times}.${id}@directory.example`, `Ana ${times}`]
      const patch = (path: string, value: string) =>
        status('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path, value }))
      await Promise.all([patch('emails.value', email), patch('displayName', fullName)])
      expect(await stored(id)).toMatchObject({ email, full_name: fullName })
    }
  })
})

describe('what a group gave', () => {
  beforeAll(() => mapLeads())

  test('ends with the group, also for who was taken in while it was removed', async () => {
    const ana = await directory.user({ userName: nameOf('ana') })
    const group = await directory.group('Líderes')
    // Nobody commits what is to be in the audit log while somebody else has its head.
    const holder = await server.database.pool.connect()
    await holder.query('BEGIN')
    await holder.query('SELECT 1 FROM audit_chain FOR UPDATE')
    const waiting = (count: number) =>
      eventually(async () =>
        expect(
          await rows(
            `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          ),
        ).toHaveLength(count),
      )
    const added = status(
      'PATCH',
      `/Groups/${group}`,
      patchOf({ op: 'add', path: 'members', value: [{ value: ana }] }),
    )
    await waiting(1)
    const removed = status('DELETE', `/Groups/${group}`)
    await waiting(2)
    await holder.query('ROLLBACK')
    holder.release()
    expect([await added, await removed]).toEqual([204, 204])
    await eventually(async () => expect(await stored(ana)).toMatchObject({ role: 'agent' }))
  })

  test('and took back while the person was taken over is gone once they are given back', async () => {
    const parts = { givenName: 'A'.repeat(255), familyName: 'B'.repeat(255) }
    const ana = await directory.user({ userName: nameOf('ana'), name: parts })
    const group = await directory.group('Líderes', [ana])
    expect(await stored(ana)).toMatchObject({ role: 'team_lead' })
    await admin.trpc.people.takeOver.mutate({ userId: ana })
    expect(await status('PUT', `/Groups/${group}`, { displayName: 'Líderes' })).toBe(200)
    expect(await stored(ana)).toMatchObject({ role: 'team_lead' })
    // Whatever the directory calls them fits.
    expect(await codeOf(admin.trpc.people.giveBack.mutate({ userId: ana }))).toBe('no failure')
    await eventually(async () => expect(await stored(ana)).toMatchObject({ role: 'agent' }))
  })
})

test('pages of hundreds count for what they hold, and one person’s for one', async () => {
  await rows(`
    WITH made AS (
      INSERT INTO users (email, password_hash, full_name, role, managed_by)
      SELECT 'n' || n || '@pages.example', '*', 'N ' || n, 'agent', 'scim' FROM generate_series(1, 200) n
      RETURNING id, email)
    INSERT INTO directory_people (user_id, user_name) SELECT id, email FROM made`)
  const reader = await connectDirectory(server, admin, owner.id)
  const asked = async (path: string): Promise<ScimAnswer[]> => {
    const answers: ScimAnswer[] = []
    for (let n = 0; n < 150; n++) answers.push(await reader.send('GET', path))
    return answers
  }
  const one = await asked('/Users?count=1')
  expect(new Set(one.map((answer) => answer.status))).toEqual(new Set([200]))
  const refused = (await asked('/Users?count=200')).filter((answer) => answer.status === 429)
  expect(refused.length).toBeGreaterThan(20)
  expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
})
