import { PROTOCOL_VERSION } from '@parley/contracts'
import { createTRPCClient, httpLink } from '@trpc/client'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { codeOf } from '../../testing/conversations.ts'
import {
  newId,
  PASSWORD,
  startTestServer,
  type TestPerson,
  type TestServer,
} from '../../testing/test-server.ts'
import { type AppRouter } from '../../trpc/router.ts'

/** Behind a reverse proxy everybody has an address of their own: who guesses stands in nobody else's way. */

let server: TestServer

beforeAll(async () => {
  server = await startTestServer({}, undefined, { env: { TRUSTED_PROXIES: '127.0.0.1, ::1' } })
})
afterAll(() => server.stop())
beforeEach(() => server.database.pool.query('DELETE FROM sign_in_attempts'))

const person = (): Promise<TestPerson> => server.addPerson({ role: 'agent', teamIds: [] })

function signIn(
  from: string,
  { email }: TestPerson,
  { password = PASSWORD, deviceId = newId(), deviceSecret = null as string | null } = {},
) {
  const url = `${server.url}/trpc`
  const links = [httpLink({ url, headers: { 'x-forwarded-for': from } })]
  return createTRPCClient<AppRouter>({ links }).session.signIn.mutate({
    email,
    password,
    device: { id: deviceId, name: 'test', platform: 'linux' },
    protocolVersion: PROTOCOL_VERSION,
    deviceSecret,
    code: null,
  })
}

async function guess(from: string, victim: TestPerson, times: number): Promise<void> {
  for (let n = 0; n < times; n++) {
    expect(await codeOf(signIn(from, victim, { password: 'wrong' }))).toBe('unauthenticated')
  }
}

test('a hundred wrong passwords of one address are no matter of the next one’s', async () => {
  for (let n = 0; n < 20; n++) await guess('198.51.100.1', await person(), 5)
  const ana = await person()
  expect(await codeOf(signIn('198.51.100.1', ana))).toBe('too_many_attempts')
  expect(await codeOf(signIn('198.51.100.2', ana))).toBe('no failure')
})

test('nobody is locked out by who guesses at their account elsewhere, on a new device either', async () => {
  const ana = await person()
  await guess('198.51.100.1', ana, 8)
  expect(await codeOf(signIn('198.51.100.1', ana))).toBe('too_many_attempts')
  expect(await codeOf(signIn('198.51.100.2', ana))).toBe('no failure')
})

test('who guesses from many addresses is stopped as well, and the person on their own device is not', async () => {
  const ana = await person()
  const deviceId = newId()
  const { deviceSecret } = await signIn('203.0.113.1', ana, { deviceId })
  for (let n = 1; n <= 5; n++) await guess(`198.51.100.${n}`, ana, 8)
  expect(await codeOf(signIn('198.51.100.6', ana))).toBe('too_many_attempts')
  expect(await codeOf(signIn('203.0.113.1', ana, { deviceId, deviceSecret }))).toBe('no failure')
})

test('who has a network of IPv6 addresses has one guesser’s share', async () => {
  const ana = await person()
  for (let n = 1; n <= 8; n++) await guess(`2001:db8:1:2::${n}`, ana, 1)
  expect(await codeOf(signIn('2001:db8:1:2:ffff::9', ana))).toBe('too_many_attempts')
  expect(await codeOf(signIn('2001:db8:1:3::1', ana))).toBe('no failure')
})
