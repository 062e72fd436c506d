import { randomUUID } from 'node:crypto'

import { type ApiScope } from '@parley/domain'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { type Failure } from '../../platform/failure.ts'
import { type Doer, SYSTEM } from '../../platform/doer.ts'
import { createBareServices, type BareServices } from '../../testing/bare-services.ts'
import { readKey } from './api-key.ts'
import { createApiKey, listApiKeys, revokeApiKey, rotateApiKey } from './api-keys.ts'
import { createKeyAuthentication, type KeyAuthentication } from './authentication.ts'
import { reviewEndingKeys } from './ending-keys.ts'

let services: BareServices
let authenticate: KeyAuthentication
let adminId: string

beforeAll(async () => {
  services = await createBareServices()
  adminId = await services.addPerson('admin', 'offline')
  authenticate = createKeyAuthentication(services)
})
afterAll(() => services.database.drop())

const codeOf = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => 'no failure',
    ({ code, details }: Failure) => (details['reason'] ? [code, details['reason']] : code),
  )
const create = (more: Partial<Parameters<typeof createApiKey>[2]> = {}, by: Doer = SYSTEM) =>
  createApiKey(services, by, {
    name: 'Entra',
    ownerId: adminId,
    scopes: ['scim'],
    lifetimeDays: 30,
    allowedAddresses: [],
    ...more,
  })
const use = (key: string, scope: ApiScope = 'scim', address = '198.51.100.7') =>
  authenticate(
    { authorization: `Bearer ${key}`, address, exactAddress: address, requestId: randomUUID() },
    scope,
  )
const saidOf = async (id: string) =>
  (
    await services.rows<{ action: string }>(
      'SELECT action FROM audit_log WHERE target_id = $1 ORDER BY seq',
      [id],
    )
  ).map(({ action }) => action)

describe('a key', () => {
  test('is shown once, and stands nowhere: neither in the database nor in the audit log', async () => {
    const { id, key } = await create()
    expect(key).toMatch(/^parley_live_[0-9a-f]{32}_[\w-]{43}$/)
    expect(readKey(key)?.id).toBe(id)
    const secret = key.slice(-43)
    const [stored] = await services.rows<{ text: string }>(
      `SELECT (SELECT string_agg(k::text, ' ') FROM api_keys k) || (SELECT string_agg(a::text, ' ') FROM audit_log a) AS text`,
    )
    expect(stored?.text).not.toContain(secret)
    expect(JSON.stringify(await listApiKeys(services.db))).not.toContain(secret)
  })

  test('lets in on behalf of its owner, for what it was made for', async () => {
    const teamId = await services.addTeam()
    const ownerId = await services.addPerson('supervisor', 'offline', [teamId])
    const { id, key } = await create({ ownerId, scopes: ['report.see', 'report.see'] })
    expect(await use(key, 'report.see')).toMatchObject({
      keyId: id,
      owner: { userId: ownerId, role: 'supervisor', teamIds: [teamId] },
      by: { kind: 'api_key', id, address: '198.51.100.7' },
    })
    expect(await codeOf(use(key, 'scim'))).toEqual(['forbidden', 'scope'])
    const last = async () => (await listApiKeys(services.db)).find((one) => one.id === id)
    expect((await last())?.lastUsedAt).toMatch(/:00:00.000Z$/)
    // Every hour at most.
    await services.rows(`UPDATE api_keys SET last_used_at = NOW() - INTERVAL '59 minutes'`)
    const before = (await last())?.lastUsedAt
    await use(key, 'report.see')
    expect((await last())?.lastUsedAt).toBe(before)
    await services.rows(`UPDATE api_keys SET last_used_at = NOW() - INTERVAL '61 minutes'`)
    await use(key, 'report.see')
    expect((await last())?.lastUsedAt).not.toBe(before)
  })

  test('may never more than its owner, at the moment of each request', async () => {
    const ownerId = await services.addPerson('agent', 'offline')
    expect(await codeOf(create({ ownerId }))).toBe('forbidden')
    expect(await codeOf(create({ ownerId, scopes: ['triage.manage'] }))).toBe('forbidden')
    await services.rows(`UPDATE users SET role = 'admin' WHERE id = $1`, [ownerId])
    const { id, key } = await create({ ownerId })
    await use(key)
    await services.rows(`UPDATE users SET role = 'supervisor' WHERE id = $1`, [ownerId])
    expect(await codeOf(use(key))).toEqual(['forbidden', 'scope'])
    await services.rows(`UPDATE users SET role = 'admin', is_active = FALSE WHERE id = $1`, [
      ownerId,
    ])
    expect(await codeOf(use(key))).toBe('unauthenticated')
    expect(await codeOf(create({ ownerId }))).toBe('not_assignable')
    expect(await codeOf(use(key))).toBe('unauthenticated')
    // Each reason is told of once.
    expect(await saidOf(id)).toEqual(['api_key.created', 'api_key.refused', 'api_key.refused'])
  })

  test('ends by time, and by being revoked, from the next request on', async () => {
    const { id, key } = await create()
    await use(key)
    await revokeApiKey(services, SYSTEM, id)
    expect(await codeOf(use(key))).toBe('unauthenticated')
    expect(await codeOf(revokeApiKey(services, SYSTEM, id))).toBe('not_found')
    const { id: other, key: expiring } = await create()
    await services.rows(`UPDATE api_keys SET expires_at = NOW() WHERE id = $1`, [other])
    expect(await codeOf(use(expiring))).toBe('unauthenticated')
    expect((await listApiKeys(services.db)).map((one) => one.id)).toContain(other)
  })

  test('may be bound to addresses and networks', async () => {
    const { key } = await create({ allowedAddresses: ['203.0.113.0/24', '2001:db8::7'] })
    expect(await codeOf(use(key, 'scim', '203.0.113.200'))).toBe('no failure')
    expect(await codeOf(use(key, 'scim', '2001:db8::7'))).toBe('no failure')
    expect(await codeOf(use(key, 'scim', '2001:db8::8'))).toEqual(['forbidden', 'address'])
    expect(await codeOf(use(key, 'scim', '198.51.100.7'))).toEqual(['forbidden', 'address'])
    expect(await codeOf(create({ allowedAddresses: ['203.0.113.0/99'] }))).toBe('invalid_input')
  })

  test('is followed by the next one while both live, for as long as was said', async () => {
    const { id, key } = await create()
    const rotate = () =>
      rotateApiKey(services, SYSTEM, { keyId: id, overlapHours: 24, lifetimeDays: 90 })
    const next = await rotate()
    expect(await codeOf(use(key))).toBe('no failure')
    expect(await codeOf(use(next.key))).toBe('no failure')
    const listed = await listApiKeys(services.db)
    expect(listed.find((one) => one.id === next.id)).toMatchObject({ name: 'Entra', replaces: id })
    const before = listed.find((one) => one.id === id)
    expect(before?.isReplaced).toBe(true)
    const leftMs = Date.parse(before?.expiresAt ?? '') - Date.now()
    expect(leftMs / 3_600_000).toBeCloseTo(24, 0)
    expect(await codeOf(rotate())).toBe('conflict')
    await revokeApiKey(services, SYSTEM, next.id)
    expect(await codeOf(rotate())).toBe('no failure')
    expect(
      await codeOf(
        rotateApiKey(services, SYSTEM, { keyId: next.id, overlapHours: 1, lifetimeDays: 1 }),
      ),
    ).toBe('not_found')
  })
})

const GUESSING = '192.0.2.1'
test('whoever guesses is slowed down, and does not stand in the way of who has a key', async () => {
  const { key } = await create()
  await use(key)
  const wrong = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`
  const codes: unknown[] = []
  for (let times = 0; times < 25; times++) codes.push(await codeOf(use(wrong, 'scim', GUESSING)))
  expect(codes.slice(0, 20)).toEqual(Array(20).fill('unauthenticated'))
  expect(codes.slice(20)).toEqual(Array(5).fill('too_many_attempts'))
  expect(await codeOf(use('no key at all', 'scim', GUESSING))).toBe('too_many_attempts')
  expect(await codeOf(use(key, 'scim', GUESSING))).toBe('no failure')
  expect(await codeOf(use('no key at all', 'scim', '192.0.2.2'))).toBe('unauthenticated')
  // Nor in a process that has seen nobody's key yet; and one that is over is as a wrong one.
  authenticate = createKeyAuthentication(services)
  for (let times = 0; times < 25; times++) await codeOf(use(wrong, 'scim', GUESSING))
  expect(await codeOf(use(key, 'scim', GUESSING))).toBe('no failure')
  authenticate = createKeyAuthentication(services)
  await services.rows('UPDATE api_keys SET revoked_at = NOW()')
  for (let times = 0; times < 25; times++) await codeOf(use(wrong, 'scim', GUESSING))
  expect(await codeOf(use(key, 'scim', GUESSING))).toBe('too_many_attempts')
})

test('there are not endlessly many', async () => {
  await services.rows(
    `INSERT INTO api_keys (id, hash, name, owner_id, scopes, expires_at)
     SELECT gen_random_uuid(), '', 'many', $1, '{scim}', NOW() + INTERVAL '1 day' FROM generate_series(1, 200)`,
    [adminId],
  )
  expect(await codeOf(create())).toBe('invalid_input')
})

describe('a key that ends', () => {
  // As many as there may be stand from the tests before.
  beforeEach(() => services.rows('DELETE FROM api_keys'))

  const told = async () => {
    await reviewEndingKeys(services)
    return services.rows<{ subject: string; details: { name: string; days: number } }>(
      "SELECT subject, details FROM problems WHERE kind = 'api_key_ending' AND ended_at IS NULL",
    )
  }
  /** Made so long ago, and used until an hour ago. */
  const inUse = async (days: { old: number; left: number }, more: object = {}) => {
    const { id } = await create(more)
    await services.rows(
      `UPDATE api_keys SET created_at = NOW() - make_interval(days => $2),
              expires_at = NOW() + make_interval(days => $3), last_used_at = NOW() - INTERVAL '1 hour'
       WHERE id = $1`,
      [id, days.old, days.left],
    )
    return id
  }

  test('is told of before, and for a week after', async () => {
    const soon = await inUse({ old: 350, left: 10 }, { name: 'Okta' })
    const over = await inUse({ old: 366, left: -1 })
    await inUse({ old: 300, left: 60 })
    await inUse({ old: 400, left: -8 })
    expect((await told()).toSorted((a, b) => b.details.days - a.details.days)).toEqual([
      { subject: soon, details: { name: 'Okta', days: 10 } },
      { subject: over, details: { name: 'Entra', days: 0 } },
    ])
    await services.rows(
      "UPDATE api_keys SET expires_at = NOW() - INTERVAL '60 days' WHERE id = $1",
      [over],
    )
    expect((await told()).map(({ subject }) => subject)).toEqual([soon])
    await rotateApiKey(services, SYSTEM, { keyId: soon, overlapHours: 168, lifetimeDays: 365 })
    expect(await told()).toEqual([])
  })

  test('is not told of where nobody would miss it', async () => {
    await inUse({ old: 1, left: 6 })
    await create({ lifetimeDays: 1 })
    const left = await services.addPerson('supervisor', 'offline')
    await inUse({ old: 350, left: 10 }, { ownerId: left, scopes: ['report.see'] })
    await services.rows('UPDATE users SET is_active = FALSE WHERE id = $1', [left])
    expect(await told()).toEqual([])
  })
})
