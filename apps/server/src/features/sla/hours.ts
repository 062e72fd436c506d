import {
  businessHoursOutput,
  type BusinessHours,
  type BusinessHoursOutput,
  type SlaEffect,
} from '@parley/contracts'
import { findCalendarProblems, type BusinessCalendar } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { type Doer } from '../../platform/doer.ts'
import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import { recordAs } from '../../platform/record-as.ts'
import { sql } from '../../platform/sql.ts'
import { readBusinessHours, replaceBusinessHours } from '../business-hours/index.ts'
import { effectOf } from './effect.ts'
import { requestRecompute } from './recompute.ts'

const toOutput = recordAs(businessHoursOutput)

/** @throws Failure `not_found` */
export async function readHours(db: Queryable, teamId: string): Promise<BusinessHoursOutput> {
  const row = await db.maybe<object>(sql`
    SELECT calendar_version::int AS version, calendar_updated_by AS updated_by,
           calendar_updated_at AS updated_at,
           EXISTS (SELECT 1 FROM sla_recomputes r WHERE r.team_id = s.team_id) AS is_recomputing
    FROM team_settings s WHERE team_id = ${teamId}`)
  if (row === null) throw new Failure('not_found')
  return toOutput({ ...row, settings: await readBusinessHours(db, teamId) })
}

/**
 * Saves when a team works; its open conversations are computed anew in the background.
 * @throws Failure `invalid_input` (problems), `not_found`, `conflict` (by, at, version)
 */
export async function saveHours(
  services: Services,
  save: { teamId: string; settings: BusinessHours; basedOn: number },
  by: Doer,
): Promise<BusinessHoursOutput> {
  const { teamId, settings, basedOn } = save
  refuseProblems(settings)
  return services.db.transaction(async (tx) => {
    const before = await readHours(tx, teamId)
    const saved = await tx.run(sql`
      UPDATE team_settings SET
        calendar_version = calendar_version + 1, calendar_updated_by = ${by.id},
        calendar_updated_at = NOW()
      WHERE team_id = ${teamId} AND calendar_version = ${basedOn}`)
    if (saved === 0) {
      const { version, updatedBy, updatedAt } = await readHours(tx, teamId)
      const details = { action: 'business_hours.saved', version, by: updatedBy, at: updatedAt }
      throw new Failure('conflict', details)
    }
    await replaceBusinessHours(tx, teamId, settings)
    await requestRecompute(services, tx, teamId)
    services.audit.record(tx, by, {
      action: 'team.hours_changed',
      target: { kind: 'team', id: teamId },
      before: before.settings,
      after: settings,
    })
    // What happens outside business hours may have to happen now.
    tx.afterCommit(() => services.signals.send('routing'))
    return readHours(tx, teamId)
  })
}

/** What saving these hours now would do. Changes nothing. @throws Failure `invalid_input` (problems) */
export async function previewHours(
  db: Queryable,
  { teamId, settings }: { teamId: string; settings: BusinessHours },
): Promise<SlaEffect> {
  refuseProblems(settings)
  const calendar = toCalendar(settings)
  return effectOf(db, teamId, (_conversation, { terms }) => terms && { ...terms, calendar })
}

function refuseProblems(settings: BusinessHours): void {
  const problems = findCalendarProblems(toCalendar(settings))
  const [first] = problems
  if (first === undefined) return
  throw new Failure('invalid_input', { field: 'settings', problem: first.reason, problems })
}

function toCalendar({ timeZone, windows, holidays }: BusinessHours): BusinessCalendar {
  return { timeZone, windows, holidays: holidays.map(({ date }) => date) }
}
