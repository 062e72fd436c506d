import { randomUUID } from 'node:crypto'
import { type ServerResponse } from 'node:http'

import { beforeEach, describe, expect, test } from 'vitest'

import { codeOf } from '../../testing/conversations.ts'
import { startIdentityProvider } from '../../testing/identity-provider.ts'
import {
  server,
  provider,
  admin,
  withSignOn,
  anonymous,
  settings,
  providerId,
  setUp,
  waiting,
  challengeOf,
  Browser,
  useTicket,
  arrive,
  actionsAbout,
  signedInThere,
  agent,
} from '../../testing/signing-on.ts'
import { newId } from '../../testing/test-server.ts'

withSignOn()

describe('what an attacker tried', () => {
  beforeEach(() => setUp())

  test('a provider that becomes another one does not say who the people of the first one are', async () => {
    const person = await agent()
    const sub = signedInThere(person)
    const client = await arrive()
    const waits = waiting()
    const { ticket } = await new Browser().signOn(waits)
    const second = await startIdentityProvider()
    await setUp({ issuer: second.issuer })
    expect(await codeOf(client.trpc.session.me.query())).toBe('session_ended')
    expect(await codeOf(useTicket(ticket, waits))).toBe('sign_on_failed')
    second.person = { sub, email: (await agent()).email, email_verified: true }
    const { location } = await new Browser().get(await new Browser().passProvider(waits))
    expect(location).toBeNull()
    const other = await arrive()
    expect(other.userId).not.toBe(person.id)
    client.close()
    other.close()
    await setUp()
    await second.stop()
  })

  test('a provider that was changed while it was asked has said nothing', async () => {
    const person = await agent()
    signedInThere(person)
    const browser = new Browser()
    const back = await browser.passProvider(waiting())
    let changed: Promise<void> | undefined
    provider.lies = {
      claims: (claims) => {
        changed = setUp({ name: 'Another' })
        return claims
      },
      sign: async (claims) => {
        await changed
        return provider.logoutToken({ ...claims, events: undefined })
      },
    }
    expect((await browser.get(back)).location?.searchParams.get('problem')).toBe('over')
    expect(await actionsAbout(person.id)).toEqual([])
  })

  test('a subject that two browsers bring at once is one person, by whatever address', async () => {
    const [person, other] = [await agent(), await agent()]
    const sub = signedInThere(other)
    const browser = new Browser()
    const back = await browser.passProvider(waiting())
    const blocker = await server.database.pool.connect()
    await blocker.query('BEGIN')
    await blocker.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 29))', [other.email])
    const second = browser.get(back)
    for (;;) {
      const { rowCount } = await server.database.pool.query(
        "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted",
      )
      if (rowCount === 1) break
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    signedInThere(person, sub)
    const client = await arrive()
    expect(client.userId).toBe(person.id)
    await blocker.query('COMMIT')
    blocker.release()
    expect((await second).location?.searchParams.get('problem')).toBe('linked_otherwise')
    client.close()
  })

  test('a provider that is removed while somebody’s rights are looked at lets nobody in', async () => {
    const id = newId()
    const second = await startIdentityProvider()
    await admin.trpc.signOn.save.mutate({
      id,
      basedOn: null,
      settings: settings({
        issuer: second.issuer,
        domains: ['second.example'],
        createsPeople: true,
        groupsClaim: 'groups',
      }),
      clientSecret: second.clientSecret,
    })
    const email = `${randomUUID()}@second.example`
    second.person = { sub: randomUUID(), email, email_verified: true, groups: [] }
    const browser = new Browser()
    const { location } = await browser.get(await browser.leave(waiting(), id))
    const blocker = await server.database.pool.connect()
    await blocker.query('BEGIN')
    await blocker.query('SELECT 1 FROM group_mapping_list FOR UPDATE')
    const coming = browser.get(location as URL)
    for (;;) {
      const { rowCount } = await server.database.pool.query(
        'SELECT 1 FROM users WHERE email = $1',
        [email],
      )
      if (rowCount === 1) break
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    await admin.trpc.signOn.remove.mutate({ id })
    await blocker.query('COMMIT')
    blocker.release()
    expect((await coming).location?.searchParams.get('problem')).toBe('over')
    await second.stop()
  })

  test.each([
    ['a subject', { sub: 'a\u0000b' }],
    ['a session', { sid: 'a\u0000b' }],
    ['a time', { iat: 1e300 }],
  ])(
    '%s that no database holds is not valid, and whoever waits is told',
    async (_name, changes) => {
      signedInThere(await agent())
      provider.lies = { claims: (claims) => ({ ...claims, ...changes }) }
      expect(await new Browser().signOn(waiting())).toMatchObject({ problem: 'not_valid' })
    },
  )

  test.each([
    ['no place to sign in', { authorization_endpoint: undefined }],
    ['no keys', { jwks_uri: undefined }],
  ])(
    'a provider that names %s shows so at once, and to a person in words',
    async (_name, changes) => {
      provider.lies = { metadata: (own) => ({ ...own, ...changes }) }
      await setUp()
      expect(await admin.trpc.signOn.check.mutate({ id: providerId })).toEqual({
        fault: 'not_openid',
      })
      await expect(new Browser().leave(waiting())).rejects.toThrow('Espera un momento')
    },
  )

  test('an answer without an end is not read on', async () => {
    signedInThere(await agent())
    let sentBytes = 0
    const part = 'x'.repeat(64 * 1024)
    provider.lies = {
      token(response) {
        response.writeHead(200, { 'content-type': 'application/json' })
        const send = (): void => {
          do sentBytes += part.length
          while (!response.destroyed && response.write(part))
        }
        response.on('drain', send)
        send()
      },
    }
    expect(await new Browser().signOn(waiting())).toMatchObject({ problem: 'not_valid' })
    // What is read, and what the two ends hold of a line between them.
    expect(sentBytes).toBeLessThan(32 * 1024 * 1024)
  })

  test('another page begins no sign-in, and ends none', async () => {
    signedInThere(await agent())
    const browser = new Browser()
    const back = await browser.passProvider(waiting())
    const kept = browser.cookie
    const start = new URL('/sso/start', server.url)
    start.search = new URLSearchParams({
      provider: providerId,
      challenge: challengeOf(waiting()),
      port: '45123',
    }).toString()
    const led = await fetch(start, {
      redirect: 'manual',
      headers: { 'sec-fetch-site': 'cross-site', cookie: kept },
    })
    expect([led.status, led.headers.get('set-cookie')]).toEqual([400, null])
    const bogus = await fetch(new URL('/sso/callback?state=bogus', server.url), {
      redirect: 'manual',
      headers: { 'sec-fetch-site': 'cross-site', cookie: kept },
    })
    expect([bogus.status, bogus.headers.get('set-cookie')]).toEqual([400, null])
    expect((await browser.get(back)).location?.searchParams.has('ticket')).toBe(true)
  })

  test('a provider that does not answer keeps nobody else waiting', async () => {
    signedInThere(await agent())
    const held: ServerResponse[] = []
    const enough = Promise.withResolvers<void>()
    // As many as strangers of one address may have under way.
    const browsers = Array.from({ length: 8 }, () => new Browser())
    const backs = await Promise.all(browsers.map((browser) => browser.passProvider(waiting())))
    provider.lies = {
      token: (response) => {
        if (held.push(response) === browsers.length) enough.resolve()
      },
    }
    const coming = browsers.map((browser, at) => browser.get(backs[at] as URL))
    await enough.promise
    const startedMs = performance.now()
    expect(await anonymous().signOn.options.query()).toHaveLength(1)
    // The provider is given ten seconds.
    expect(performance.now() - startedMs).toBeLessThan(5_000)
    for (const response of held) response.destroy()
    for (const { location } of await Promise.all(coming)) {
      expect(location?.searchParams.get('problem')).toBe('provider_unavailable')
    }
  })

  test('whoever waits is told, too, where the database is gone in the middle', async () => {
    signedInThere(await agent())
    const browser = new Browser()
    const back = await browser.passProvider(waiting())
    await server.database.pool.query(`
      CREATE FUNCTION gone() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE 'gone' USING ERRCODE = 'cannot_connect_now'; END $$;
      CREATE TRIGGER gone BEFORE INSERT ON sign_on_tickets FOR EACH ROW EXECUTE FUNCTION gone();
      CREATE TRIGGER gone BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION gone()`)
    const { location } = await browser.get(back)
    await server.database.pool.query('DROP FUNCTION gone CASCADE')
    expect(location?.searchParams.get('problem')).toBe('try_later')
  })
})
