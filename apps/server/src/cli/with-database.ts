import { join } from 'node:path'

import { DatabaseError, assertSchemaCompatible, createPool } from '@parley/database'
import { findRunningEmbeddedPostgres } from '@parley/database/embedded'
import type pg from 'pg'

import { findOwnSecretKey } from '../own-secret-key.ts'
import { createSecrets, type Secrets } from '../platform/secrets.ts'

/** What whoever gave the command can mend: its words are all they are told. */
export class CannotRun extends Error {}

/** Runs a command's work on the database of `DATABASE_URL`, else on the embedded one of a server that runs. */
export async function withDatabase(
  work: (pool: pg.Pool, connectionString: string) => Promise<void>,
): Promise<void> {
  endWhenNobodyReads()
  const target = await connectionString()
  const pool = createPool(target, { maxConnections: 2 })
  try {
    await assertSchemaCompatible(pool).catch((error: unknown) => {
      throw isUnreachable(error)
        ? new CannotRun(`The database cannot be reached: ${error.message}`)
        : error
    })
    await work(pool, target)
  } finally {
    await pool.end()
  }
}

/** `| head` has what it wanted: no error, and nothing more to say. */
function endWhenNobodyReads(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(0)
  })
}

/** By the system's code; PostgreSQL's own are told in its words. */
function isUnreachable(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && /^E[A-Z_]+$/.test(String((error as NodeJS.ErrnoException).code))
}

async function connectionString(): Promise<string> {
  const given = process.env['DATABASE_URL']
  if (given) return given
  const folder = join(dataDir(), 'postgres')
  const running = await findRunningEmbeddedPostgres(folder)
  if (running !== undefined) return running
  throw new CannotRun(
    `No database runs in ${dataDir()}: start the server first, name its folder in PARLEY_DATA_DIR, or set DATABASE_URL`,
  )
}

/**
 * The running server's: of `PARLEY_SECRET_KEY`, else what it keeps beside its embedded database.
 * @throws CannotRun
 */
export async function readSecrets(): Promise<Secrets> {
  const given = process.env['PARLEY_SECRET_KEY']
  if (given) return createSecrets(given)
  if (process.env['DATABASE_URL']) {
    throw new CannotRun('Set PARLEY_SECRET_KEY to what the server has, beside DATABASE_URL')
  }
  const own = await findOwnSecretKey(dataDir())
  if (own !== null) return createSecrets(own)
  throw new CannotRun(`Set PARLEY_SECRET_KEY to what the server has: ${dataDir()} holds no key`)
}

function dataDir(): string {
  return process.env['PARLEY_DATA_DIR'] || '.parley/data'
}

export function fail(error: unknown): never {
  const isMendable = error instanceof CannotRun || error instanceof DatabaseError
  process.stderr.write(`${isMendable ? error.message : String(error)}\n`)
  process.exit(1)
}
