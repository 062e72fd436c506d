import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import {
  END_OF_ROWS,
  FORMAT,
  FORMAT_VERSION,
  RowsDigest,
  type BackupEnd,
  type BackupHeader,
  type BackupSequence,
  type BackupTable,
} from './backup-format.ts'
import { connectClient } from './connect.ts'
import { DatabaseError, firstLine, isSystemError } from './database-error.ts'
import { readSchemaState, withMigrationLock } from './migrate.ts'
import { listSequences, listTables, type TableInfo } from './stored-tables.ts'

export type BackupOptions = {
  connectionString: string
  /** The file to write; it must not exist. Readable by its owner only (0600). */
  file: string
  onProgress?: ((line: string) => void) | undefined
}

export type BackupResult = { file: string; tables: number; rows: number; schemaVersion: number }

/** Makes values that depend on settings (dates, floats, bytes) come out and go in the same everywhere. */
export const COPY_SETTINGS = `SET client_encoding = 'UTF8'; SET datestyle = 'ISO, YMD'; SET intervalstyle = 'postgres';
  SET timezone = 'UTC'; SET extra_float_digits = 1; SET bytea_output = 'hex';
  SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0;
  SET search_path = public`

/**
 * Writes every row of a database, as of one instant, to one file. Nobody is blocked but migrations. Written
 * beside, flushed to disk and renamed when complete, so that what has the name is a whole backup.
 * @throws DatabaseError `backup-file-exists`, `backup-failed`, `schema-missing`, server-*, connection-string-*
 */
export async function createBackup(options: BackupOptions): Promise<BackupResult> {
  await assertAbsent(options.file)
  const client = await connectClient(options.connectionString, 'parley-backup')
  try {
    return await withMigrationLock(
      client,
      options.onProgress,
      () => backUp(client, options),
      'shared',
    )
  } finally {
    await client.end()
  }
}

async function backUp(client: pg.Client, options: BackupOptions): Promise<BackupResult> {
  await client.query(COPY_SETTINGS)
  // Any version will do, an older one above all: a backup comes before an upgrade's migrations.
  const state = await readSchemaState(client)
  if (state === undefined) {
    throw new DatabaseError(
      'schema-missing',
      'This database has no Parley schema: there is nothing to back up',
    )
  }
  const { schemaVersion } = state
  const partial = `${options.file}.partial`
  try {
    const end = await writeFile(partial, (write) =>
      writeBackup(client, schemaVersion, write, options),
    )
    await assertAbsent(options.file)
    await rename(partial, options.file)
    return { file: options.file, tables: end.tables, rows: end.rows, schemaVersion }
  } catch (error) {
    await rm(partial, { force: true })
    if (error instanceof DatabaseError) throw error
    throw new DatabaseError('backup-failed', `The backup failed: ${firstLine(error)}`, error)
  }
}

type Write = (text: string | Buffer) => Promise<void>

/** Runs `work` with a function that writes to a compressed file, which is complete and on disk afterwards. */
async function writeFile<T>(path: string, work: (write: Write) => Promise<T>): Promise<T> {
  const gzip = createGzip({ level: 6 })
  const written = pipeline(gzip, createWriteStream(path, { mode: 0o600, flush: true }))
  // Awaited below; until then a full disk must not count as an unhandled rejection.
  written.catch(() => {})
  const write: Write = async (text) => {
    if (!gzip.write(text)) await Promise.race([once(gzip, 'drain'), written])
  }
  try {
    const result = await work(write)
    gzip.end()
    await written
    return result
  } catch (error) {
    gzip.destroy()
    // The work's error is the cause; this only waits until the file is closed.
    await written.catch(() => {})
    throw error
  }
}

async function writeBackup(
  client: pg.Client,
  schemaVersion: number,
  write: Write,
  options: BackupOptions,
): Promise<BackupEnd> {
  // One snapshot for everything: rows that refer to each other are both there or both not.
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  await write(json(await describeDatabase(client, schemaVersion)))
  const tables = await listTables(client)
  let rows = 0
  for (const table of tables) {
    const written = await writeTable(client, table, write)
    options.onProgress?.(`${table.name}: ${written} rows`)
    rows += written
  }
  const sequences: BackupSequence[] = await listSequences(client)
  await write(json({ sequences }))
  await client.query('COMMIT')
  const end: BackupEnd = { complete: true, tables: tables.length, rows }
  await write(json(end))
  return end
}

async function describeDatabase(client: pg.Client, schemaVersion: number): Promise<BackupHeader> {
  const { rows: facts } = await client.query<{ now: Date; version: string }>(
    `SELECT now(), current_setting('server_version') AS version`,
  )
  const { rows: migrations } = await client.query<BackupHeader['migrations'][number]>(
    'SELECT version, name, checksum FROM parley_migrations ORDER BY version',
  )
  return {
    format: FORMAT,
    formatVersion: FORMAT_VERSION,
    createdAt: facts[0]?.now.toISOString() ?? '',
    serverVersion: facts[0]?.version ?? '',
    schemaVersion,
    migrations,
  }
}

async function writeTable(client: pg.Client, table: TableInfo, write: Write): Promise<number> {
  const description: BackupTable = { table: table.name, columns: table.columns }
  await write(json(description))
  const digest = new RowsDigest()
  const columns = table.quotedColumns.join(', ')
  const copy = client.query(copyTo(`COPY (SELECT ${columns} FROM ${table.quotedName}) TO STDOUT`))
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of copy as AsyncIterable<Buffer>) {
    const text = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const end = text.lastIndexOf('\n') + 1
    rest = Buffer.from(text.subarray(end))
    const whole = text.subarray(0, end)
    digest.add(whole)
    await write(whole)
  }
  const end = digest.finish(table.name)
  await write(`${END_OF_ROWS}\n${json(end)}`)
  return end.rows
}

function json(value: object): string {
  return `${JSON.stringify(value)}\n`
}

async function assertAbsent(path: string): Promise<void> {
  try {
    await (await open(path, 'r')).close()
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return
    throw new DatabaseError(
      'backup-failed',
      `${path} cannot be written: ${firstLine(error)}`,
      error,
    )
  }
  throw new DatabaseError('backup-file-exists', `${path} exists already; a backup never overwrites`)
}
