import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { DatabaseError, assertSchemaCompatible, createPool } from '@parley/database'
import { findRunningEmbeddedPostgres } from '@parley/database/embedded'
import { hash } from '@node-rs/argon2'
import { z } from 'zod'

/** `npm run create-admin -- --email … --name …`: the first account, from which all others are made. */

const USAGE = 'Usage: npm run create-admin -- --email ada@example.com --name "Ada Pérez"'

class CannotCreate extends Error {}

async function main(): Promise<void> {
  const { email, name } = readOptions()
  const pool = createPool(await connectionString(), { maxConnections: 1 })
  try {
    await assertSchemaCompatible(pool)
    const password = randomBytes(15).toString('base64url')
    const { rowCount } = await pool.query(
      `INSERT INTO users (email, password_hash, full_name, role) VALUES ($1, $2, $3, 'admin')
       ON CONFLICT DO NOTHING`,
      [email, await hash(password), name],
    )
    if (rowCount === 0) throw new CannotCreate(`There is an account for ${email} already`)
    process.stdout.write(`${email} may sign in with the password ${password}\n`)
  } finally {
    await pool.end()
  }
}

function readOptions(): { email: string; name: string } {
  try {
    const { values } = parseArgs({
      options: { email: { type: 'string' }, name: { type: 'string' } },
    })
    return z
      .object({ email: z.email().max(255), name: z.string().trim().min(1).max(255) })
      .parse(values)
  } catch {
    throw new CannotCreate(USAGE)
  }
}

async function connectionString(): Promise<string> {
  const given = process.env['DATABASE_URL']
  if (given) return given
  const folder = join(process.env['PARLEY_DATA_DIR'] || '.parley/data', 'postgres')
  const running = await findRunningEmbeddedPostgres(folder)
  if (running === undefined) {
    throw new CannotCreate('Set DATABASE_URL, or start the server with its embedded database first')
  }
  return running
}

main().catch((error: unknown) => {
  const isMendable = error instanceof CannotCreate || error instanceof DatabaseError
  process.stderr.write(`${isMendable ? error.message : String(error)}\n`)
  process.exit(1)
})
