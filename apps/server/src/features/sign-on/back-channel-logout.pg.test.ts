import { beforeEach, describe, expect, test } from 'vitest'

import { codeOf } from '../../testing/conversations.ts'
import { FORGED } from '../../testing/identity-provider.ts'
import {
  server,
  provider,
  withSignOn,
  setUp,
  waiting,
  Browser,
  useTicket,
  arrive,
  signedInThere,
  agent,
} from '../../testing/signing-on.ts'
import { connect, type TestClient } from '../../testing/test-server.ts'

withSignOn()

describe('a provider that says somebody signed out there', () => {
  beforeEach(() => setUp())

  const tell = async (token: string): Promise<number> => {
    const response = await fetch(new URL('/sso/backchannel-logout', server.url), {
      method: 'POST',
      body: new URLSearchParams({ logout_token: token }),
    })
    return response.status
  }
  const lives = async ({ sessionId }: TestClient): Promise<boolean> => {
    const { rows } = await server.database.pool.query<{ end_reason: string | null }>(
      'SELECT end_reason FROM sessions WHERE id = $1',
      [sessionId],
    )
    expect([null, 'provider_ended']).toContain(rows[0]?.end_reason)
    return rows[0]?.end_reason === null
  }

  test('ends what hangs on that session of its own, within two seconds and on another process too', async () => {
    const another = await server.startAnother()
    const person = await agent()
    const sub = signedInThere(person)
    const client = await arrive()
    const far = connect(another.url, client.accessToken, client.sessionId)
    provider.person['sid'] = 'another session'
    const arrivingMs = performance.now()
    const other = await arrive()
    // What this machine takes for a sign-on, which says how loaded it is.
    const arrivalMs = performance.now() - arrivingMs
    const { cursor } = await far.trpc.sync.bootstrap.query({ page: null })
    const ended = new Promise<string>((resolve) => {
      far.trpc.sync.feed.subscribe(
        { cursor: cursor as string },
        { onError: (error) => resolve((error.data as { app: { code: string } }).app.code) },
      )
    })
    const startedMs = performance.now()
    expect(await tell(await provider.logoutToken({ sub, sid: `session of ${sub}` }))).toBe(200)
    expect(await ended).toBe('session_ended')
    expect(performance.now() - startedMs).toBeLessThan(2_000 + 2 * arrivalMs)
    expect(await lives(client)).toBe(false)
    expect(await lives(other)).toBe(true)
    for (const one of [client, far, other]) one.close()
    await another.stop()
  })

  test('ends all of a subject’s, once, and nobody else’s', async () => {
    const sub = signedInThere(await agent())
    const first = await arrive()
    const token = await provider.logoutToken({ sub })
    signedInThere(await agent())
    const stranger = await arrive()
    expect(await tell(token)).toBe(200)
    expect(await lives(first)).toBe(false)
    expect(await lives(stranger)).toBe(true)
    // Somebody who kept it cannot throw them out again.
    provider.person = { ...provider.person, sub, sid: 'later' }
    await server.database.pool.query(
      "UPDATE provider_logouts SET said_at = said_at - INTERVAL '1 minute'",
    )
    const again = await arrive()
    expect(await tell(token)).toBe(200)
    expect(await lives(again)).toBe(true)
    for (const one of [first, stranger, again]) one.close()
  })

  test('ends what is under way', async () => {
    const sub = signedInThere(await agent())
    const waits = waiting()
    const { ticket } = await new Browser().signOn(waits)
    expect(await tell(await provider.logoutToken({ sub }))).toBe(200)
    expect(await codeOf(useTicket(ticket, waits))).toBe('sign_on_failed')
  })

  const FALSE: [string, () => Promise<string>][] = [
    ['nothing', async () => ''],
    ['junk', async () => 'x.y.z'],
    ['for another client', () => provider.logoutToken({ aud: 'another' })],
    ['of an unknown provider', () => provider.logoutToken({ iss: 'https://login.example' })],
    ['by nobody', () => provider.logoutToken({}, { sign: FORGED.unsigned })],
    ['by another key', () => provider.logoutToken({}, { sign: FORGED.byAnotherKey })],
    [
      'by our shared secret',
      () => provider.logoutToken({}, { sign: FORGED.bySecret(provider.clientSecret) }),
    ],
    ['about nobody', () => provider.logoutToken({ sub: '' })],
    ['without an id', () => provider.logoutToken({ jti: '' })],
    ['with a nonce, as an ID token has', () => provider.logoutToken({ nonce: 'n' })],
    ['without the event', () => provider.logoutToken({ events: {} })],
    [
      'of yesterday',
      () =>
        provider.logoutToken({
          iat: Math.floor(Date.now() / 1000) - 86_400,
          exp: Math.floor(Date.now() / 1000) + 60,
        }),
    ],
    ['of tomorrow', () => provider.logoutToken({ iat: Math.floor(Date.now() / 1000) + 86_400 })],
  ]
  test.each(FALSE)('is not believed %s', async (_name, make) => {
    signedInThere(await agent())
    const client = await arrive()
    expect(await tell(await make())).toBe(400)
    expect(await lives(client)).toBe(true)
    client.close()
  })

  test.each(['sub', 'sid', 'jti'])(
    'a logout with a %s that no database holds is none',
    async (name) => {
      expect(await tell(await provider.logoutToken({ [name]: 'a\u0000b' }))).toBe(400)
    },
  )

  test.each([
    ['itself', { issuer: 'https://login.example' }],
    ['its keys', { jwks_uri: 'http://127.0.0.1:9/jwks' }],
    ['its keys, which are none', { jwks_uri: 'http://127.0.0.1:1/nothing' }],
  ])(
    'a logout is asked for again while the provider does not answer for %s',
    async (_name, changes) => {
      const sub = signedInThere(await agent())
      const client = await arrive()
      const token = await provider.logoutToken({ sub })
      provider.lies = { metadata: (own) => ({ ...own, ...changes }) }
      await setUp()
      expect(await tell(token)).toBe(503)
      provider.behave()
      await setUp()
      expect(await tell(token)).toBe(200)
      expect(await codeOf(client.trpc.session.me.query())).toBe('session_ended')
      client.close()
    },
  )

  test('a provider that is switched off still says who signed out', async () => {
    const sub = signedInThere(await agent())
    const client = await arrive()
    await setUp({ isActive: false })
    expect(await tell(await provider.logoutToken({ sub }))).toBe(200)
    expect(await codeOf(client.trpc.session.me.query())).toBe('session_ended')
    client.close()
  })
})
