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
  const wanted = readOptions()
  if (wanted === 'help') {
    process.stdout.write(`${USAGE}\n`)
    return
  }
  const { email, name } = wanted
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

function readOptions(): { email: string; name: string } | 'help' {
  const { email, name, help } = readArguments()
  if (help === true) return 'help'
  if (email === undefined || name === undefined) throw new CannotRun(USAGE)
  if (!z.email().max(255).safeParse(email).success) {
    throw new CannotRun(`${email} is not an e-mail address\n${USAGE}`)
  }
  if (!z.string().trim().min(1).max(255).safeParse(name).success) {
    throw new CannotRun(`--name is empty or too long\n${USAGE}`)
  }
  return { email, name: name.trim() }
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        email: { type: 'string' },
        name: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch {
    throw new CannotRun(USAGE)
  }
}

main().catch(fail)
