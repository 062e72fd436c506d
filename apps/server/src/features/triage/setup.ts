import { triageRules, type TriageSettings } from '@parley/contracts'
import { type TriageRule, type TriageStep } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'
import { INTEGRATION_NAME } from './model/model-settings.ts'
import { type Team } from './model/prompt.ts'

/** Where a conversation goes that nothing places, where nobody has said otherwise. */
const DEFAULT_FALLBACK_SLUG = 'customer_service'

/** How triage is set up at this moment. */
export interface Setup {
  settings: TriageSettings & { version: number }
  /** The active ones, by slug. */
  teams: Team[]
  fallbackTeamId: string
  /** Version 0: nobody has written rules yet. */
  rules: { version: number; list: readonly TriageRule[] }
  /** Changes whenever the model's settings do; null: there is none that is on. */
  modelRevision: string | null
}

export interface SetupReader {
  read(db: Queryable): Promise<Setup>
}

interface SetupRow {
  steps: TriageStep[]
  fallback_team_id: string | null
  overall_limit_ms: number
  version: number
  rules_version: number
  teams: Team[] | null
  model_revision: string | null
}

/** Reads the setup anew each time; the rules only where their version is another one. */
export function createSetupReader(): SetupReader {
  let latest: Setup['rules'] = { version: 0, list: [] }

  async function rulesOf(db: Queryable, version: number): Promise<Setup['rules']> {
    if (version === 0) return { version, list: [] }
    if (latest.version !== version) latest = { version, list: (await readRules(db, version)) ?? [] }
    return latest
  }

  return {
    async read(db) {
      const row = await db.one<SetupRow>(sql`
        SELECT s.steps, s.fallback_team_id, s.overall_limit_ms, s.version,
               COALESCE((SELECT MAX(version) FROM triage_rule_sets), 0) AS rules_version,
               (SELECT jsonb_agg(jsonb_build_object(
                  'id', id, 'slug', slug, 'name', name, 'description', description) ORDER BY slug)
                FROM teams WHERE is_active) AS teams,
               (SELECT updated_at::text || ' ' || key_id FROM integration_configs
                WHERE name = ${INTEGRATION_NAME} AND is_active) AS model_revision
        FROM triage_settings s`)
      const teams = row.teams ?? []
      return {
        settings: {
          steps: row.steps,
          fallbackTeamId: row.fallback_team_id,
          overallLimitMs: row.overall_limit_ms,
          version: row.version,
        },
        teams,
        fallbackTeamId: fallbackAmong(teams, row.fallback_team_id),
        rules: await rulesOf(db, row.rules_version),
        modelRevision: row.model_revision,
      }
    },
  }
}

/** Where a conversation goes that nothing places. */
export async function fallbackTeam(db: Queryable): Promise<string> {
  return (await createSetupReader().read(db)).fallbackTeamId
}

/** Null where there is no such version. */
export async function readRules(db: Queryable, version: number): Promise<TriageRule[] | null> {
  const row = await db.maybe<{ rules: unknown }>(sql`
    SELECT rules FROM triage_rule_sets WHERE version = ${version}`)
  return row === null ? null : triageRules.parse(row.rules)
}

function fallbackAmong(teams: readonly Team[], chosenId: string | null): string {
  const team =
    teams.find(({ id }) => id === chosenId) ??
    teams.find(({ slug }) => slug === DEFAULT_FALLBACK_SLUG) ??
    teams[0]
  if (team === undefined) throw new Error('there is no active team to triage to')
  return team.id
}
