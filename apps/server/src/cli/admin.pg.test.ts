import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { createTestDatabase, type TestDatabase } from '@parley/database/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
const env = { ...process.env, PARLEY_SECRET_KEY: randomBytes(32).toString('base64') }
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
  expect(invited).toMatchObject({ email: nora, link: expect.stringMatching(/^[\w-]{43}$/) })
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

test('a link names the server where it is known', async () => {
  const { stdout } = await command('./admin.ts', ['people', 'link', 'ada@parley.example'], {
    PUBLIC_URL: 'https://parley.example/',
  })
  expect(stdout).toMatch(/https:\/\/parley\.example\/join#[\w-]{43}/)
}, 60_000)

test('what cannot be done is said in one line, and changes nothing', async () => {
  expect(await refusal('people', 'deactivate', 'ada@parley.example')).toBe('last_admin')
  expect(await refusal('people', 'link', 'nobody@parley.example')).toBe(
    'There is no account for nobody@parley.example',
  )
  const invitation = ['people', 'invite', '--email', 'x@parley.example', '--name', 'X']
  expect(await refusal(...invitation)).toBe('--role is missing')
  expect(await refusal(...invitation, '--role', 'boss')).toMatch(/^role: /)
  expect(await refusal('policy', 'set', '--length', '3')).toMatch(/^passwordMinLength: /)
  expect(await refusal('people', 'fire')).toMatch(/^Usage: /)
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
  expect(await refusal('audit', 'export', '--from', 'yesterday')).toMatch(/^from: /)
  expect(await refusal('audit', 'export', '--action', 'team.eaten')).toBe(
    'There is no action team.eaten',
  )
  const folder = await mkdtemp(join(tmpdir(), 'parley-export-'))
  const file = join(folder, 'copy.ndjson')
  const whole = await command('./admin.ts', ['audit', 'export'])
  const verified = async () => {
    const { code, stdout } = await command('./verify-audit.ts', ['--file', file], {
      DATABASE_URL: '',
    })
    return [code, stdout]
  }
  await writeFile(file, whole.stdout)
  const count = whole.stdout.trimEnd().split('\n').length
  expect(await verified()).toEqual([0, `intact: ${count} entries\n`])
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
  await writeFile(secretFile, 'a client secret\n')
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
  // What is not given stays.
  await admin('sso', 'set', issuer, '--active', 'no')
  expect(await admin('sso', 'list')).toMatchObject([{ name: 'Entra', isActive: false }])
  expect(await refusal('sso', 'set', issuer, '--forced', 'yes', '--active', 'yes')).toBe(
    'required: what "break_glass"',
  )
  expect(await refusal('sso', 'set', issuer, '--forced', 'perhaps')).toContain('yes or no')
  expect(await refusal('sso', 'set', 'http://', '--name', 'x', '--client-id', 'y')).toContain(
    'issuer',
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
})
