import { routingSettings } from '@parley/contracts'
import { DEFAULT_ROUTING_SETTINGS, type RoutingSettings } from '@parley/domain'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { recordAs } from '../../platform/record-as.ts'
import { sql, toJson } from '../../platform/sql.ts'

export interface StoredTeamSettings extends RoutingSettings {
  teamId: string
  version: number
  /** Whose turn was last, for `round_robin`. */
  roundRobinAfter: string | null
  updatedBy: string | null
  updatedAt: Date | null
}

interface Row {
  team_id: string
  version: string
  routing_mode: RoutingSettings['mode']
  routing_strategy: RoutingSettings['strategy']
  channel_weights: Partial<RoutingSettings['channelWeights']>
  round_robin_after: string | null
  updated_by: string | null
  updated_at: Date | null
}

/** Settings of these teams, or of all. Every team has its row. */
export async function teamSettings(
  db: Queryable,
  teamIds: readonly string[] | null = null,
): Promise<StoredTeamSettings[]> {
  const rows = await db.many<Row>(sql`
    SELECT *, version::text, pending_customer_fraction::float8 FROM team_settings
    WHERE ${teamIds}::uuid[] IS NULL OR team_id = ANY(${teamIds}::uuid[])`)
  return rows.map(toSettings)
}

/** Locked against others who save at the same time. Null where there is no such team. */
export async function lockTeamSettings(
  tx: Transaction,
  teamId: string,
): Promise<StoredTeamSettings | null> {
  const row = await tx.maybe<Row>(sql`
    SELECT *, version::text, pending_customer_fraction::float8 FROM team_settings
    WHERE team_id = ${teamId} FOR UPDATE`)
  return row === null ? null : toSettings(row)
}

/** @returns the new version */
export async function saveTeamSettings(
  tx: Transaction,
  teamId: string,
  settings: RoutingSettings,
  updatedBy: string | null,
): Promise<number> {
  const { version } = await tx.one<{ version: number }>(sql`
    UPDATE team_settings SET
      version = version + 1, updated_by = ${updatedBy}, updated_at = NOW(),
      routing_mode = ${settings.mode}, routing_strategy = ${settings.strategy},
      offer_seconds = ${settings.offerSeconds}, sticky_seconds = ${settings.stickySeconds},
      relax_skills_after_seconds = ${settings.relaxSkillsAfterSeconds},
      overflow_after_seconds = ${settings.overflowAfterSeconds},
      overflow_team_id = ${settings.overflowTeamId},
      out_of_hours = ${settings.outOfHours}, out_of_hours_team_id = ${settings.outOfHoursTeamId},
      out_of_hours_text = ${toJson(settings.outOfHoursText)},
      channel_weights = ${toJson(settings.channelWeights)},
      pending_customer_fraction = ${settings.pendingCustomerFraction},
      wrap_up_seconds = ${settings.wrapUpSeconds},
      return_unanswered_seconds = ${settings.returnUnansweredSeconds},
      reopen_window_seconds = ${settings.reopenWindowSeconds}
    WHERE team_id = ${teamId}
    RETURNING version::int`)
  return version
}

const toRoutingSettings = recordAs(routingSettings)

function toSettings(row: Row): StoredTeamSettings {
  return {
    ...toRoutingSettings({ ...row, mode: row.routing_mode, strategy: row.routing_strategy }),
    channelWeights: { ...DEFAULT_ROUTING_SETTINGS.channelWeights, ...row.channel_weights },
    teamId: row.team_id,
    version: Number(row.version),
    roundRobinAfter: row.round_robin_after,
    updatedBy: row.updated_by,
    updatedAt: row.updated_at,
  }
}
