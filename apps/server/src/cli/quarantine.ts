import { parseArgs } from 'node:util'

import pLimit from 'p-limit'

import { listQuarantined, retryQuarantined, createBatches } from '../features/intake/index.ts'
import { Database } from '../platform/database.ts'
import { createLogger } from '../platform/logger.ts'
import { createServices } from '../platform/services.ts'
import { CannotRun, fail, readSecrets, withDatabase } from './with-database.ts'

/** `npm run quarantine -- list | retry`: what came in and could not be processed. */

const USAGE = `Usage: npm run quarantine -- list [--reason REASON] [--json]
       npm run quarantine -- retry [--reason REASON] [--json]

What a channel sent and Parley could not process waits here with its reason; its neighbours took effect.

  list    shows what waits: when it came, from which channel, where in the webhook it stood, how often it was
          tried, and why it waits. Never what the customer wrote.
  retry   tries all of it once more, for instance after an update of Parley, or once a channel is set up

  --reason REASON  only what waits for this reason, such as unknown_channel_account
  --json           one JSON object a line
  --help

Environment: DATABASE_URL and PARLEY_SECRET_KEY, else the embedded database of a server that runs.`

interface Options {
  command: 'list' | 'retry'
  reason: string | null
  json: boolean
}

async function main(): Promise<void> {
  const wanted = readOptions()
  if (wanted === 'help') {
    process.stdout.write(`${USAGE}\n`)
    return
  }
  await withDatabase(async (pool, connectionString) => {
    const db = new Database(pool)
    const say = (line: Record<string, string | number>): void => {
      const text = wanted.json ? JSON.stringify(line) : Object.values(line).join('  ')
      process.stdout.write(`${text}\n`)
    }
    if (wanted.command === 'list') {
      await listQuarantined(db, wanted.reason, (one) =>
        say({
          came: one.created_at.toISOString(),
          channel: one.channel,
          path: one.path || '(all of it)',
          tries: one.tries,
          reason: one.reason,
        }),
      )
      return
    }
    const logger = createLogger('error')
    const common = await createServices(db, connectionString, await readSecrets(), logger)
    await common.signals.start()
    try {
      const services = {
        ...common,
        // The running server finds what is new, and triages it.
        triage: { begin: () => {} },
        batches: createBatches(db),
        alone: pLimit(1),
      }
      await retryQuarantined(services, wanted.reason, (one, problem) =>
        say({
          came: one.created_at.toISOString(),
          channel: one.channel,
          path: one.path || '(all of it)',
          outcome: problem === null ? 'processed' : problem.reason,
        }),
      )
    } finally {
      await common.signals.stop()
    }
  })
}

function readOptions(): Options | 'help' {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        reason: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h' },
      },
    })
    if (values.help === true) return 'help'
    const [command, ...more] = positionals
    if ((command !== 'list' && command !== 'retry') || more.length > 0)
      throw new Error('no command')
    return { command, reason: values.reason ?? null, json: values.json }
  } catch {
    throw new CannotRun(USAGE)
  }
}

main().catch(fail)
