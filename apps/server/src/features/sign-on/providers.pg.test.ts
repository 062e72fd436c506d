import { describe, expect, test } from 'vitest'

import { startIdentityProvider } from '../../testing/identity-provider.ts'
import {
  server,
  provider,
  admin,
  withSignOn,
  settings,
  providerId,
  setUp,
  agent,
} from '../../testing/signing-on.ts'
import { newId } from '../../testing/test-server.ts'

withSignOn()

describe('setting a provider up', () => {
  test('keeps the secret sealed, and tells nobody of it', async () => {
    await setUp()
    const { rows } = await server.database.pool.query<{ text: string }>(
      'SELECT p::text AS text FROM identity_providers p UNION ALL SELECT a::text FROM audit_log a',
    )
    expect(rows.some(({ text }) => text.includes(provider.clientSecret))).toBe(false)
    const listed = await admin.trpc.signOn.providers.query()
    expect(JSON.stringify(listed)).not.toContain(provider.clientSecret)
    expect(listed).toMatchObject({
      callbackUrl: `${server.url}/sso/callback`,
      providers: [{ id: providerId, hasSecret: true }],
    })
  })

  test('of two who change it at once the second is told, and a domain is one provider’s', async () => {
    const { providers } = await admin.trpc.signOn.providers.query()
    const basedOn = providers.find(({ id }) => id === providerId)?.version ?? 0
    const save = () =>
      admin.trpc.signOn.save.mutate({
        id: providerId,
        basedOn,
        settings: settings({ name: 'Other' }),
        clientSecret: null,
      })
    const results = await Promise.allSettled([save(), save()])
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const another = admin.trpc.signOn.save.mutate({
      id: newId(),
      basedOn: null,
      settings: settings({ issuer: 'https://login.example' }),
      clientSecret: null,
    })
    await expect(another).rejects.toMatchObject({
      data: { app: { code: 'taken', details: { what: 'domain' } } },
    })
  })

  test('a mistake shows at once, before it is switched on too', async () => {
    await setUp({ isActive: false })
    const check = () => admin.trpc.signOn.check.mutate({ id: providerId })
    expect(await check()).toEqual({ fault: null })
    provider.lies = { metadata: (own) => ({ ...own, issuer: 'https://login.example' }) }
    expect(await check()).toEqual({ fault: 'other_issuer' })
    await setUp({ issuer: `${provider.issuer}/nothing` })
    expect(await check()).toEqual({ fault: 'not_openid' })
    await setUp({ issuer: 'http://127.0.0.1:9' })
    expect(await check()).toEqual({ fault: 'unreachable' })
    await setUp({ issuer: 'http://login.example' })
    expect(await check()).toEqual({ fault: 'insecure' })
    await setUp()
  })

  test('who signed in by one that is removed signs in again', async () => {
    const id = newId()
    const second = await startIdentityProvider()
    await admin.trpc.signOn.save.mutate({
      id,
      basedOn: null,
      settings: settings({ issuer: second.issuer, domains: ['second.example'] }),
      clientSecret: second.clientSecret,
    })
    const person = await agent()
    const { rows } = await server.database.pool.query<{ id: string }>(
      `WITH device AS (INSERT INTO devices (id, name, platform) VALUES ($1, 'd', 'linux') RETURNING id)
       INSERT INTO sessions (id, user_id, device_id, provider_id, subject)
       SELECT new_id(), $2, id, $3, 's' FROM device RETURNING id`,
      [newId(), person.id, id],
    )
    await admin.trpc.signOn.remove.mutate({ id })
    const ended = await server.database.pool.query<{ end_reason: string }>(
      'SELECT end_reason FROM sessions WHERE id = $1',
      [rows[0]?.id],
    )
    expect(ended.rows).toEqual([{ end_reason: 'provider_ended' }])
    await second.stop()
  })
})
