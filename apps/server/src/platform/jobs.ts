import { parseCronItems, run, Logger as WorkerLogger, type Runner } from 'graphile-worker'

import { within } from './overdue.ts'
import { type Services } from './services.ts'

/** The next run of most comes sooner; what was given up is done again from the state as it is then. */
const RUN_LIMIT_MS = 30 * 60_000
/** A job that is under way is waited for so long; one that is cut short is found again. */
const STOP_LIMIT_MS = 2_000

/**
 * Work by the clock, done by whichever server process comes first. A job may run twice and must not mind;
 * it re-reads the state before it acts.
 */
export interface Job {
  /** In the imperative. */
  name: string
  /** Five fields, in UTC. */
  cron: string
  run(services: Services): Promise<void>
}

export interface Jobs {
  stop(): Promise<void>
}

export async function startJobs(services: Services, jobs: readonly Job[]): Promise<Jobs> {
  const patient = { ...services, db: services.db.patient }
  const runOne = ({ name, run: work }: Job) => within(RUN_LIMIT_MS, name, work(patient))
  const runner: Runner = await run({
    pgPool: services.db.pool,
    concurrency: 2,
    noHandleSignals: true,
    noPreparedStatements: false,
    // The signals wake what must be fast; these are due by the minute.
    pollInterval: 5000,
    // Its own sentences quote the errors whole.
    logger: new WorkerLogger(() => (level, _message, about) => {
      if (level !== 'error' && level !== 'warning') return
      const { error, job } = (about ?? {}) as { error?: unknown; job?: { task_identifier: string } }
      const told = { part: 'jobs', err: error, job: job?.task_identifier }
      services.logger[level === 'error' ? 'error' : 'warn'](told, 'work by the clock is in trouble')
    }),
    taskList: Object.fromEntries(jobs.map((job) => [job.name, () => runOne(job)])),
    parsedCronItems: parseCronItems(
      jobs.map((job) => ({
        task: job.name,
        match: job.cron,
        options: { jobKey: job.name, jobKeyMode: 'preserve_run_at' as const, backfillPeriod: 0 },
      })),
    ),
  })
  return { stop: () => within(STOP_LIMIT_MS, 'jobs', runner.stop()) }
}
