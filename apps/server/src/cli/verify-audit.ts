import { open } from 'node:fs/promises'
import { parseArgs } from 'node:util'

import { verifyCopy, verifyLog } from '../features/audit/index.ts'
import { createAuditLog, type AuditLog } from '../platform/audit-log.ts'
import { Database } from '../platform/database.ts'
import { CannotRun, fail, readSecrets, withDatabase } from './with-database.ts'

/** `npm run verify-audit`: whether the audit log, or a copy of it, is as it was written. */

const USAGE = `Usage: npm run verify-audit -- [--head HASH | --file FILE [--whole]] [--json]

Reads the whole audit log and checks every entry's seal, which covers the entry and the one before it. The seal is made
with the server's key, so whoever has only the database cannot make one.

  --head HASH  a head that the server's log named earlier ("audit log intact"): it still has to be there, so that a log
               that was cut short is found, too
  --file FILE  an export instead of the log: every line of it is checked, and needs no database. That entries were left
               out at its beginning or end no copy can show; the log says what was exported, when and by whom
  --whole      of a file that was not filtered: entries left out between its first and its last are a failure, too
  --json       one JSON object
  --help

Ends with 0 where the log is intact, else with 1 and the first entry that is not as it was written.

Environment: DATABASE_URL and PARLEY_SECRET_KEY, else the embedded database of a server that runs; for a file
PARLEY_SECRET_KEY alone.`

async function main(): Promise<void> {
  const wanted = readOptions()
  if (wanted === 'help') {
    process.stdout.write(`${USAGE}\n`)
    return
  }
  const log = createAuditLog(await readSecrets())
  if (wanted.file !== undefined) return verifyFile(wanted.file, log, wanted)
  await withDatabase(async (pool) => {
    const verified = await verifyLog(new Database(pool), log, wanted.head)
    const said = verified.isIntact
      ? `intact: entries ${verified.first} to ${verified.last}, head ${verified.head}`
      : `${verdict(verified.problem)}: entry ${verified.seq} (${verified.problem})`
    process.stdout.write(`${wanted.json ? JSON.stringify(verified) : said}\n`)
    if (!verified.isIntact) process.exitCode = 1
  })
}

async function verifyFile(name: string, log: AuditLog, { json, isWhole }: Options): Promise<void> {
  const file = await open(name).catch((error: unknown) => {
    throw new CannotRun(`${name} cannot be read: ${(error as NodeJS.ErrnoException).code}`)
  })
  const verified = await verifyCopy(file.readLines(), log)
  const said = verified.isIntact
    ? `intact: ${verified.entries} entries${verified.isWithoutGaps ? '' : ', with others left out between them'}`
    : `${verdict(verified.problem)}: line ${verified.line} (${verified.problem})`
  process.stdout.write(`${json ? JSON.stringify(verified) : said}\n`)
  const isAsAsked = verified.isIntact && (verified.isWithoutGaps || !isWhole)
  if (!isAsAsked) process.exitCode = 1
}

/** Whoever has typed another key is not to think of a break-in first. */
function verdict(problem: string): string {
  return problem === 'other_key'
    ? 'not as it was written, or sealed with another PARLEY_SECRET_KEY than the one given here'
    : 'not as it was written'
}

interface Options {
  head: string | undefined
  file: string | undefined
  isWhole: boolean
  json: boolean
}

function readOptions(): Options | 'help' {
  try {
    const { values } = parseArgs({
      options: {
        head: { type: 'string' },
        file: { type: 'string' },
        whole: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h' },
      },
    })
    if (values.help === true) return 'help'
    if (values.head !== undefined && values.file !== undefined) throw new Error('one of them')
    const { file, whole: isWhole, json } = values
    if (isWhole && file === undefined) throw new Error('only a file')
    return { head: values.head?.toLowerCase(), file, isWhole, json }
  } catch {
    throw new CannotRun(USAGE)
  }
}

main().catch(fail)
