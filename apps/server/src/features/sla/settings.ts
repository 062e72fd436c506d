import {
  slaSettings,
  slaSettingsOutput,
  type SlaEffect,
  type SlaSettings,
  type SlaSettingsOutput,
} from '@parley/contracts'
import { PRIORITIES, type Priority, type SlaTerms } from '@parley/domain'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { type Doer } from '../../platform/doer.ts'
import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import { recordAs } from '../../platform/record-as.ts'
import { sql, toJson } from '../../platform/sql.ts'
import { calendarOfTeam } from '../business-hours/index.ts'
import { effectOf } from './effect.ts'
import { requestRecompute } from './recompute.ts'

interface SettingsRow {
  policies: {
    priority: Priority
    first_response: number
    resolution: number
    escalation: number | null
  }[]
}

const toOutput = recordAs(slaSettingsOutput)
const toSettings = recordAs(slaSettings)

/** @throws Failure `not_found` */
export async function readSlaSettings(db: Queryable, teamId: string): Promise<SlaSettingsOutput> {
  const row = await db.maybe<SettingsRow>(sql`
    SELECT s.sla_version::int AS version, s.sla_updated_by AS updated_by, s.sla_updated_at AS updated_at,
           s.sla_warning_percent AS warning_percent, s.sla_pauses_on_customer AS pauses_on_customer,
           s.sla_warns_leads AS warn_leads,
           COALESCE((SELECT jsonb_agg(jsonb_build_object(
                       'priority', p.priority, 'first_response', p.frt_target_seconds,
                       'resolution', p.resolution_target_seconds, 'escalation', p.escalation_after_seconds))
                     FROM sla_policies p WHERE p.team_id = s.team_id AND p.is_active), '[]') AS policies,
           EXISTS (SELECT 1 FROM sla_recomputes r WHERE r.team_id = s.team_id) AS is_recomputing
    FROM team_settings s WHERE s.team_id = ${teamId}`)
  if (row === null) throw new Failure('not_found')
  return toOutput({ ...row, settings: toSettings({ ...row, policies: policiesOf(row) }) })
}

function policiesOf({ policies }: SettingsRow): SlaSettings['policies'] {
  const byPriority = new Map(
    policies.map(({ priority, first_response, resolution, escalation }) => [
      priority,
      {
        firstResponseSeconds: first_response,
        resolutionSeconds: resolution,
        escalationSeconds: escalation,
      },
    ]),
  )
  return {
    urgent: byPriority.get('urgent') ?? null,
    high: byPriority.get('high') ?? null,
    normal: byPriority.get('normal') ?? null,
    low: byPriority.get('low') ?? null,
  }
}

/**
 * Saves what a team promises; its open conversations are computed anew in the background.
 * @throws Failure `not_found`, `conflict` (by, at, version)
 */
export async function saveSlaSettings(
  services: Services,
  save: { teamId: string; settings: SlaSettings; basedOn: number },
  by: Doer,
): Promise<SlaSettingsOutput> {
  const { teamId, settings, basedOn } = save
  return services.db.transaction(async (tx) => {
    const before = await readSlaSettings(tx, teamId)
    const saved = await tx.run(sql`
      UPDATE team_settings SET
        sla_version = sla_version + 1, sla_updated_by = ${by.id}, sla_updated_at = NOW(),
        sla_warning_percent = ${settings.warningPercent},
        sla_pauses_on_customer = ${settings.pausesOnCustomer}, sla_warns_leads = ${settings.warnLeads}
      WHERE team_id = ${teamId} AND sla_version = ${basedOn}`)
    if (saved === 0) throw await savedMeanwhile(tx, teamId)
    await savePolicies(tx, teamId, settings.policies)
    await requestRecompute(services, tx, teamId)
    services.audit.record(tx, by, {
      action: 'team.service_levels_changed',
      target: { kind: 'team', id: teamId },
      before: before.settings,
      after: settings,
    })
    return readSlaSettings(tx, teamId)
  })
}

async function savedMeanwhile(tx: Transaction, teamId: string): Promise<Failure> {
  const { version, updatedBy, updatedAt } = await readSlaSettings(tx, teamId)
  return new Failure('conflict', { action: 'sla.saved', version, by: updatedBy, at: updatedAt })
}

/** A policy that is given up stays, inactive: breaches on record name it. */
async function savePolicies(
  tx: Transaction,
  teamId: string,
  policies: SlaSettings['policies'],
): Promise<void> {
  const rows = PRIORITIES.flatMap((priority) => {
    const policy = policies[priority]
    return policy === null ? [] : { priority, ...policy }
  })
  await tx.run(sql`
    UPDATE sla_policies SET is_active = FALSE
    WHERE team_id = ${teamId} AND priority <> ALL (${rows.map(({ priority }) => priority)}::text[])`)
  await tx.run(sql`
    INSERT INTO sla_policies (id, team_id, priority, frt_target_seconds, resolution_target_seconds,
                              escalation_after_seconds, is_active)
    SELECT new_id(), ${teamId}, priority, "firstResponseSeconds", "resolutionSeconds", "escalationSeconds", TRUE
    FROM jsonb_to_recordset(${toJson(rows)}::jsonb) AS t(
      priority TEXT, "firstResponseSeconds" INT, "resolutionSeconds" INT, "escalationSeconds" INT)
    ON CONFLICT (team_id, priority) DO UPDATE SET
      frt_target_seconds = excluded.frt_target_seconds,
      resolution_target_seconds = excluded.resolution_target_seconds,
      escalation_after_seconds = excluded.escalation_after_seconds, is_active = TRUE`)
}

/** What saving these settings now would do. Changes nothing. */
export async function previewSlaSettings(
  db: Queryable,
  { teamId, settings }: { teamId: string; settings: SlaSettings },
): Promise<SlaEffect> {
  const calendar = await calendarOfTeam(db, teamId)
  return effectOf(db, teamId, ({ priority }): SlaTerms | null => {
    const policy = settings.policies[priority]
    if (policy === null) return null
    return {
      targets: { ...policy, warningPercent: settings.warningPercent },
      pausesOnCustomer: settings.pausesOnCustomer,
      calendar,
    }
  })
}
