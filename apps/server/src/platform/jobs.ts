import { parseCronItems, run, Logger as WorkerLogger, type Runner } from 'graphile-worker'

import { type Services } from './services.ts'

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
  const runner: Runner = await run({
    pgPool: services.db.pool,
    concurrency: 2,
    noHandleSignals: true,
    noPreparedStatements: false,
    // The signals wake what must be fast; these are due by the minute.
    pollInterval: 5000,
    logger: new WorkerLogger(() => (level, message) => {
      if (level === 'error') services.logger.error({ part: 'jobs' }, message)
      else if (level === 'warning') services.logger.warn({ part: 'jobs' }, message)
    }),
    taskList: Object.fromEntries(jobs.map((job) => [job.name, () => job.run(services)])),
    parsedCronItems: parseCronItems(
      jobs.map((job) => ({
        task: job.name,
        match: job.cron,
        options: { jobKey: job.name, jobKeyMode: 'preserve_run_at' as const, backfillPeriod: 0 },
      })),
    ),
  })
  return { stop: () => runner.stop() }
}
