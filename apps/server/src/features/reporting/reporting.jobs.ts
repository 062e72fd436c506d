import { type Job } from '../../platform/jobs.ts'
import { startPeriodic, type Periodic } from '../../platform/periodic.ts'
import { type Leases } from '../../platform/leases.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'

const QUEUE_SUMMARY_INTERVAL_MS = 30_000

/** Keeps the specification's view fresh for whoever reads the database; screens count from the feed. */
export function startQueueSummary(services: Services, leases: Leases): Periodic {
  return startPeriodic(
    'refresh queue summary',
    QUEUE_SUMMARY_INTERVAL_MS,
    services.logger,
    async () => {
      const lease = await leases.tryTake('refresh-queue-summary')
      if (lease === null) return
      try {
        await services.db.run(sql`REFRESH MATERIALIZED VIEW CONCURRENTLY queue_summary`)
      } finally {
        await lease.release()
      }
    },
  )
}

/** What has outlived its purpose, table by table, in portions that hold no lock for long. */
export const retentionJobs: readonly Job[] = [
  {
    name: 'prune-webhook-bodies',
    cron: '10 * * * *',
    run: ({ db }) =>
      inPortions(() =>
        db.run(sql`
          DELETE FROM webhook_bodies WHERE id IN (
            SELECT id FROM (SELECT * FROM webhook_bodies ORDER BY id LIMIT 5000) AS oldest
            WHERE received_at < NOW() - INTERVAL '14 days' AND processed_at IS NOT NULL)`),
      ),
  },
  {
    name: 'prune-parked-receipts',
    cron: '15 * * * *',
    run: ({ db }) =>
      inPortions(() =>
        db.run(sql`
          DELETE FROM parked_receipts WHERE (channel_message_id, status) IN (
            SELECT channel_message_id, status FROM parked_receipts
            WHERE parked_at < NOW() - INTERVAL '14 days' LIMIT 5000)`),
      ),
  },
  { name: 'prune-changes', cron: '20 * * * *', run: pruneChanges },
  {
    name: 'prune-sessions',
    cron: '25 3 * * *',
    run: ({ db }) =>
      inPortions(() =>
        db.run(sql`
          DELETE FROM sessions WHERE id IN (
            SELECT id FROM sessions WHERE ended_at < NOW() - INTERVAL '90 days' LIMIT 1000)`),
      ),
  },
  {
    name: 'prune-intents',
    cron: '30 3 * * *',
    run: ({ db }) =>
      inPortions(() =>
        db.run(sql`
          DELETE FROM intents WHERE id IN (
            SELECT id FROM intents WHERE created_at < NOW() - INTERVAL '30 days' LIMIT 5000)`),
      ),
  },
]

/** The horizon moves before the rows go, so that nobody resumes from a place whose sequel is gone. */
async function pruneChanges({ db }: Services): Promise<void> {
  await db.run(sql`
    UPDATE feed_state SET horizon = GREATEST(horizon, COALESCE((
      SELECT MAX(transaction) FROM (
        SELECT transaction, created_at FROM changes ORDER BY transaction LIMIT 100000) AS oldest
      WHERE created_at < NOW() - INTERVAL '30 days'), '0'::xid8))`)
  await inPortions(() =>
    db.run(sql`
      DELETE FROM changes WHERE (transaction, number) IN (
        SELECT transaction, number FROM changes, feed_state
        WHERE transaction < feed_state.horizon ORDER BY transaction LIMIT 5000)`),
  )
}

async function inPortions(portion: () => Promise<number>): Promise<void> {
  while ((await portion()) > 0);
}
