import { setTimeout as sleep } from 'node:timers/promises'
import { Logger, runMigrations as runWorkerMigrations } from 'graphile-worker'
import pg from 'pg'
import {
  clearUp,
  connectClient,
  NEWEST_TESTED_POSTGRES,
  assertServerVersion,
  parseConnectionString,
} from './connect.ts'
import { createPool } from './database.ts'
import { DatabaseError, firstLine } from './database-error.ts'
import { readMigrations, splitStatements, type Migration } from './migration-files.ts'

/** Any constant will do, as long as it never changes: old and new code must meet on the same lock. */
export const MIGRATION_LOCK_KEY = 7_279_341

const LOCK_POLL_MS = 200

export type MigrateOptions = {
  /** One line at a time, for people. */
  onProgress?: ((line: string) => void) | undefined
  /** Another folder of migrations (tests). */
  folder?: string | undefined
}

export type MigrateResult = {
  /** File names applied by this call, in order. */
  applied: string[]
  /** The database's schema version afterwards. */
  schemaVersion: number
}

/** What `parley_schema` says about a database. */
export type SchemaState = { schemaVersion: number; minimumServerVersion: number }

type AppliedMigration = { version: number; name: string; checksum: string }

/**
 * Brings a database to this code's schema: applies what is missing, in order, then graphile-worker's own
 * schema. Concurrent calls wait for each other; the later ones find nothing to do. A database that is newer
 * than this code is left alone if its stated minimum server version allows this code.
 * @throws DatabaseError connection-string-*, server-*, migration-*, schema-newer-than-code
 */
export async function migrate(
  connectionString: string,
  options: MigrateOptions = {},
): Promise<MigrateResult> {
  const client = await connectClient(parseConnectionString(connectionString), 'parley-migrate')
  try {
    await noticeUntestedVersion(client, options)
    return await withMigrationLock(client, options.onProgress, () =>
      migrateUnderLock(client, connectionString, options),
    )
  } finally {
    await client.end()
  }
}

/** {@link migrate} for a caller whose `client` holds the migration lock already. */
export async function migrateUnderLock(
  client: pg.ClientBase,
  connectionString: string,
  options: MigrateOptions,
): Promise<MigrateResult> {
  const migrations = await readMigrations(options.folder)
  const result = await applyMissing(client, migrations, options)
  await migrateWorker(connectionString, options)
  return result
}

async function noticeUntestedVersion(
  client: pg.ClientBase,
  options: MigrateOptions,
): Promise<void> {
  const major = await assertServerVersion(client)
  if (major > NEWEST_TESTED_POSTGRES) {
    options.onProgress?.(
      `PostgreSQL ${major} is newer than any that Parley was tested with (${NEWEST_TESTED_POSTGRES}); continuing`,
    )
  }
}

/**
 * Runs `work` while holding the lock that all migrations, backups (shared) and restores take.
 * Polls instead of blocking: a session blocked in pg_advisory_lock() holds a snapshot, and CREATE INDEX
 * CONCURRENTLY of the lock's holder would wait for that snapshot for ever.
 */
export async function withMigrationLock<T>(
  client: pg.ClientBase,
  onProgress: ((line: string) => void) | undefined,
  work: () => Promise<T>,
  mode: 'exclusive' | 'shared' = 'exclusive',
): Promise<T> {
  const suffix = mode === 'shared' ? '_shared' : ''
  for (let attempt = 0; ; attempt += 1) {
    const { rows } = await client.query<{ locked: boolean }>(
      `SELECT pg_try_advisory_lock${suffix}($1) AS locked`,
      [MIGRATION_LOCK_KEY],
    )
    if (rows[0]?.locked === true) break
    if (attempt === 0)
      onProgress?.('Waiting for another migration, backup or restore of this database')
    await sleep(LOCK_POLL_MS)
  }
  try {
    return await work()
  } finally {
    await clearUp(client, `SELECT pg_advisory_unlock${suffix}($1)`, [MIGRATION_LOCK_KEY])
  }
}

async function applyMissing(
  client: pg.ClientBase,
  migrations: Migration[],
  options: MigrateOptions,
): Promise<MigrateResult> {
  await prepareSession(client)
  await createBookkeeping(client)
  const applied = await readApplied(client)
  const pending = planMigrations(migrations, applied)
  const state = await readSchemaState(client)
  if (state !== undefined) assertNotTooNew(state, migrations.length)
  for (const migration of pending) {
    options.onProgress?.(`Applying ${migration.name}`)
    await applyMigration(client, migration)
  }
  const after = await readSchemaState(client)
  return { applied: pending.map((one) => one.name), schemaVersion: after?.schemaVersion ?? 0 }
}

/** Settings that a role or database may override and that would break or misplace a migration. */
async function prepareSession(client: pg.ClientBase): Promise<void> {
  await client.query(
    `SET search_path = public; SET statement_timeout = 0; SET lock_timeout = 0;
     SET idle_in_transaction_session_timeout = 0; SET client_encoding = 'UTF8'`,
  )
}

/** Creates the tables in which a database remembers its migrations; does nothing if they exist. */
export async function createBookkeeping(client: pg.ClientBase): Promise<void> {
  await client.query(`
    CREATE TABLE IF NOT EXISTS public.parley_migrations (
      version INT PRIMARY KEY,
      name TEXT NOT NULL,
      checksum TEXT NOT NULL,
      applied_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
    );
    CREATE TABLE IF NOT EXISTS public.parley_schema (
      only_row BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (only_row),
      schema_version INT NOT NULL,
      minimum_server_version INT NOT NULL
    );
    COMMENT ON TABLE public.parley_schema IS
      'A server runs on this database if it knows at least migration minimum_server_version; a server needs every migration that it knows.'`)
}

async function readApplied(client: pg.ClientBase): Promise<AppliedMigration[]> {
  const { rows } = await client.query<AppliedMigration>(
    'SELECT version, name, checksum FROM public.parley_migrations ORDER BY version',
  )
  return rows
}

/**
 * Which migrations are missing.
 * @throws DatabaseError `migration-changed` if an applied file is not what it was, `migration-out-of-order` if
 *   one is missing below an applied one
 */
export function planMigrations(migrations: Migration[], applied: AppliedMigration[]): Migration[] {
  const byVersion = new Map(applied.map((one) => [one.version, one]))
  const highest = Math.max(0, ...byVersion.keys())
  const pending: Migration[] = []
  for (const migration of migrations) {
    const known = byVersion.get(migration.version)
    if (known === undefined) pending.push(migration)
    else if (known.checksum !== migration.checksum) throw changed(migration, known)
  }
  const outOfOrder = pending.find((migration) => migration.version < highest)
  if (outOfOrder !== undefined) {
    throw new DatabaseError(
      'migration-out-of-order',
      `Migration ${outOfOrder.name} was never applied although the database is at ${highest}; it was put below applied ones`,
    )
  }
  return pending
}

function changed(migration: Migration, known: AppliedMigration): DatabaseError {
  const what = known.name === migration.name ? 'its content' : `it (then ${known.name})`
  return new DatabaseError(
    'migration-changed',
    `Migration ${migration.name} was applied to this database and ${what} has changed since; put it back and write a new migration`,
  )
}

/** Applies one file and records it; in one transaction unless the file opts out. */
async function applyMigration(client: pg.ClientBase, migration: Migration): Promise<void> {
  try {
    if (migration.inTransaction) {
      await client.query('BEGIN')
      await client.query(migration.sql)
      await recordMigration(client, migration)
      await client.query('COMMIT')
    } else {
      for (const statement of splitStatements(migration)) await client.query(statement)
      await client.query('BEGIN')
      await recordMigration(client, migration)
      await client.query('COMMIT')
    }
  } catch (error) {
    await clearUp(client, 'ROLLBACK')
    throw describeFailure(migration, error)
  }
}

/** Notes that a migration is applied and what the schema now demands of servers. */
export async function recordMigration(client: pg.ClientBase, migration: Migration): Promise<void> {
  await client.query(
    'INSERT INTO public.parley_migrations (version, name, checksum) VALUES ($1, $2, $3)',
    [migration.version, migration.name, migration.checksum],
  )
  await client.query(
    `INSERT INTO public.parley_schema (schema_version, minimum_server_version) VALUES ($1, $2)
     ON CONFLICT (only_row) DO UPDATE SET
       schema_version = excluded.schema_version,
       minimum_server_version = COALESCE($3::int, parley_schema.minimum_server_version)`,
    [
      migration.version,
      migration.minimumServerVersion ?? migration.version,
      migration.minimumServerVersion ?? null,
    ],
  )
}

function describeFailure(migration: Migration, error: unknown): DatabaseError {
  const position =
    error instanceof pg.DatabaseError ? Number(error.position ?? Number.NaN) : Number.NaN
  // PostgreSQL counts characters from 1. A file outside a transaction is sent in parts: no line then.
  const line =
    migration.inTransaction && Number.isFinite(position)
      ? `, line ${migration.sql.slice(0, position - 1).split('\n').length}`
      : ''
  return new DatabaseError(
    'migration-failed',
    `Migration ${migration.name}${line} failed: ${firstLine(error)}`,
    error,
  )
}

/** Installs or updates graphile-worker's own schema. The caller holds the migration lock. */
export async function migrateWorker(
  connectionString: string,
  options: Pick<MigrateOptions, 'onProgress'>,
): Promise<void> {
  const logger = new Logger(() => (level, message) => {
    if (level !== 'debug') options.onProgress?.(`graphile-worker: ${message}`)
  })
  const pgPool = createPool(connectionString, {
    maxConnections: 1,
    applicationName: 'parley-migrate',
    // A role's time limits are for its queries; these statements take as long as they take.
    settings: '-c statement_timeout=0 -c lock_timeout=0',
  })
  try {
    await runWorkerMigrations({ pgPool, logger })
  } catch (error) {
    throw new DatabaseError(
      'migration-failed',
      `The job queue's schema (graphile-worker) could not be installed: ${firstLine(error)}`,
      error,
    )
  } finally {
    await pgPool.end()
  }
}

/** What the database says about its schema; undefined if it was never migrated. */
export async function readSchemaState(
  client: pg.ClientBase | pg.Pool,
): Promise<SchemaState | undefined> {
  const { rows: exists } = await client.query<{ exists: boolean }>(
    `SELECT to_regclass('public.parley_schema') IS NOT NULL AS exists`,
  )
  if (exists[0]?.exists !== true) return undefined
  const { rows } = await client.query<SchemaState>(
    `SELECT schema_version AS "schemaVersion", minimum_server_version AS "minimumServerVersion"
     FROM public.parley_schema`,
  )
  return rows[0]
}

/**
 * For a server at its start: may this code run on this database? Accepts every schema that has all of this
 * code's migrations and whose stated minimum this code meets, so old and new servers run side by side.
 * @throws DatabaseError `schema-missing`, `schema-older-than-code`, `schema-newer-than-code`, `migration-changed`
 */
export async function assertSchemaCompatible(
  client: pg.ClientBase | pg.Pool,
  options: Pick<MigrateOptions, 'folder'> = {},
): Promise<SchemaState> {
  const migrations = await readMigrations(options.folder)
  const state = await readSchemaState(client)
  if (state === undefined) {
    throw new DatabaseError(
      'schema-missing',
      'This database has no Parley schema yet; run: npm run migrate',
    )
  }
  if (state.schemaVersion < migrations.length) {
    throw new DatabaseError(
      'schema-older-than-code',
      `The database is at schema ${state.schemaVersion} and this Parley needs ${migrations.length}; run: npm run migrate`,
    )
  }
  assertNotTooNew(state, migrations.length)
  planMigrations(migrations, await readApplied(client as pg.ClientBase))
  return state
}

function assertNotTooNew(state: SchemaState, knownVersion: number): void {
  if (state.minimumServerVersion > knownVersion) {
    throw new DatabaseError(
      'schema-newer-than-code',
      `The database is at schema ${state.schemaVersion}, which needs a Parley that knows schema ${state.minimumServerVersion} or newer; this one knows ${knownVersion}: install the newer Parley`,
    )
  }
}
