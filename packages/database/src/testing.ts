import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { createPool } from './database.ts'
import { DatabaseError } from './database-error.ts'
import { migrate } from './migrate.ts'
import { readMigrations } from './migration-files.ts'
import { TEST_SERVER_VARIABLE } from './testing-server.ts'

export { startFreezingProxy, type FreezingProxy } from './testing-proxy.ts'
export { startTestServer, type TestServer } from './testing-server.ts'

export type TestDatabase = {
  connectionString: string
  /** A pool of at most 10 connections, ended by `drop`. */
  pool: pg.Pool
  /** The database's own name. */
  name: string
  /** Ends the pool, closes whatever else is connected and removes the database. Repeatable. */
  drop: () => Promise<void>
  /** The same as `drop`, for `await using`. */
  [Symbol.asyncDispose]: () => Promise<void>
}

export type TestDatabaseOptions = {
  /** True: no schema at all, not even migrations. */
  empty?: boolean | undefined
  /** The server; default: the one that the vitest global setup started. */
  serverUrl?: string | undefined
}

const TEMPLATE_LOCK_KEY = 7_279_342

/**
 * A database of one's own for a test or a test file: a clone of a migrated template, with the migrations'
 * initial data and nothing else. Safe to call from any number of workers.
 * @throws DatabaseError `connection-string-missing` outside a run with the global setup
 */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const serverUrl = options.serverUrl ?? process.env[TEST_SERVER_VARIABLE]
  if (serverUrl === undefined || serverUrl === '') {
    throw new DatabaseError(
      'connection-string-missing',
      'No PostgreSQL for tests: add packages/database/src/testing-global-setup.ts to globalSetup in the vitest config',
    )
  }
  const template = options.empty === true ? 'template0' : await ensureTemplate(serverUrl)
  const name = `parley_test_${runLabel()}_${randomBytes(6).toString('hex')}`
  await onServer(serverUrl, (client) =>
    client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`),
  )
  const connectionString = databaseUrl(serverUrl, name)
  const pool = createPool(connectionString, {
    applicationName: 'parley-test',
    onConnectionError: () => {},
  })
  let dropping: Promise<void> | undefined
  const drop = (): Promise<void> =>
    (dropping ??= (async () => {
      await pool.end()
      await onServer(serverUrl, (client) =>
        client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
      )
    })())
  return { connectionString, pool, name, drop, [Symbol.asyncDispose]: drop }
}

/** Removes the databases that this run's tests left behind. Called by the global teardown. */
export async function dropTestDatabases(serverUrl: string): Promise<void> {
  await onServer(serverUrl, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
      [`parley_test_${runLabel()}_`],
    )
    for (const { datname } of rows)
      await client.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`)
  })
}

// A run's databases carry its mark, so that runs which share a server do not remove each other's.
function runLabel(): string {
  return process.env['PARLEY_TEST_RUN'] ?? 'loose'
}

/** The migrated template's name; builds it if this server has none for these migrations. */
async function ensureTemplate(serverUrl: string): Promise<string> {
  const name = `parley_template_${await hashMigrations()}`
  await onServer(serverUrl, async (client) => {
    if (await databaseExists(client, name)) return
    // Locks are per database and all meet in the server's maintenance database.
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK_KEY])
    if (await databaseExists(client, name)) return
    const building = `${name}_building`
    await client.query(`DROP DATABASE IF EXISTS ${building} WITH (FORCE)`)
    await client.query(`CREATE DATABASE ${building} TEMPLATE template0`)
    await migrate(databaseUrl(serverUrl, building))
    await waitForDisconnection(client, building)
    // Renamed when complete: a build that was killed is never taken for a template.
    await client.query(`ALTER DATABASE ${building} RENAME TO ${name}`)
  })
  return name
}

async function hashMigrations(): Promise<string> {
  const hash = createHash('sha256')
  for (const { name, checksum } of await readMigrations()) hash.update(`${name} ${checksum}\n`)
  // The worker's own schema is part of the template, and so is what migrate() writes.
  for (const path of ['../package.json', './migrate.ts']) {
    hash.update(await readFile(fileURLToPath(new URL(path, import.meta.url))))
  }
  return hash.digest('hex').slice(0, 16)
}

async function databaseExists(client: pg.Client, name: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name])
  return rowCount === 1
}

// A backend goes a moment after its client has; a rename does not wait for it.
async function waitForDisconnection(client: pg.Client, name: string): Promise<void> {
  for (;;) {
    const { rowCount } = await client.query('SELECT FROM pg_stat_activity WHERE datname = $1', [
      name,
    ])
    if (rowCount === 0) return
    await client.query('SELECT pg_sleep(0.01)')
  }
}

/** Runs `work` on a connection to the server's maintenance database. */
async function onServer(
  serverUrl: string,
  work: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client({
    connectionString: databaseUrl(serverUrl, 'postgres'),
    application_name: 'parley-test',
  })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return url.href
}
