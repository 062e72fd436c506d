import { findCalendarProblems, quietCalendar, type AlertPreferences } from '@parley/domain'

import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import { sql, toJson } from '../../platform/sql.ts'

/** How this person wants to be told from now on. @throws Failure `invalid_input` (problems: `CalendarProblem[]`) */
export async function savePreferences(
  { db, signals }: Services,
  userId: string,
  preferences: AlertPreferences,
): Promise<void> {
  const problems =
    preferences.quiet === null ? [] : findCalendarProblems(quietCalendar(preferences.quiet))
  if (problems.length > 0) {
    throw new Failure('invalid_input', { field: 'quiet', problem: problems[0]?.reason, problems })
  }
  await db.run(sql`
    INSERT INTO alert_preferences (user_id, preferences) VALUES (${userId}, ${toJson(preferences)})
    ON CONFLICT (user_id) DO UPDATE SET preferences = excluded.preferences`)
  signals.send('feed')
}
