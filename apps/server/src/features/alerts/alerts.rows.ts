import {
  alertPreferencesRow,
  alertRow,
  type AlertPreferencesRow,
  type AlertRow,
} from '@parley/contracts'

import { type Queryable } from '../../platform/database.ts'
import { recordAs } from '../../platform/record-as.ts'
import { sql } from '../../platform/sql.ts'
import { type ServedKind } from '../sync/index.ts'

const toAlert = recordAs(alertRow)
const toPreferences = recordAs(alertPreferencesRow)

/** Ended alerts stay on screens for so long. */
const RECENT_ALERTS_HOURS = 24
const MOST_ALERTS = 300

/**
 * By present rights: what does not concern a person any more they only hear the end of.
 * @param which by id, or one person's open and recent ones: the open first, the newest first
 */
async function read(
  db: Queryable,
  which: { ids: string[] } | { currentOf: string },
): Promise<AlertRow[]> {
  const records =
    'ids' in which
      ? await db.many<object>(sql`
          SELECT a.* FROM alerts a JOIN conversations c ON c.id = a.conversation_id
          WHERE a.id = ANY(${which.ids}::uuid[])
            AND (a.ended_at IS NOT NULL OR alert_concerns(a.user_id, a.kind, c.team_id, c.assigned_to))`)
      : await db.many<object>(sql`
          SELECT a.* FROM alerts a JOIN conversations c ON c.id = a.conversation_id
          WHERE a.user_id = ${which.currentOf}
            AND (a.ended_at IS NULL OR a.raised_at > NOW() - make_interval(hours => ${RECENT_ALERTS_HOURS}))
            AND alert_concerns(a.user_id, a.kind, c.team_id, c.assigned_to)
          ORDER BY (a.ended_at IS NULL) DESC, a.raised_at DESC, a.id LIMIT ${MOST_ALERTS}`)
  return records.map(toAlert)
}

/** One person's alone. */
export const alertKind: ServedKind<'alert'> = {
  kind: 'alert',
  async load(db, ids) {
    return (await read(db, { ids })).map((row) => ({ row, audience: { userId: row.userId } }))
  },
  async initial(db, { userId }) {
    return { rows: await read(db, { currentOf: userId }), next: null }
  },
}

/** @param userIds who has no row is told by the defaults */
async function readPreferences(db: Queryable, userIds: string[]): Promise<AlertPreferencesRow[]> {
  const records = await db.many<object>(sql`
    SELECT user_id AS id, version, preferences FROM alert_preferences
    WHERE user_id = ANY(${userIds}::uuid[])`)
  return records.map(toPreferences)
}

export const alertPreferencesKind: ServedKind<'alert_preferences'> = {
  kind: 'alert_preferences',
  async load(db, userIds) {
    const rows = await readPreferences(db, userIds)
    return rows.map((row) => ({ row, audience: { userId: row.id } }))
  },
  async initial(db, { userId }) {
    return { rows: await readPreferences(db, [userId]), next: null }
  },
}
