import { routingSettings, type RoutingSettingsOutput } from '@parley/contracts'
import { type RoutingSettings } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { type Doer } from '../../platform/doer.ts'
import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import {
  lockTeamSettings,
  saveTeamSettings,
  type StoredTeamSettings,
} from '../team-settings/index.ts'

export function toWire(stored: StoredTeamSettings): RoutingSettingsOutput {
  const { version } = stored
  return { settings: routingSettings.parse(stored), version }
}

/**
 * Saves how a team routes, if nobody has saved since the version it was made from.
 * @throws Failure `not_found`, `conflict`, `invalid_input`
 */
export async function saveSettings(
  { db, signals, audit }: Services,
  { teamId, settings, basedOn }: { teamId: string; settings: RoutingSettings; basedOn: number },
  by: Doer,
): Promise<RoutingSettingsOutput> {
  return db.transaction(async (tx) => {
    const present = await lockTeamSettings(tx, teamId)
    if (present === null) throw new Failure('not_found')
    if (present.version !== basedOn) {
      throw new Failure('conflict', {
        action: 'team_settings.saved',
        version: present.version,
        by: present.updatedBy,
        at: present.updatedAt?.toISOString() ?? null,
      })
    }
    await refuseNonsense(tx, teamId, settings)
    const version = await saveTeamSettings(tx, teamId, settings, by.id)
    audit.record(tx, by, {
      action: 'team.routing_changed',
      target: { kind: 'team', id: teamId },
      before: toWire(present).settings,
      after: settings,
    })
    tx.afterCommit(() => signals.send('routing'))
    return { settings, version }
  })
}

async function refuseNonsense(
  db: Queryable,
  teamId: string,
  settings: RoutingSettings,
): Promise<void> {
  const { overflowTeamId, overflowAfterSeconds, outOfHours, outOfHoursTeamId } = settings
  if ((overflowTeamId === null) !== (overflowAfterSeconds === null)) {
    throw invalid('overflowTeamId', 'needs a team and a time, or neither')
  }
  if (outOfHours === 'team' && outOfHoursTeamId === null) {
    throw invalid('outOfHoursTeamId', 'is missing')
  }
  if (outOfHours === 'auto_reply' && !settings.outOfHoursText.es?.trim()) {
    throw invalid('outOfHoursText', 'has no Spanish text')
  }
  for (const [field, other] of Object.entries({ overflowTeamId, outOfHoursTeamId })) {
    if (other === null) continue
    if (other === teamId) throw invalid(field, 'is the team itself')
    const team = await db.maybe(sql`SELECT id FROM teams WHERE id = ${other} AND is_active`)
    if (team === null) throw invalid(field, 'is no active team')
  }
}

function invalid(field: string, problem: string): Failure {
  return new Failure('invalid_input', { field, problem })
}
