import { type Job } from '../../platform/jobs.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { reviewProblem } from '../problems/index.ts'

/** Sooner for one that lives shortly: nobody is told of a key on the day on which they made it. */
const TOLD_BEFORE_DAYS = 14
const TOLD_IN_LAST_PART = 0.25
/** Whatever used it has stopped, and whoever looks for the reason finds it for so long. */
const TOLD_AFTER_DAYS = 7
/** One that nobody used for longer is missed by nobody. */
const IN_USE_DAYS = 30

export const apiKeyJobs: readonly Job[] = [
  { name: 'review-ending-api-keys', cron: '20 * * * *', run: reviewEndingKeys },
]

/** A directory whose key has ended stops telling who has left, and says so to nobody here. */
export async function reviewEndingKeys(services: Services): Promise<void> {
  const keys = await services.db.many<{ id: string }>(sql`
    SELECT id FROM api_keys
    WHERE revoked_at IS NULL AND expires_at > NOW() - make_interval(days => ${TOLD_AFTER_DAYS})
    UNION SELECT subject::uuid FROM problems WHERE kind = 'api_key_ending' AND ended_at IS NULL`)
  for (const { id } of keys) {
    await reviewProblem(services, { kind: 'api_key_ending', subject: id }, (db) =>
      db.maybe(sql`
        SELECT k.name, GREATEST(0, CEIL(EXTRACT(EPOCH FROM k.expires_at - NOW()) / 86400))::int AS days
        FROM api_keys k JOIN users u ON u.id = k.owner_id
        WHERE k.id = ${id} AND k.revoked_at IS NULL AND u.is_active
          AND NOT EXISTS (SELECT FROM api_keys next WHERE next.replaces = k.id)
          AND k.last_used_at > LEAST(NOW(), k.expires_at) - make_interval(days => ${IN_USE_DAYS})
          AND k.expires_at > NOW() - make_interval(days => ${TOLD_AFTER_DAYS})
          AND k.expires_at < NOW() + LEAST(make_interval(days => ${TOLD_BEFORE_DAYS}),
                                           (k.expires_at - k.created_at) * ${TOLD_IN_LAST_PART}::float8)`),
    )
  }
}
