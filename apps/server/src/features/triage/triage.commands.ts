import {
  getRulesOutput,
  type GetRulesOutput,
  type RuleSetSummary,
  type RuleVersionsOutput,
  type TriageSettings,
} from '@parley/contracts'
import { validateRules, type TriageRule } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { type Doer } from '../../platform/doer.ts'
import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import { recordAs } from '../../platform/record-as.ts'
import { sql, toJson } from '../../platform/sql.ts'
import { readRules, type SetupReader } from './setup.ts'

/** Triage's rules and settings as supervisors read and write them. */

const VERSIONS_PAGE = 50

const toSummary = recordAs(getRulesOutput.shape.ruleSet)

const NO_RULES: RuleSetSummary = {
  version: 0,
  note: '',
  createdBy: null,
  createdAt: null,
  restoredFrom: null,
  ruleCount: 0,
}

/**
 * @param version null: the newest
 * @throws Failure `not_found` where there is no such version
 */
export async function getRules(
  db: Queryable,
  setup: SetupReader,
  version: number | null,
): Promise<GetRulesOutput> {
  const { settings, rules } = await setup.read(db)
  const wanted = version ?? rules.version
  if (wanted === 0) return { ruleSet: NO_RULES, rules: [], settings }
  const summary = await db.maybe<object>(sql`
    SELECT version, note, created_by, created_at, restored_from,
           jsonb_array_length(rules) AS rule_count
    FROM triage_rule_sets WHERE version = ${wanted}`)
  const list = wanted === rules.version ? [...rules.list] : await readRules(db, wanted)
  if (summary === null || list === null) throw new Failure('not_found', { version: wanted })
  return { ruleSet: toSummary(summary), rules: list, settings }
}

/** The newest first. @param before null: from the newest on */
export async function ruleVersions(
  db: Queryable,
  before: number | null,
): Promise<RuleVersionsOutput> {
  const rows = await db.many<object>(sql`
    SELECT version, note, created_by, created_at, restored_from,
           jsonb_array_length(rules) AS rule_count
    FROM triage_rule_sets
    WHERE ${before}::int IS NULL OR version < ${before}
    ORDER BY version DESC LIMIT ${VERSIONS_PAGE + 1}`)
  return {
    versions: rows.slice(0, VERSIONS_PAGE).map(toSummary),
    hasOlder: rows.length > VERSIONS_PAGE,
  }
}

export type RuleContent =
  | { kind: 'rules'; rules: TriageRule[] }
  | { kind: 'restore'; version: number }

/**
 * A save is a new version, which decides from now on. An older one comes back as a new version, too; it is
 * checked like any other, since teams may have gone meanwhile.
 * @returns the new version
 * @throws Failure `conflict` (by, at, version), `invalid_input`, `not_found`
 */
export async function saveRules(
  { db, audit }: Services,
  setup: SetupReader,
  save: { basedOn: number; note: string; content: RuleContent },
  by: Doer,
): Promise<number> {
  const { content, basedOn, note } = save
  const rules = await rulesOf(db, content)
  await assertMeaningful(db, setup, rules)
  const restoredFrom = content.kind === 'restore' ? content.version : null
  // Two at once: the version's key lets one of them through.
  const inserted = await db.transaction(async (tx) => {
    const rows = await tx.run(sql`
      INSERT INTO triage_rule_sets (version, rules, note, restored_from, created_by)
      SELECT ${basedOn}::int + 1, ${toJson(rules)}, ${note}, ${restoredFrom}, ${by.id}
      WHERE ${basedOn} = COALESCE((SELECT MAX(version) FROM triage_rule_sets), 0)
      ON CONFLICT (version) DO NOTHING`)
    // The rules themselves are kept by their versions.
    const after = { version: basedOn + 1, rules: rules.length, restoredFrom }
    if (rows > 0) audit.record(tx, by, { action: 'triage.rules_changed', after })
    return rows
  })
  if (inserted === 0) throw await savedMeanwhile(db)
  return basedOn + 1
}

async function rulesOf(db: Queryable, content: RuleContent): Promise<TriageRule[]> {
  if (content.kind === 'rules') return content.rules
  const rules = await readRules(db, content.version)
  if (rules === null) throw new Failure('not_found', { version: content.version })
  return rules
}

/** @throws Failure `invalid_input`: the first problem's rule and field, and all problems */
export async function assertMeaningful(
  db: Queryable,
  setup: SetupReader,
  rules: readonly TriageRule[],
): Promise<void> {
  const { teams } = await setup.read(db)
  const problems = validateRules(rules, { teamIds: new Set(teams.map(({ id }) => id)) })
  const [first] = problems
  if (first === undefined) return
  throw new Failure('invalid_input', {
    rule: first.rule,
    field: `rules.${first.index}.${first.field}`,
    problem: first.problem,
    problems,
  })
}

async function savedMeanwhile(db: Queryable): Promise<Failure> {
  const newest = await db.maybe<{ version: number; created_by: string | null; created_at: Date }>(
    sql`SELECT version, created_by, created_at FROM triage_rule_sets ORDER BY version DESC LIMIT 1`,
  )
  return new Failure('conflict', {
    action: 'triage.saveRules',
    by: newest?.created_by ?? null,
    at: newest?.created_at.toISOString() ?? null,
    version: newest?.version ?? 0,
  })
}

/**
 * @returns the new version
 * @throws Failure `conflict` (by, at, version), `invalid_input` where the fallback team is not an active one
 */
export async function saveSettings(
  { db, audit }: Services,
  setup: SetupReader,
  save: { basedOn: number; settings: TriageSettings },
  by: Doer,
): Promise<number> {
  const { basedOn, settings } = save
  const { teams } = await setup.read(db)
  const { fallbackTeamId } = settings
  if (fallbackTeamId !== null && !teams.some(({ id }) => id === fallbackTeamId)) {
    throw new Failure('invalid_input', {
      field: 'settings.fallbackTeamId',
      problem: 'unknown_team',
    })
  }
  const updated = await db.transaction(async (tx) => {
    const before = await tx.one<TriageSettings>(sql`
      SELECT steps, fallback_team_id AS "fallbackTeamId", overall_limit_ms AS "overallLimitMs"
      FROM triage_settings FOR UPDATE`)
    const rows = await tx.run(sql`
      UPDATE triage_settings SET
        steps = ${settings.steps}, fallback_team_id = ${fallbackTeamId},
        overall_limit_ms = ${settings.overallLimitMs}, version = version + 1,
        updated_by = ${by.id}, updated_at = NOW()
      WHERE version = ${basedOn}`)
    if (rows > 0) {
      audit.record(tx, by, { action: 'triage.settings_changed', before, after: settings })
    }
    return rows
  })
  if (updated === 1) return basedOn + 1
  const now = await db.one<{ version: number; updated_by: string | null; updated_at: Date }>(
    sql`SELECT version, updated_by, updated_at FROM triage_settings`,
  )
  throw new Failure('conflict', {
    action: 'triage.saveSettings',
    by: now.updated_by,
    at: now.updated_at.toISOString(),
    version: now.version,
  })
}
