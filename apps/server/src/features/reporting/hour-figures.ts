import { type HourFiguresOutput } from '@parley/contracts'

import { type Queryable } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'
import { onTime } from './on-time.ts'

const MINUTES = 60
const HOUR_MS = 3_600_000

/**
 * The last hour of some teams for the wallboard. First responses are in plain seconds, as in the statistics;
 * in time is counted as in the report of breaches.
 * @param teamIds null: all active teams
 */
export async function hourFigures(
  db: Queryable,
  teamIds: readonly string[] | null,
): Promise<HourFiguresOutput> {
  const teams = await readTeams(db, teamIds)
  const watched = teams.map(({ team_id }) => team_id)
  const { now } = await db.one<{ now: Date }>(sql`SELECT NOW() AS now`)
  const hour = { from: new Date(now.getTime() - HOUR_MS).toISOString(), to: now.toISOString() }
  const scope = { userId: null, teamIds: watched }
  const [counts, firstResponse, resolution] = await Promise.all([
    readCounts(db, watched),
    onTime(db, scope, hour, 'first_response'),
    onTime(db, scope, hour, 'resolution'),
  ])
  return {
    teams: teams.map((team) => ({
      teamId: team.team_id,
      queue: (team.queue ?? []).map(({ at, queued }) => ({
        at: new Date(at).toISOString(),
        queued,
      })),
      medianFirstResponseSeconds: team.median,
    })),
    lastHour: { ...counts, firstResponse, resolution },
  }
}

function readTeams(
  db: Queryable,
  teamIds: readonly string[] | null,
): Promise<
  { team_id: string; queue: { at: string; queued: number }[] | null; median: number | null }[]
> {
  return db.many(sql`
    SELECT t.id AS team_id, q.queue, r.median
    FROM teams t
    LEFT JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_object('at', s.sampled_at, 'queued', s.queued) ORDER BY s.sampled_at) AS queue
      FROM (SELECT sampled_at, queued FROM queue_samples
            WHERE team_id = t.id AND sampled_at > NOW() - INTERVAL '1 hour'
            ORDER BY sampled_at DESC LIMIT ${MINUTES}) s) q ON TRUE
    LEFT JOIN (
      SELECT team_id, ROUND((PERCENTILE_CONT(0.5) WITHIN GROUP (
               ORDER BY GREATEST(0, EXTRACT(EPOCH FROM first_response_at - first_message_at))::float8))::numeric)::int AS median
      FROM conversations WHERE first_response_at > NOW() - INTERVAL '1 hour'
      GROUP BY team_id) r ON r.team_id = t.id
    WHERE t.is_active AND (${teamIds}::uuid[] IS NULL OR t.id = ANY(${teamIds}::uuid[]))
    ORDER BY t.name, t.id`)
}

function readCounts(
  db: Queryable,
  teamIds: readonly string[],
): Promise<{ created: number; createdBefore: number; closed: number; closedBefore: number }> {
  return db.one(sql`
    SELECT
      (SELECT COUNT(*)::int FROM conversations WHERE team_id = ANY(${teamIds}::uuid[])
         AND created_at > NOW() - INTERVAL '1 hour') AS created,
      (SELECT COUNT(*)::int FROM conversations WHERE team_id = ANY(${teamIds}::uuid[])
         AND created_at > NOW() - INTERVAL '2 hours' AND created_at <= NOW() - INTERVAL '1 hour') AS "createdBefore",
      (SELECT COUNT(*)::int FROM conversations WHERE team_id = ANY(${teamIds}::uuid[]) AND status = 'closed'
         AND closed_at > NOW() - INTERVAL '1 hour') AS closed,
      (SELECT COUNT(*)::int FROM conversations WHERE team_id = ANY(${teamIds}::uuid[]) AND status = 'closed'
         AND closed_at > NOW() - INTERVAL '2 hours' AND closed_at <= NOW() - INTERVAL '1 hour') AS "closedBefore"`)
}
