import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { reviewProblem } from '../problems/index.ts'

/** Within a quarter of an hour. Fewer are people who mistype on a Monday morning. */
const BURST = 60

/** Whoever came in by the password of last resort is told of for a day, so that each administrator has seen it. */
export async function reviewBreakGlass(services: Services): Promise<void> {
  await reviewProblem(services, { kind: 'break_glass_used' }, (db) =>
    db.maybe(sql`
      SELECT u.full_name AS person FROM audit_log a JOIN users u ON u.id::text = a.target_id
      WHERE a.action = 'session.break_glass_used' AND a.at > NOW() - INTERVAL '1 day'
      ORDER BY a.seq DESC LIMIT 1`),
  )
}

/** Tells administrators while many fail to sign in: somebody guesses, or what people sign in with is broken. */
export async function reviewFailures(services: Services): Promise<void> {
  await reviewProblem(services, { kind: 'sign_in_failures' }, async (db) => {
    const found = await db.one<{ failures: number; people: number }>(sql`
      SELECT COALESCE(SUM(1 + COALESCE((after->>'besides')::int, 0)), 0)::int AS failures,
             COUNT(DISTINCT target_id)::int AS people
      FROM audit_log
      WHERE at > NOW() - INTERVAL '15 minutes'
        AND action IN ('session.sign_in_failed', 'session.sign_in_throttled')`)
    return found.failures >= BURST ? found : null
  })
}
