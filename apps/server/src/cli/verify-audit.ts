import { parseArgs } from 'node:util'

import { verifyLog } from '../features/audit/index.ts'
import { createAuditLog } from '../platform/audit-log.ts'
import { Database } from '../platform/database.ts'
import { CannotRun, fail, readSecrets, withDatabase } from './with-database.ts'

/** `npm run verify-audit`: whether the audit log is as it was written. */

const USAGE = `Usage: npm run verify-audit -- [--head HASH] [--json]

Reads the whole audit log and checks every entry's seal, which covers the entry and the one before it. The seal is made
with the server's key, so whoever has only the database cannot make one.

  --head HASH  a head that the server's log named earlier ("audit log intact"): it still has to be there, so that a log
               that was cut short is found, too
  --json       one JSON object
  --help

Ends with 0 where the log is intact, else with 1 and the first entry that is not as it was written.

Environment: DATABASE_URL and PARLEY_SECRET_KEY, else the embedded database of a server that runs.`

async function main(): Promise<void> {
  const wanted = readOptions()
  if (wanted === 'help') {
    process.stdout.write(`${USAGE}\n`)
    return
  }
  await withDatabase(async (pool) => {
    const { auditKey, keyId } = await readSecrets()
    const log = createAuditLog(auditKey, keyId)
    const verified = await verifyLog(new Database(pool), log, wanted.head)
    const said = verified.isIntact
      ? `intact: entries ${verified.first} to ${verified.last}, head ${verified.head}`
      : `not as it was written: entry ${verified.seq} (${verified.problem})`
    process.stdout.write(`${wanted.json ? JSON.stringify(verified) : said}\n`)
    if (!verified.isIntact) process.exitCode = 1
  })
}

function readOptions(): { head: string | undefined; json: boolean } | 'help' {
  try {
    const { values } = parseArgs({
      options: {
        head: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h' },
      },
    })
    if (values.help === true) return 'help'
    return { head: values.head?.toLowerCase(), json: values.json }
  } catch {
    throw new CannotRun(USAGE)
  }
}

main().catch(fail)
