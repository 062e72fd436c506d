import { join } from 'node:path'

import { DatabaseError, assertSchemaCompatible, createPool } from '@parley/database'
import { findRunningEmbeddedPostgres } from '@parley/database/embedded'
import type pg from 'pg'

import { ownSecretKey } from '../own-secret-key.ts'
import { createSecrets, type Secrets } from '../platform/secrets.ts'

/** What whoever gave the command can mend: its words are all they are told. */
export class CannotRun extends Error {}

/** Runs a command's work on the database of `DATABASE_URL`, else on the embedded one of a server that runs. */
export async function withDatabase(
  work: (pool: pg.Pool, connectionString: string) => Promise<void>,
): Promise<void> {
  const target = await connectionString()
  const pool = createPool(target, { maxConnections: 2 })
  try {
    await assertSchemaCompatible(pool)
    await work(pool, target)
  } finally {
    await pool.end()
  }
}

async function connectionString(): Promise<string> {
  const given = process.env['DATABASE_URL']
  if (given) return given
  const folder = join(dataDir(), 'postgres')
  const running = await findRunningEmbeddedPostgres(folder)
  if (running !== undefined) return running
  throw new CannotRun('Set DATABASE_URL, or start the server with its embedded database first')
}

/**
 * The running server's: of `PARLEY_SECRET_KEY`, else what it keeps beside its embedded database.
 * @throws CannotRun
 */
export async function readSecrets(): Promise<Secrets> {
  const given = process.env['PARLEY_SECRET_KEY']
  if (given) return createSecrets(given)
  if (!process.env['DATABASE_URL']) return createSecrets(await ownSecretKey(dataDir()))
  throw new CannotRun('Set PARLEY_SECRET_KEY to what the server has, beside DATABASE_URL')
}

function dataDir(): string {
  return process.env['PARLEY_DATA_DIR'] || '.parley/data'
}

export function fail(error: unknown): never {
  const isMendable = error instanceof CannotRun || error instanceof DatabaseError
  process.stderr.write(`${isMendable ? error.message : String(error)}\n`)
  process.exit(1)
}
