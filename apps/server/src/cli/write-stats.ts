import { parseArgs } from 'node:util'

import { findCalendarProblems } from '@parley/domain'
import { z } from 'zod'

import { writeStats } from '../features/reporting/index.ts'
import { Database } from '../platform/database.ts'
import { CannotRun, fail, withDatabase } from './with-database.ts'

/** `npm run write-stats -- --from … --to …`: the statistics of past days once more. */

const USAGE = `Usage: npm run write-stats -- --from 2026-01-01 --to 2026-01-31

Writes the daily statistics of people and teams (agent_stats, team_stats) again for the days given, both
included, from what the database holds now. The running server does so by itself for the last seven days; this
is for older ones. It can be repeated, and interrupted between two days.

  --from, --to   YYYY-MM-DD; without --to one day
  --help

Environment: DATABASE_URL, else the embedded database of a server that runs; REPORTING_TIME_ZONE (default
America/Mexico_City), where a day begins and ends.`

const options = z
  .object({
    from: z.iso.date(),
    to: z.iso.date().optional(),
    timeZone: z
      .string()
      .refine(
        (name) => findCalendarProblems({ timeZone: name, windows: [], holidays: [] }).length === 0,
      ),
  })
  .transform(({ from, to, timeZone }) => ({ from, to: to ?? from, timeZone }))
  .refine(({ from, to }) => from <= to)
type Options = z.infer<typeof options>

async function main(): Promise<void> {
  const wanted = readOptions()
  if (wanted === 'help') {
    process.stdout.write(`${USAGE}\n`)
    return
  }
  await withDatabase(async (pool) => {
    const db = new Database(pool)
    for (const date of daysOf(wanted)) {
      await writeStats(db, date, wanted.timeZone)
      process.stdout.write(`${date}\n`)
    }
  })
}

function readOptions(): Options | 'help' {
  try {
    const { values } = parseArgs({
      options: {
        from: { type: 'string' },
        to: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    if (values.help === true) return 'help'
    const timeZone = process.env['REPORTING_TIME_ZONE'] || 'America/Mexico_City'
    return options.parse({ ...values, timeZone })
  } catch {
    throw new CannotRun(USAGE)
  }
}

function* daysOf({ from, to }: Options): Generator<string> {
  const day = new Date(`${from}T00:00:00Z`)
  for (let date = from; date <= to; date = day.toISOString().slice(0, 10)) {
    yield date
    day.setUTCDate(day.getUTCDate() + 1)
  }
}

main().catch(fail)
