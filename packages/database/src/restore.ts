import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { from as copyFrom, type CopyStreamQuery } from 'pg-copy-streams'
import { COPY_SETTINGS } from './backup.ts'
import {
  readBackup,
  type BackupHeader,
  type BackupSequence,
  type BackupTable,
} from './backup-format.ts'
import { clearUp, connectClient } from './connect.ts'
import { DatabaseError, firstLine } from './database-error.ts'
import { migrateUnderLock, migrateWorker, withMigrationLock } from './migrate.ts'
import { readMigrations, type Migration } from './migration-files.ts'
import { rebuildSchema } from './rebuild-schema.ts'
import { listTables } from './stored-tables.ts'

export type RestoreOptions = {
  connectionString: string
  /** A file that `createBackup` wrote. */
  file: string
  /** Replace what the database holds. */
  force?: boolean | undefined
  onProgress?: ((line: string) => void) | undefined
}

export type RestoreResult = { tables: number; rows: number; schemaVersion: number }

/**
 * Replaces a database's content by a backup's, in one transaction: at any failure the database is as before.
 * The schema is rebuilt as it was at the backup, filled, and then migrated to this code's. A restored feed
 * begins a new epoch, so every workstation fetches afresh; jobs that were running are free to run again.
 * @throws DatabaseError `restore-target-not-empty`, `restore-target-in-use`, `restore-failed`, backup-*,
 *   server-*, connection-string-*, migration-*
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreResult> {
  const migrations = await readMigrations()
  options.onProgress?.(`Checking ${options.file}`)
  const header = await verifyBackup(options.file)
  assertRestorable(header, migrations, options.file)
  const client = await connectClient(options.connectionString, 'parley-restore')
  try {
    return await withMigrationLock(client, options.onProgress, async () => {
      await assertUnused(client)
      if (options.force !== true) await assertEmpty(client, migrations)
      await migrateWorker(options.connectionString, options)
      const loaded = await loadInTransaction(client, header, migrations, options)
      const { schemaVersion } = await migrateUnderLock(client, options.connectionString, options)
      await client.query('ANALYZE')
      return { ...loaded, schemaVersion }
    })
  } finally {
    await client.end()
  }
}

/** Reads the whole file before anything is touched. */
async function verifyBackup(file: string): Promise<BackupHeader> {
  let header: BackupHeader | undefined
  const ignore = async (): Promise<void> => {}
  await readBackup(file, {
    onHeader: async (value) => void (header = value),
    onTable: ignore,
    onRows: ignore,
    onTableEnd: ignore,
    onSequences: ignore,
  })
  if (header === undefined) throw new Error('a backup was read to its end without a header')
  return header
}

function assertRestorable(header: BackupHeader, migrations: Migration[], file: string): void {
  if (header.schemaVersion > migrations.length) {
    throw new DatabaseError(
      'backup-incompatible',
      `${file} was made by a newer Parley (schema ${header.schemaVersion}; this one knows ${migrations.length}): install that one to restore it`,
    )
  }
  for (const made of header.migrations) {
    const ours = migrations[made.version - 1]
    if (ours?.checksum !== made.checksum) {
      throw new DatabaseError(
        'backup-incompatible',
        `${file} was made with another ${made.name} than this Parley's; restore it with the Parley that made it`,
      )
    }
  }
}

async function assertUnused(client: pg.Client): Promise<void> {
  let names = await connectedParleys(client)
  // A backend goes a moment after the program that has just been stopped.
  for (let attempt = 0; names.length > 0 && attempt < 10; attempt += 1) {
    await sleep(200)
    names = await connectedParleys(client)
  }
  if (names.length === 0) return
  throw new DatabaseError(
    'restore-target-in-use',
    `Parley is running on this database (${names.length} connections, such as "${names[0]}"); stop it before a restore`,
  )
}

async function connectedParleys(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT application_name AS name FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'parley%'`,
  )
  return rows.map(({ name }) => name)
}

/** Empty: no rows but those that migrations put in. */
async function assertEmpty(client: pg.Client, migrations: Migration[]): Promise<void> {
  const seeded = new Set<string>()
  for (const { sql } of migrations) {
    for (const match of sql.matchAll(/\bINSERT INTO ([a-z_]+)/gi)) seeded.add(`public.${match[1]}`)
  }
  const { rows: known } = await client.query<{ ours: boolean }>(
    `SELECT to_regclass('public.parley_schema') IS NOT NULL AS ours`,
  )
  const ours = known[0]?.ours === true
  const holding: string[] = []
  for (const table of await listTables(client)) {
    if (ours && seeded.has(table.name)) continue
    const { rows } = await client.query<{ filled: boolean }>(
      `SELECT EXISTS (SELECT FROM ${table.quotedName}) AS filled`,
    )
    if (!ours || rows[0]?.filled === true) holding.push(table.name)
  }
  if (holding.length === 0) return
  const names = holding.slice(0, 3).join(', ') + (holding.length > 3 ? ', …' : '')
  throw new DatabaseError(
    'restore-target-not-empty',
    `The database is not empty (${names}); a restore replaces everything in it: say --force if that is what you want`,
  )
}

async function loadInTransaction(
  client: pg.Client,
  header: BackupHeader,
  migrations: Migration[],
  options: RestoreOptions,
): Promise<{ tables: number; rows: number }> {
  try {
    await client.query(COPY_SETTINGS)
    await client.query('BEGIN')
    await rebuildSchema(client, migrations.slice(0, header.schemaVersion))
    const keys = await dropForeignKeys(client)
    const tables = await listTables(client)
    const names = tables.map((table) => table.quotedName)
    // Triggers would write changes of their own about what is only being put back, and keep the audit log as it is.
    for (const name of names) await client.query(`ALTER TABLE ${name} DISABLE TRIGGER USER`)
    await client.query(`TRUNCATE ${names.join(', ')}`)
    const loader = new Loader(
      client,
      new Map(tables.map((table) => [table.name, table.quotedName])),
      options,
    )
    const end = await readBackup(options.file, loader)
    for (const name of names) await client.query(`ALTER TABLE ${name} ENABLE TRIGGER USER`)
    for (const key of keys) await client.query(key)
    await settleRestored(client)
    await client.query('COMMIT')
    return { tables: end.tables, rows: end.rows }
  } catch (error) {
    await clearUp(client, 'ROLLBACK')
    if (error instanceof DatabaseError) throw error
    throw new DatabaseError(
      'restore-failed',
      `The restore failed, the database is as before: ${firstLine(error)}`,
      error,
    )
  }
}

/**
 * Tables are filled in the file's order, whatever refers to what, cycles included; the keys are checked when
 * they come back. @returns the statements that bring them back
 */
async function dropForeignKeys(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ table: string; name: string; definition: string }>(
    `SELECT conrelid::regclass::text AS table, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
     FROM pg_constraint
     WHERE contype = 'f' AND conparentid = 0
       AND connamespace::regnamespace::text = ANY (ARRAY['public', 'graphile_worker'])`,
  )
  for (const { table, name } of rows)
    await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`)
  return rows.map(
    ({ table, name, definition }) => `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`,
  )
}

/** What must differ from the moment of the backup. */
async function settleRestored(client: pg.Client): Promise<void> {
  // Workers that held jobs then are gone.
  await client.query(`
    UPDATE graphile_worker._private_jobs SET locked_at = NULL, locked_by = NULL WHERE locked_at IS NOT NULL;
    UPDATE graphile_worker._private_job_queues SET locked_at = NULL, locked_by = NULL WHERE locked_at IS NOT NULL`)
  // Whom somebody has let out since the backup is not let in again by it.
  for (const table of ['sessions', 'account_links']) {
    if (await exists(client, table))
      await client.query(`DELETE FROM ${table} WHERE ended_at IS NULL`)
  }
  if (await exists(client, 'api_keys'))
    await client.query('UPDATE api_keys SET revoked_at = NOW() WHERE revoked_at IS NULL')
  // Transaction ids of another cluster mean nothing here, and what happened since the backup is gone.
  if (await exists(client, 'feed_state'))
    await client.query('UPDATE feed_state SET epoch = gen_random_uuid()')
  const { rows: views } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, matviewname) AS name FROM pg_matviews WHERE schemaname = 'public'`,
  )
  for (const { name } of views) await client.query(`REFRESH MATERIALIZED VIEW ${name}`)
}

/** A backup may be older than a table. */
async function exists(client: pg.Client, table: string): Promise<boolean> {
  const { rows } = await client.query<{ exists: boolean }>(
    `SELECT to_regclass('public.${table}') IS NOT NULL AS exists`,
  )
  return rows[0]?.exists === true
}

/** Writes a backup's parts into the tables as they are read. */
class Loader {
  readonly #client: pg.Client
  readonly #quotedNames: Map<string, string>
  readonly #options: RestoreOptions
  #copy: CopyStreamQuery | undefined
  #copied: Promise<void> = Promise.resolve()

  constructor(client: pg.Client, quotedNames: Map<string, string>, options: RestoreOptions) {
    this.#client = client
    this.#quotedNames = quotedNames
    this.#options = options
  }

  readonly onHeader = async (): Promise<void> => {}

  readonly onTable = async ({ table, columns }: BackupTable): Promise<void> => {
    const name = this.#quotedNames.get(table)
    if (name === undefined) {
      throw new DatabaseError(
        'backup-incompatible',
        `The backup holds a table ${table} that this Parley does not have`,
      )
    }
    const list = columns.map((column) => `"${column.replaceAll('"', '""')}"`).join(', ')
    this.#copy = this.#client.query(copyFrom(`COPY ${name} (${list}) FROM STDIN`))
    this.#copied = finished(this.#copy)
    // Awaited in onRows or onTableEnd; between those a refusal must not count as unhandled.
    this.#copied.catch(() => {})
  }

  readonly onRows = async (rows: Buffer): Promise<void> => {
    const copy = this.#started()
    // The reader goes on to use the memory that these bytes are a view of.
    if (!copy.write(Buffer.from(rows))) await Promise.race([once(copy, 'drain'), this.#copied])
  }

  readonly onTableEnd = async ({ endOf, rows }: { endOf: string; rows: number }): Promise<void> => {
    const copy = this.#started()
    copy.end()
    await this.#copied
    if (copy.rowCount !== rows) {
      throw new DatabaseError(
        'restore-failed',
        `${endOf} took ${copy.rowCount} of ${rows} rows; the database is as before`,
      )
    }
    this.#options.onProgress?.(`${endOf}: ${rows} rows`)
  }

  readonly onSequences = async (sequences: BackupSequence[]): Promise<void> => {
    for (const { name, value, isCalled } of sequences) {
      const [schema, sequence] = name.split('.')
      await this.#client.query(
        'SELECT setval(format($1, $2::text, $3::text)::regclass, $4::bigint, $5)',
        ['%I.%I', schema, sequence, value, isCalled],
      )
    }
  }

  #started(): CopyStreamQuery {
    if (this.#copy === undefined) throw new Error('rows came before their table')
    return this.#copy
  }
}
