import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { assertSchemaCompatible, migrate, MIGRATION_LOCK_KEY, readSchemaState } from './migrate.ts'
import { MIGRATIONS_FOLDER, readMigrations } from './migration-files.ts'
import { createTestDatabase, type TestDatabase } from './testing.ts'
import { runScript } from './testing-processes.ts'

let database: TestDatabase
let folder: string

beforeEach(async () => {
  database = await createTestDatabase({ empty: true })
  folder = await mkdtemp(join(tmpdir(), 'parley-migrations-'))
})

afterEach(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})

async function write(name: string, sql: string): Promise<void> {
  await writeFile(join(folder, name), sql)
}

async function tableExists(name: string): Promise<boolean> {
  const { rows } = await database.pool.query<{ exists: boolean }>(
    'SELECT to_regclass($1) IS NOT NULL AS exists',
    [name],
  )
  return rows[0]?.exists === true
}

describe('migrating', () => {
  it('applies every file once, whatever number of calls and processes run at the same time', async () => {
    const files = (await readdir(MIGRATIONS_FOLDER)).filter((name) => name.endsWith('.sql'))
    const env = { DATABASE_URL: database.connectionString }
    const [calls, processes] = await Promise.all([
      Promise.all(Array.from({ length: 5 }, () => migrate(database.connectionString))),
      Promise.all(Array.from({ length: 3 }, () => runScript('./cli/migrate.ts', [], env))),
    ])
    const byCalls = calls.flatMap(({ applied }) => applied)
    const byProcesses = processes.flatMap(({ stdout }) =>
      [...stdout.matchAll(/^Applying (.*)$/gm)].map((match) => match[1]),
    )
    expect([...byCalls, ...byProcesses].toSorted()).toEqual(files.toSorted())
    expect(processes.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      Array.from({ length: 3 }, () => ({ code: 0, stderr: '' })),
    )
    expect(new Set(calls.map(({ schemaVersion }) => schemaVersion))).toEqual(
      new Set([files.length]),
    )
    const { rows } = await database.pool.query('SELECT count(*)::int AS count FROM teams')
    expect(rows).toEqual([{ count: 3 }])
  })

  it('installs the job queue and makes a server at home', async () => {
    await migrate(database.connectionString)
    expect(await tableExists('graphile_worker._private_jobs')).toBe(true)
    await expect(assertSchemaCompatible(database.pool)).resolves.toMatchObject({
      schemaVersion: (await readMigrations()).length,
    })
  })

  it('waits for one that is running and says so', async () => {
    await write('0001_a.sql', 'CREATE TABLE a ();')
    const holder = await database.pool.connect()
    await holder.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK_KEY])
    const lines: string[] = []
    const waiting = migrate(database.connectionString, {
      folder,
      onProgress: (line) => lines.push(line),
    })
    while (lines.length === 0) await sleep(5)
    expect(await tableExists('a')).toBe(false)
    await holder.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK_KEY])
    holder.release()
    await expect(waiting).resolves.toMatchObject({ applied: ['0001_a.sql'] })
    expect(lines[0]).toBe('Waiting for another migration, backup or restore of this database')
  })

  it('undoes a file that fails, keeps those before it, and names the line', async () => {
    await write('0001_a.sql', 'CREATE TABLE a ();')
    await write('0002_b.sql', 'CREATE TABLE b ();\n\nINSERT INTO nowhere VALUES (1);\n')
    await expect(migrate(database.connectionString, { folder })).rejects.toMatchObject({
      code: 'migration-failed',
      message: 'Migration 0002_b.sql, line 3 failed: relation "nowhere" does not exist',
    })
    expect([await tableExists('a'), await tableExists('b')]).toEqual([true, false])
    await expect(readSchemaState(database.pool)).resolves.toMatchObject({ schemaVersion: 1 })
    await write('0002_b.sql', 'CREATE TABLE b ();')
    await expect(migrate(database.connectionString, { folder })).resolves.toMatchObject({
      applied: ['0002_b.sql'],
    })
  })

  it('tells why when the connection is lost half-way', async () => {
    await write('0001_a.sql', 'CREATE TABLE a (); SELECT pg_terminate_backend(pg_backend_pid());')
    await expect(migrate(database.connectionString, { folder })).rejects.toMatchObject({
      code: 'migration-failed',
      message: expect.stringMatching(
        /^Migration 0001_a\.sql failed: (terminating connection|Connection terminated)/,
      ),
    })
    expect(await tableExists('a')).toBe(false)
  })

  it('refuses an applied file whose content changed', async () => {
    await write('0001_a.sql', 'CREATE TABLE a ();')
    await migrate(database.connectionString, { folder })
    await write('0001_a.sql', 'CREATE TABLE a (b INT);')
    const changed = { code: 'migration-changed', message: expect.stringContaining('0001_a.sql') }
    await expect(migrate(database.connectionString, { folder })).rejects.toMatchObject(changed)
    await expect(assertSchemaCompatible(database.pool, { folder })).rejects.toMatchObject(changed)
  })

  it('creates an index concurrently while another migration waits for it', async () => {
    await write('0001_a.sql', 'CREATE TABLE a (b INT, c INT);')
    await write(
      '0002_index.sql',
      `-- parley: no-transaction
CREATE INDEX CONCURRENTLY a_b ON a(b);
-- next statement
CREATE INDEX CONCURRENTLY a_c ON a(c);
`,
    )
    // Two that wait in pg_advisory_lock() would deadlock with the index; they poll instead.
    const results = await Promise.all(
      Array.from({ length: 4 }, () => migrate(database.connectionString, { folder })),
    )
    expect(results.flatMap(({ applied }) => applied).toSorted()).toEqual([
      '0001_a.sql',
      '0002_index.sql',
    ])
    expect([await tableExists('a_b'), await tableExists('a_c')]).toEqual([true, true])
  })

  it('is not misled by settings of the role', async () => {
    await database.pool.query(`CREATE SCHEMA elsewhere`)
    await database.pool.query(`ALTER DATABASE ${database.name} SET search_path = elsewhere`)
    await database.pool.query(`ALTER DATABASE ${database.name} SET statement_timeout = '50ms'`)
    await write('0001_a.sql', 'CREATE TABLE a (); SELECT pg_sleep(0.2);')
    await migrate(database.connectionString, { folder })
    expect(await tableExists('public.a')).toBe(true)
  })
})

describe('old and new side by side', () => {
  let newer: string

  beforeEach(async () => {
    newer = await mkdtemp(join(tmpdir(), 'parley-migrations-newer-'))
    await write('0001_a.sql', 'CREATE TABLE a ();')
    await cp(folder, newer, { recursive: true })
  })

  afterEach(async () => {
    await rm(newer, { recursive: true })
  })

  it('an old server goes on after an expanding migration', async () => {
    await writeFile(join(newer, '0002_b.sql'), 'CREATE TABLE b ();')
    await migrate(database.connectionString, { folder: newer })
    await expect(assertSchemaCompatible(database.pool, { folder })).resolves.toEqual({
      schemaVersion: 2,
      minimumServerVersion: 1,
    })
    await expect(migrate(database.connectionString, { folder })).resolves.toEqual({
      applied: [],
      schemaVersion: 2,
    })
  })

  it('an old server is refused after a contracting one', async () => {
    await writeFile(join(newer, '0002_b.sql'), '-- parley: minimum-server 2\nDROP TABLE a;')
    await migrate(database.connectionString, { folder: newer })
    const refused = {
      code: 'schema-newer-than-code',
      message:
        'The database is at schema 2, which needs a Parley that knows schema 2 or newer; this one knows 1: install the newer Parley',
    }
    await expect(assertSchemaCompatible(database.pool, { folder })).rejects.toMatchObject(refused)
    await expect(migrate(database.connectionString, { folder })).rejects.toMatchObject(refused)
  })

  it('a new server asks for its migrations', async () => {
    await expect(assertSchemaCompatible(database.pool, { folder })).rejects.toMatchObject({
      code: 'schema-missing',
    })
    await migrate(database.connectionString, { folder })
    await writeFile(join(newer, '0002_b.sql'), 'CREATE TABLE b ();')
    await expect(assertSchemaCompatible(database.pool, { folder: newer })).rejects.toMatchObject({
      code: 'schema-older-than-code',
      message: 'The database is at schema 1 and this Parley needs 2; run: npm run migrate',
    })
  })
})

describe('npm run migrate', () => {
  it.each([
    [undefined, /^DATABASE_URL is not set\./],
    [
      'http://nowhere/db',
      /^DATABASE_URL is not a PostgreSQL connection string: it begins with "http:/,
    ],
    ['postgres://u:secret@127.0.0.1:1/db', /^PostgreSQL at 127\.0\.0\.1:1\/db cannot be reached: /],
  ])('with DATABASE_URL=%s ends with one clear line', async (url, line) => {
    const { code, stdout, stderr } = await runScript('./cli/migrate.ts', [], { DATABASE_URL: url })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(line)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).not.toContain('secret')
  })

  it('says that a login was refused', async () => {
    const url = new URL(database.connectionString)
    url.pathname = '/parley_nowhere'
    const { code, stderr } = await runScript('./cli/migrate.ts', [], { DATABASE_URL: url.href })
    expect(code).toBe(1)
    expect(stderr).toMatch(/refused the connection: database "parley_nowhere" does not exist/)
  })

  it('refuses arguments that it does not know', async () => {
    const { code, stderr } = await runScript('./cli/migrate.ts', ['--fast'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^Unknown option '--fast'.* Usage: /)
  })
})
