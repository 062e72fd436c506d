import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseConnectionString } from '../connect.ts'
import { DatabaseError } from '../database-error.ts'
import { findRunningEmbeddedPostgres, startEmbeddedPostgres } from '../embedded.ts'
import { printLine } from './run-command.ts'

/**
 * The folder of the built-in PostgreSQL: `postgres` below `--data-dir`, else below PARLEY_DATA_DIR, else below
 * `.parley/data` of the repository.
 */
export function embeddedFolder(dataDir: string | undefined): string {
  const base =
    dataDir ??
    (process.env['PARLEY_DATA_DIR'] ||
      fileURLToPath(new URL('../../../../.parley/data', import.meta.url)))
  return join(base, 'postgres')
}

/**
 * Runs a command on the database of DATABASE_URL; without it on the built-in PostgreSQL, which is started for
 * the time of the command unless Parley is running.
 * @param createMissing whether a data folder that does not exist is created (restore) or an error (backup)
 */
export async function withTargetDatabase(
  dataDir: string | undefined,
  createMissing: boolean,
  work: (connectionString: string) => Promise<void>,
): Promise<void> {
  const given = process.env['DATABASE_URL']
  if (dataDir === undefined && given !== undefined && given !== '')
    return await work(parseConnectionString(given))
  const folder = embeddedFolder(dataDir)
  if (!createMissing) await assertFolder(folder)
  const running = await findRunningEmbeddedPostgres(folder)
  if (running !== undefined) return await work(running)
  const server = await startEmbeddedPostgres({ dataDir: folder, onProgress: printLine })
  try {
    await work(server.connectionString)
  } finally {
    await server.stop()
  }
}

async function assertFolder(folder: string): Promise<void> {
  try {
    await access(folder)
  } catch (error) {
    throw new DatabaseError(
      'connection-string-missing',
      `DATABASE_URL is not set and there is no built-in database in ${folder}`,
      error,
    )
  }
}
