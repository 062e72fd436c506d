import { type Job } from '../../platform/jobs.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { writeStats } from './write-stats.ts'

/**
 * Each day's figures while they still change, and how long the queues are, minute by minute.
 * @param timeZone IANA name: where a day of the statistics begins and ends
 */
export function statisticsJobs(timeZone: string): readonly Job[] {
  return [
    {
      name: 'write-stats',
      cron: '*/15 * * * *',
      run: (services) => writeLastDays(services, timeZone, 2),
    },
    {
      // A receipt, a reopening or a merge may come days later.
      name: 'write-stats-of-last-week',
      cron: '55 3 * * *',
      run: (services) => writeLastDays(services, timeZone, 7),
    },
    { name: 'sample-queues', cron: '* * * * *', run: sampleQueues },
  ]
}

/** @param count days, today included */
async function writeLastDays({ db }: Services, timeZone: string, count: number): Promise<void> {
  const days = await db.many<{ date: string }>(sql`
    SELECT ((NOW() AT TIME ZONE ${timeZone})::date - ago)::text AS date
    FROM generate_series(0, ${count}::int - 1) AS ago ORDER BY ago`)
  for (const { date } of days) await writeStats(db, date, timeZone)
}

/** How many wait in each active team's queue now; of one minute once, whoever asks. */
async function sampleQueues({ db }: Services): Promise<void> {
  await db.run(sql`
    INSERT INTO queue_samples (team_id, sampled_at, queued)
    SELECT t.id, date_trunc('minute', NOW()),
           (SELECT COUNT(*) FROM conversations c WHERE c.team_id = t.id AND c.status = 'queued')
    FROM teams t WHERE t.is_active
    ON CONFLICT (team_id, sampled_at) DO NOTHING`)
}
