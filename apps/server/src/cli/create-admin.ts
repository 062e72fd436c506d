import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'

import { hash } from '@node-rs/argon2'
import { z } from 'zod'

import { CannotRun, fail, withDatabase } from './with-database.ts'

/** `npm run create-admin -- --email … --name …`: the first account, from which all others are made. */

const USAGE = 'Usage: npm run create-admin -- --email ada@example.com --name "Ada Pérez"'

async function main(): Promise<void> {
  const { email, name } = readOptions()
  await withDatabase(async (pool) => {
    const password = randomBytes(15).toString('base64url')
    const { rowCount } = await pool.query(
      `INSERT INTO users (id, email, password_hash, full_name, role) VALUES (new_id(), $1, $2, $3, 'admin')
       ON CONFLICT DO NOTHING`,
      [email, await hash(password), name],
    )
    if (rowCount === 0) throw new CannotRun(`There is an account for ${email} already`)
    process.stdout.write(`${email} may sign in with the password ${password}\n`)
  })
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
    throw new CannotRun(USAGE)
  }
}

main().catch(fail)
