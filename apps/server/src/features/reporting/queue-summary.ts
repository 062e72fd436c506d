import { startPeriodic, type Periodic } from '../../platform/periodic.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'

const QUEUE_SUMMARY_INTERVAL_MS = 30_000
/** With millions of conversations it takes minutes. */
const LONGEST_REFRESH_MS = 15 * 60_000

/** Keeps the specification's view fresh for whoever reads the database; screens count from the feed. */
export function startQueueSummary(services: Services): Periodic {
  return startPeriodic(
    'refresh queue summary',
    QUEUE_SUMMARY_INTERVAL_MS,
    services,
    () =>
      services.db.patient.transaction(async (tx) => {
        // One process at a time; who comes second leaves it to the first.
        const { taken } = await tx.one<{ taken: boolean }>(sql`
          SELECT pg_try_advisory_xact_lock(hashtextextended('refresh-queue-summary', 1)) AS taken`)
        if (taken) await tx.run(sql`SELECT refresh_queue_summary()`)
      }),
    LONGEST_REFRESH_MS,
  )
}
