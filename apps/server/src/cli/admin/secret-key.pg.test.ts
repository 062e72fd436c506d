import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { createSecrets, type Secrets } from '../../platform/secrets.ts'
import { createBareServices, type BareServices } from '../../testing/bare-services.ts'

const run = promisify(execFile)
const newKey = () => randomBytes(32).toString('base64')
const [old, next, lost] = [newKey(), newKey(), newKey()]
let services: BareServices

beforeAll(async () => {
  services = await createBareServices()
})
afterAll(() => services.database.drop())

async function reseal(keys: string): Promise<Record<string, unknown>[]> {
  const script = new URL('../admin.ts', import.meta.url).pathname
  const { stdout } = await run(process.execPath, [script, 'secret-key', 'reseal', '--json'], {
    env: {
      ...process.env,
      DATABASE_URL: services.database.connectionString,
      PARLEY_SECRET_KEY: keys,
    },
  })
  const lines = stdout.trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** All that is sealed, as whoever has these keys reads it; null where they do not. */
async function readAll(keys: string): Promise<(string | null)[]> {
  const secrets = createSecrets(keys)
  const rows = await services.rows<{ sealed: Buffer; key_id: string }>(`
    SELECT sealed, key_id FROM (
      SELECT 1 AS place, secret AS sealed, key_id FROM second_factors
      UNION ALL SELECT 2, client_secret, key_id FROM identity_providers WHERE client_secret IS NOT NULL
      UNION ALL SELECT 3, credentials_encrypted, key_id FROM integration_configs) all_sealed
    ORDER BY place`)
  return rows.map(({ sealed, key_id }) =>
    secrets.has(key_id) ? secrets.decrypt(sealed, key_id) : null,
  )
}

test('what an earlier key has sealed is sealed with the present one, and the earlier one can go', async () => {
  const seal = (secrets: Secrets, text: string) => [secrets.encrypt(text), secrets.keyId]
  const [before, other] = [createSecrets(old), createSecrets(lost)]
  const person = await services.addPerson('agent', 'offline')
  const another = await services.addPerson('agent', 'offline')
  for (const [id, secrets] of [
    [person, before],
    [another, other],
  ] as const) {
    await services.rows(
      'INSERT INTO second_factors (user_id, secret, key_id) VALUES ($1, $2, $3)',
      [id, ...seal(secrets, 'SEED')],
    )
  }
  const provider = `INSERT INTO identity_providers (id, name, issuer, client_id, client_secret, key_id)
                    VALUES (new_id(), $1, $2, 'parley', $3, $4)`
  await services.rows(provider, ['Entra', 'https://entra.example', ...seal(before, 'client')])
  await services.rows(provider, ['Public', 'https://public.example', null, null])
  await services.rows(
    `INSERT INTO integration_configs (name, type, credentials_encrypted, key_id)
     VALUES ('triage_model', 'api_key', $1, $2)`,
    seal(before, 'model'),
  )
  expect((await readAll(`${old},${lost}`)).toSorted()).toEqual(['SEED', 'SEED', 'client', 'model'])

  const said = [
    { what: 'secondFactors', resealed: 1, unreadable: 1 },
    { what: 'providers', resealed: 1, unreadable: 0 },
    { what: 'integrations', resealed: 1, unreadable: 0 },
  ]
  expect(await reseal(`${next},${old}`)).toEqual(said)
  expect((await readAll(next)).toSorted()).toEqual(['SEED', 'client', 'model', null].toSorted())
  // Once more there is nothing to do, and what nobody can read is as it was.
  expect(await reseal(next)).toEqual(said.map((one) => ({ ...one, resealed: 0 })))
  expect(await readAll(lost)).toContain('SEED')
  const log = await services.rows(
    "SELECT after FROM audit_log WHERE action = 'security.secrets_resealed' ORDER BY seq",
  )
  expect(log[0]).toEqual({
    after: { secondFactors: 1, providers: 1, integrations: 1 },
  })
}, 60_000)

test('whatever else names a key beside what it sealed is known here', async () => {
  const tables = await services.rows<{ table_name: string }>(
    "SELECT table_name FROM information_schema.columns WHERE column_name = 'key_id' ORDER BY table_name",
  )
  expect(tables.map(({ table_name }) => table_name)).toEqual([
    // Sealed for ever as they were, and verified with the key that they name.
    'audit_log',
    'identity_providers',
    'integration_configs',
    'second_factors',
    // They live for ten minutes.
    'sign_on_attempts',
    // Nothing writes it yet.
    'webhook_subscriptions',
  ])
})
