import { type Job } from '../../platform/jobs.ts'
import { type Services } from '../../platform/services.ts'
import { sql, type Statement } from '../../platform/sql.ts'

/** Before every other. */
const NIL_ID = '00000000-0000-0000-0000-000000000000'

/** What has outlived its purpose, table by table, in portions that hold no lock for long. */
export const retentionJobs: readonly Job[] = [
  // What waits in quarantine stays for longer: somebody may still have it processed.
  prune(
    'prune-webhook-bodies',
    '10 * * * *',
    sql`
      WITH kept AS (
        SELECT webhook_body_id AS id FROM quarantined_updates
        WHERE resolved_at IS NULL AND created_at > NOW() - INTERVAL '90 days'
      )
      DELETE FROM webhook_bodies WHERE id IN (
        SELECT id FROM (
          SELECT * FROM webhook_bodies ORDER BY id LIMIT 5000 + (SELECT COUNT(*) FROM kept)) AS oldest
        WHERE received_at < NOW() - INTERVAL '14 days' AND processed_at IS NOT NULL
          AND id NOT IN (SELECT id FROM kept))`,
  ),
  prune(
    'prune-server-processes',
    '12 * * * *',
    sql`DELETE FROM server_processes WHERE seen_at < NOW() - INTERVAL '1 day'`,
  ),
  prune(
    'prune-parked-receipts',
    '15 * * * *',
    sql`
      DELETE FROM parked_receipts WHERE (channel_message_id, status) IN (
        SELECT channel_message_id, status FROM parked_receipts
        WHERE parked_at < NOW() - INTERVAL '14 days' LIMIT 5000)`,
  ),
  { name: 'prune-changes', cron: '20 * * * *', run: pruneChanges },
  prune(
    'prune-sessions',
    '25 3 * * *',
    sql`
      DELETE FROM sessions WHERE id IN (
        SELECT id FROM sessions WHERE ended_at < NOW() - INTERVAL '90 days' LIMIT 1000)`,
  ),
  prune(
    'prune-intents',
    '30 3 * * *',
    sql`
      DELETE FROM intents WHERE id IN (
        SELECT id FROM intents WHERE created_at < NOW() - INTERVAL '30 days' LIMIT 5000)`,
  ),
  prune(
    'prune-offers',
    '35 3 * * *',
    sql`
      DELETE FROM offers WHERE id IN (
        SELECT id FROM offers WHERE decided_at < NOW() - INTERVAL '90 days' LIMIT 5000)`,
  ),
  prune(
    'prune-presence-history',
    '40 3 * * *',
    sql`
      DELETE FROM presence_history WHERE id IN (
        SELECT id FROM presence_history WHERE ended_at < NOW() - INTERVAL '1 year' LIMIT 5000)`,
  ),
  prune(
    'prune-integration-logs',
    '45 3 * * *',
    sql`
      DELETE FROM integration_logs WHERE id IN (
        SELECT id FROM integration_logs WHERE created_at < NOW() - INTERVAL '90 days' LIMIT 5000)`,
  ),
  prune(
    'prune-rate-limit-buckets',
    '50 * * * *',
    sql`
      DELETE FROM rate_limit_buckets WHERE id IN (
        SELECT id FROM rate_limit_buckets WHERE window_end < NOW() - INTERVAL '1 day' LIMIT 5000)`,
  ),
  // What is open stays: a workstation would go on showing it.
  prune(
    'prune-alerts',
    '55 * * * *',
    sql`
      DELETE FROM alerts WHERE id IN (
        SELECT id FROM alerts
        WHERE raised_at < NOW() - INTERVAL '90 days' AND ended_at IS NOT NULL LIMIT 5000)`,
  ),
  prune(
    'prune-problems',
    '58 * * * *',
    sql`
      DELETE FROM problems WHERE id IN (
        SELECT id FROM problems WHERE ended_at < NOW() - INTERVAL '90 days' LIMIT 5000)`,
  ),
  prune(
    'prune-escalations',
    '0 4 * * *',
    sql`
      DELETE FROM escalations WHERE id IN (
        SELECT id FROM escalations WHERE ended_at < NOW() - INTERVAL '1 year' LIMIT 5000)`,
  ),
  { name: 'prune-read-marks', cron: '10 4 * * *', run: pruneReadMarks },
  prune(
    'prune-queue-samples',
    '5 * * * *',
    sql`
      DELETE FROM queue_samples WHERE (team_id, sampled_at) IN (
        SELECT team_id, sampled_at FROM queue_samples
        WHERE sampled_at < NOW() - INTERVAL '7 days' LIMIT 5000)`,
  ),
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

/**
 * Marks of conversations that no workstation holds any more, or of who is none of us any more. They are walked from the
 * oldest as far as such may be: what is left behind on the way is of what stands open.
 */
async function pruneReadMarks({ db }: Services): Promise<void> {
  let after: string | null = NIL_ID
  while (after !== null) {
    const { next }: { next: string | null } = await db.one(sql`
      WITH portion AS MATERIALIZED (
        SELECT id, user_id, conversation_id, created_at < NOW() - INTERVAL '30 days' AS is_old
        FROM read_marks WHERE id > ${after} ORDER BY id LIMIT 5000
      ), pruned AS (
        DELETE FROM read_marks WHERE id IN (
          SELECT p.id FROM portion p
          WHERE p.is_old AND (
            EXISTS (SELECT FROM conversations c WHERE c.id = p.conversation_id
                    AND c.status = 'closed' AND c.closed_at < NOW() - INTERVAL '30 days')
            OR NOT EXISTS (SELECT FROM users u WHERE u.id = p.user_id AND u.is_active)))
      )
      SELECT CASE WHEN bool_and(is_old) AND COUNT(*) = 5000
             THEN (SELECT id FROM portion ORDER BY id DESC LIMIT 1) END AS next
      FROM portion`)
    after = next
  }
}

/** @param portion deletes at most as many rows as a short transaction may hold */
function prune(name: string, cron: string, portion: Statement): Job {
  return { name, cron, run: ({ db }) => inPortions(() => db.run(portion)) }
}

async function inPortions(portion: () => Promise<number>): Promise<void> {
  while ((await portion()) > 0);
}
