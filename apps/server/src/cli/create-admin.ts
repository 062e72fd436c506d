import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'

import { hash } from '@node-rs/argon2'
import { z } from 'zod'

import { createAuditLog } from '../platform/audit-log.ts'
import { Database } from '../platform/database.ts'
import { sql } from '../platform/sql.ts'
import { COMMAND_LINE } from './admin/command.ts'
import { CannotRun, fail, readSecrets, withDatabase } from './with-database.ts'

/** `npm run create-admin -- --email … --name …`: the first account, from which all others are made. */

const USAGE = 'Usage: npm run create-admin -- --email ada@example.com --name "Ada Pérez"'

async function main(): Promise<void> {
  const { email, name } = readOptions()
  await withDatabase(async (pool) => {
    const audit = createAuditLog(await readSecrets())
    const password = randomBytes(15).toString('base64url')
    const passwordHash = await hash(password)
    await new Database(pool).transaction(async (tx) => {
      const created = await tx.maybe<{ id: string }>(sql`
        INSERT INTO users (id, email, password_hash, full_name, role)
        VALUES (new_id(), ${email}, ${passwordHash}, ${name}, 'admin')
        ON CONFLICT DO NOTHING RETURNING id`)
      if (created === null) throw new CannotRun(`There is an account for ${email} already`)
      audit.record(tx, COMMAND_LINE, {
        action: 'person.invited',
        target: { kind: 'person', id: created.id },
        after: { email, role: 'admin', teamIds: [] },
      })
    })
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
