import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { createTestDatabase, type TestDatabase } from '@parley/database/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
const env = {
  ...process.env,
  PARLEY_SECRET_KEY: randomBytes(32).toString('base64'),
  PUBLIC_URL: 'https://parley.example/',
}
let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

interface Ended {
  code: number
  stdout: string
  stderr: string
}

async function command(script: string, args: string[], more: object = {}): Promise<Ended> {
  const options = { env: { ...env, DATABASE_URL: database.connectionString, ...more } }
  const file = new URL(script, import.meta.url).pathname
  return run(process.execPath, [file, ...args], options).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: Ended) => ({ code, stdout, stderr }),
  )
}

async function admin(...args: string[]): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await command('./admin.ts', [...args, '--json'])
  if (code !== 0) throw new Error(stderr)
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

const refusal = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await command('./admin.ts', args)
  expect([code, stdout]).toEqual([1, ''])
  return stderr.trim()
}

test('what an administrator does on a screen is done by command, and the log says by what', async () => {
  await command('./create-admin.ts', ['--email', 'ada@parley.example', '--name', 'Ada Pérez'])
  const [team] = await admin('teams', 'create', '--name', 'Cobros y pagos')
  const slug = String(team?.['slug'])
  const nora = 'nora@parley.example'
  const [invited] = await admin(
    'people',
    'invite',
    '--email',
    nora,
    '--name',
    'Nora Villa',
    '--role',
    'agent',
    '--teams',
    `${slug},sales`,
  )
  expect(invited).toMatchObject({
    email: nora,
    link: expect.stringMatching(/^https:\/\/parley\.example\/join#[\w-]{43}$/),
  })
  await admin('people', 'set', nora, '--role', 'team_lead', '--teams', slug)
  expect(await admin('people', 'list', '--text', 'nora')).toEqual([
    {
      name: 'Nora Villa',
      email: nora,
      role: 'team_lead',
      teams: [slug],
      state: 'invited',
      lastSeenAt: null,
    },
  ])
  await admin('people', 'deactivate', nora)
  await admin('teams', 'deactivate', slug)
  expect((await admin('teams', 'list')).find((one) => one['slug'] === slug)).toMatchObject({
    isActive: false,
  })
  const [policy] = await admin(
    'policy',
    'set',
    '--length',
    '15',
    '--second-factor',
    'admin,supervisor',
  )
  expect(policy).toMatchObject({
    passwordMinLength: 15,
    secondFactorRoles: ['admin', 'supervisor'],
    sessionIdleMinutes: 10_080,
  })
  expect(await admin('sessions', 'list')).toEqual([])
  expect((await admin('roles', 'list')).find((one) => one['permission'] === 'audit.read')).toEqual({
    permission: 'audit.read',
    agent: 'none',
    team_lead: 'none',
    supervisor: 'none',
    admin: 'all',
  })
  const { rows } = await database.pool.query(
    'SELECT actor_kind, action FROM audit_log ORDER BY seq',
  )
  expect(rows.map(({ action }) => action)).toEqual([
    'person.invited',
    'team.created',
    'person.invited',
    'person.link_made',
    'person.role_changed',
    'person.teams_changed',
    'person.deactivated',
    'team.deactivated',
    'security.policy_changed',
  ])
  expect(new Set(rows.map(({ actor_kind }) => actor_kind))).toEqual(new Set(['command_line']))
}, 120_000)

test('keys are made, renewed and revoked by command, and shown once', async () => {
  const owner = ['--owner', 'ada@parley.example']
  const [made] = await admin(
    'scim-token',
    'create',
    '--name',
    'Entra',
    ...owner,
    '--from',
    '203.0.113.0/24',
  )
  expect(made).toMatchObject({ key: expect.stringMatching(/^parley_live_[0-9a-f]{32}_[\w-]{43}$/) })
  await admin(
    'api-key',
    'create',
    '--name',
    'Reportes',
    ...owner,
    '--scopes',
    'report.see,directory.see',
    '--days',
    '30',
  )
  expect(await admin('scim-token', 'list')).toEqual([
    {
      id: made?.['id'],
      name: 'Entra',
      owner: 'Ada Pérez',
      scopes: ['scim'],
      allowedAddresses: ['203.0.113.0/24'],
      expiresAt: made?.['expiresAt'],
      lastUsedAt: null,
    },
  ])
  const [next] = await admin('scim-token', 'rotate', String(made?.['id']), '--overlap', '0')
  expect(await admin('api-key', 'list')).toHaveLength(3)
  await admin('api-key', 'revoke', String(next?.['id']))
  expect((await admin('api-key', 'list')).map(({ name }) => name).toSorted()).toEqual([
    'Entra',
    'Reportes',
  ])
  expect(await refusal('api-key', 'create', '--name', 'X', ...owner)).toBe('--scopes is missing')
  expect(
    await refusal('api-key', 'create', '--name', 'X', ...owner, '--scopes', 'account.manage'),
  ).toMatch(/^--scopes/)
  expect(await refusal('scim-token', 'create', '--name', 'X', ...owner, '--days', '731')).toMatch(
    /^--days/,
  )
}, 120_000)

test('a link that no workstation would take is not made, and nobody is invited', async () => {
  const invitation = ['--email', 'y@parley.example', '--name', 'Y', '--role', 'agent']
  const args = ['people', 'invite', ...invitation]
  const { code, stderr } = await command('./admin.ts', args, { PUBLIC_URL: '' })
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^Set PUBLIC_URL to the address /)])
  const [made] = await admin('people', 'link', 'ada@parley.example')
  expect(made?.['link']).toMatch(/^https:\/\/parley\.example\/join#/)
  const { rows } = await database.pool.query(`SELECT 1 FROM users WHERE email = 'y@parley.example'`)
  expect(rows).toEqual([])
}, 60_000)

test('a key that is not there is said, and none is made in its place', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-no-key-'))
  const file = join(folder, 'copy.ndjson')
  await writeFile(file, '')
  const without = { PARLEY_SECRET_KEY: '', DATABASE_URL: '', PARLEY_DATA_DIR: folder }
  const { code, stderr } = await command('./verify-audit.ts', ['--file', file], without)
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^Set PARLEY_SECRET_KEY to what /)])
  expect(await readdir(folder)).toEqual(['copy.ndjson'])
  await rm(folder, { recursive: true })
}, 60_000)

test('who is wrong is told what, and what the command takes', async () => {
  expect(await refusal('person', 'list')).toMatch(
    /^There is no subject person\n {2}subjects: people,/,
  )
  expect(await refusal('people', 'fire')).toMatch(
    /^There is no command people fire\n {2}people list /,
  )
  expect(await refusal('people', 'deactivate')).toBe('EMAIL is missing\n  people deactivate EMAIL')
  expect(await refusal('people', 'link', 'a@x.example', 'b@x.example')).toMatch(
    /^Too many words: b@x\.example\n/,
  )
  expect(await refusal('people', 'list', '--bad')).toMatch(/^Unknown option '--bad'\n/)
  // Of another command: without a word it would be as if it had been heeded.
  expect(await refusal('people', 'deactivate', 'a@x.example', '--role', 'agent')).toMatch(
    /^people deactivate takes no --role\n/,
  )
  expect(await refusal()).toMatch(/^Usage: /)
}, 120_000)

test('settings are shown with the option that changes them, and no reader has to stay to the end', async () => {
  const { stdout } = await command('./admin.ts', ['policy', 'show'])
  expect(stdout).toMatch(
    /^--idle {2}\d+\n--lifetime {2}\d+\n--length {2}\d+\n--second-factor {2}\S+\n$/,
  )
  const file = new URL('./admin.ts', import.meta.url).pathname
  const { stderr } = await run('sh', ['-c', `${process.execPath} ${file} roles list | head -n 1`], {
    env: { ...env, DATABASE_URL: database.connectionString },
  })
  expect(stderr).toBe('')
}, 60_000)

test('what cannot be done is said in one line, and changes nothing', async () => {
  expect(await refusal('people', 'deactivate', 'ada@parley.example')).toBe(
    'Nobody would be left who administers: make somebody else an administrator first',
  )
  expect(await refusal('people', 'remove-second-factor', 'ada@parley.example')).toBe(
    'They have no second factor',
  )
  expect(await refusal('people', 'set', 'ada@parley.example')).toMatch(/^Nothing to change: /)
  expect(await refusal('people', 'link', 'nobody@parley.example')).toBe(
    'There is no account for nobody@parley.example',
  )
  const invitation = ['people', 'invite', '--email', 'x@parley.example', '--name', 'X']
  expect(await refusal(...invitation)).toBe('--role is missing')
  expect(await refusal(...invitation, '--role', 'boss')).toMatch(/^--role: /)
  expect(await refusal('policy', 'set', '--length', '3')).toMatch(/^--length: /)
  const { rows } = await database.pool.query(`SELECT 1 FROM users WHERE email = 'x@parley.example'`)
  expect(rows).toEqual([])
}, 120_000)

test('the log is taken out by command, and a copy is verified without a database', async () => {
  const lines = await admin('audit', 'export', '--action', 'team.,person.link_made')
  expect(lines.map(({ action }) => action)).toEqual([
    'person.link_made',
    'team.deactivated',
    'person.link_made',
    'team.created',
  ])
  expect(await admin('audit', 'export', '--from', '2100-01-01')).toEqual([])
  const ada = await admin('audit', 'export', '--text', 'Ada', '--to', '2100-01-01T00:00:00Z')
  expect(ada.map(({ action }) => action)).toEqual(['person.link_made', 'person.invited'])
  expect(await refusal('audit', 'export', '--from', 'yesterday')).toMatch(/^--from: /)
  expect(await refusal('audit', 'export', '--action', 'team.eaten')).toBe(
    'There is no action team.eaten',
  )
  const folder = await mkdtemp(join(tmpdir(), 'parley-export-'))
  const file = join(folder, 'copy.ndjson')
  const whole = await command('./admin.ts', ['audit', 'export'])
  const verified = async (...more: string[]) => {
    const { code, stdout } = await command('./verify-audit.ts', ['--file', file, ...more], {
      DATABASE_URL: '',
    })
    return [code, stdout]
  }
  await writeFile(file, whole.stdout)
  const count = whole.stdout.trimEnd().split('\n').length
  expect(await verified('--whole')).toEqual([0, `intact: ${count} entries\n`])
  await writeFile(file, whole.stdout.split('\n').toSpliced(2, 1).join('\n'))
  const holed = `intact: ${count - 1} entries, with others left out between them\n`
  expect(await verified()).toEqual([0, holed])
  expect(await verified('--whole')).toEqual([1, holed])
  await writeFile(file, whole.stdout.replace('Cobros y pagos', 'Cobros y regalos'))
  expect(await verified()).toEqual([1, expect.stringMatching(/line \d+ \(altered\)/)])
  await rm(folder, { recursive: true })
  expect((await verified())[0]).toBe(1)
}, 120_000)

test('the log is verified by command, too', async () => {
  const intact = await command('./verify-audit.ts', [])
  expect(intact).toMatchObject({ code: 0, stderr: '' })
  const head = /head ([0-9a-f]{64})/.exec(intact.stdout)?.[1] as string
  expect((await command('./verify-audit.ts', ['--head', head])).code).toBe(0)
  const other = { PARLEY_SECRET_KEY: randomBytes(32).toString('base64') }
  const byOther = await command('./verify-audit.ts', ['--json'], other)
  expect([byOther.code, JSON.parse(byOther.stdout)]).toEqual([
    1,
    { isIntact: false, seq: 1, problem: 'other_key' },
  ])
  await database.pool.query('ALTER TABLE audit_log DISABLE TRIGGER USER')
  await database.pool.query(`UPDATE audit_log SET action = 'team.changed' WHERE seq = 2`)
  const altered = await command('./verify-audit.ts', [])
  expect(altered).toMatchObject({ code: 1, stdout: 'not as it was written: entry 2 (altered)\n' })
}, 120_000)

test('single sign-on is set up by command, and its secret is nobody’s to read', async () => {
  const issuer = 'https://login.example/tenant'
  const secretFile = join(await mkdtemp(join(tmpdir(), 'parley-')), 'secret')
  await writeFile(secretFile, 'a client secret\r\n')
  const settings = ['--name', 'Entra', '--client-id', 'parley', '--domains', 'parley.example']
  await admin('sso', 'set', issuer, ...settings, '--client-secret-file', secretFile)
  expect(await admin('sso', 'list')).toEqual([
    {
      issuer,
      name: 'Entra',
      domains: ['parley.example'],
      isActive: true,
      isForced: false,
      people: 0,
    },
  ])
  // The line without its end, as Windows writes it too: sealed with a nonce of 12 bytes and a tag of 16.
  const sealed = await database.pool.query<{ bytes: number }>(
    'SELECT octet_length(client_secret) AS bytes FROM identity_providers',
  )
  expect(sealed.rows).toEqual([{ bytes: 'a client secret'.length + 28 }])
  // What is not given stays.
  await admin('sso', 'set', issuer, '--active', 'no')
  expect(await admin('sso', 'list')).toMatchObject([{ name: 'Entra', isActive: false }])
  expect(await refusal('sso', 'set', issuer, '--forced', 'yes', '--active', 'yes')).toBe(
    'Choose an emergency account first (npm run admin -- sso break-glass EMAIL)',
  )
  expect(await refusal('sso', 'set', issuer, '--forced', 'perhaps')).toContain('yes or no')
  expect(await refusal('sso', 'set', 'http://', '--name', 'x', '--client-id', 'y')).toContain(
    'ISSUER',
  )
  expect(await refusal('sso', 'check', 'https://other.example')).toContain('no provider')
  await admin('sso', 'map', 'Leads', '--role', 'team_lead')
  await admin('sso', 'map', 'LEADS', '--role', 'supervisor')
  expect(await admin('sso', 'groups')).toEqual([{ group: 'LEADS', role: 'supervisor', team: null }])
  await admin('sso', 'map', 'leads')
  expect(await admin('sso', 'groups')).toEqual([])
  await admin('sso', 'remove', issuer)
  expect(await admin('sso', 'list')).toEqual([])
  const { rows } = await database.pool.query<{ action: string; row: string }>(
    "SELECT action, a::text AS row FROM audit_log a WHERE action LIKE 'sign_on.%' ORDER BY seq",
  )
  expect(rows.map(({ action }) => action)).toEqual([
    'sign_on.provider_created',
    'sign_on.provider_changed',
    'sign_on.provider_removed',
  ])
  expect(rows.some(({ row }) => row.includes('a client secret'))).toBe(false)
}, 120_000)
