import { type HourFiguresOutput } from '@parley/contracts'

import { type Queryable } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'

const MINUTES = 60

/**
 * The last hour of some teams for the wallboard. First responses are in plain seconds, as in the statistics;
 * in time is what the clocks, which run in business time, say of those that stopped within the hour.
 * @param teamIds null: all active teams
 */
export async function hourFigures(
  db: Queryable,
  teamIds: readonly string[] | null,
): Promise<HourFiguresOutput> {
  const teams = await readTeams(db, teamIds)
  const watched = teams.map(({ team_id }) => team_id)
  const [counts, clocks] = await Promise.all([readCounts(db, watched), readClocks(db, watched)])
  return {
    teams: teams.map((team) => ({
      teamId: team.team_id,
      queue: (team.queue ?? []).map(({ at, queued }) => ({
        at: new Date(at).toISOString(),
        queued,
      })),
      medianFirstResponseSeconds: team.median,
    })),
    lastHour: {
      created: counts.created,
      createdBefore: counts.created_before,
      closed: counts.closed,
      closedBefore: counts.closed_before,
      firstResponse: { met: clocks.first_response_met, total: clocks.first_response_total },
      resolution: { met: clocks.resolution_met, total: clocks.resolution_total },
    },
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
               ORDER BY EXTRACT(EPOCH FROM first_response_at - first_message_at)::float8))::numeric)::int AS median
      FROM conversations WHERE first_response_at > NOW() - INTERVAL '1 hour'
      GROUP BY team_id) r ON r.team_id = t.id
    WHERE t.is_active AND (${teamIds}::uuid[] IS NULL OR t.id = ANY(${teamIds}::uuid[]))
    ORDER BY t.name, t.id`)
}

function readCounts(
  db: Queryable,
  teamIds: readonly string[],
): Promise<{ created: number; created_before: number; closed: number; closed_before: number }> {
  return db.one(sql`
    SELECT
      (SELECT COUNT(*)::int FROM conversations WHERE team_id = ANY(${teamIds}::uuid[])
         AND created_at > NOW() - INTERVAL '1 hour') AS created,
      (SELECT COUNT(*)::int FROM conversations WHERE team_id = ANY(${teamIds}::uuid[])
         AND created_at > NOW() - INTERVAL '2 hours' AND created_at <= NOW() - INTERVAL '1 hour') AS created_before,
      (SELECT COUNT(*)::int FROM conversations WHERE team_id = ANY(${teamIds}::uuid[]) AND status = 'closed'
         AND closed_at > NOW() - INTERVAL '1 hour') AS closed,
      (SELECT COUNT(*)::int FROM conversations WHERE team_id = ANY(${teamIds}::uuid[]) AND status = 'closed'
         AND closed_at > NOW() - INTERVAL '2 hours' AND closed_at <= NOW() - INTERVAL '1 hour') AS closed_before`)
}

function readClocks(
  db: Queryable,
  teamIds: readonly string[],
): Promise<{
  first_response_met: number
  first_response_total: number
  resolution_met: number
  resolution_total: number
}> {
  return db.one(sql`
    SELECT
      COUNT(*) FILTER (WHERE t.clock = 'first_response' AND NOT t.is_missed)::int AS first_response_met,
      COUNT(*) FILTER (WHERE t.clock = 'first_response')::int AS first_response_total,
      COUNT(*) FILTER (WHERE t.clock = 'resolution' AND NOT t.is_missed)::int AS resolution_met,
      COUNT(*) FILTER (WHERE t.clock = 'resolution')::int AS resolution_total
    FROM sla_timers t JOIN conversations c ON c.id = t.conversation_id
    WHERE t.stopped_at > NOW() - INTERVAL '1 hour' AND c.team_id = ANY(${teamIds}::uuid[])`)
}
