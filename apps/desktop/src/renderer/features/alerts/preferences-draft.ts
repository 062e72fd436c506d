import { type AlertPreferences, findCalendarProblems, quietCalendar } from '@parley/domain'

import { type Reading } from '../../ui/form/editing.ts'
import { readTimeOfDay } from '../../ui/time-of-day.ts'

/** How one wants to be told, as it stands in the form: times as typed. */
export interface PreferencesDraft extends Omit<AlertPreferences, 'quiet'> {
  isQuiet: boolean
  quiet: { days: readonly number[]; from: string; to: string; timeZone: string }
}

export type QuietProblem = 'days' | 'from' | 'to' | 'same' | 'timeZone'

/** What is proposed to whoever switches quiet hours on. */
const NIGHT = { days: [0, 1, 2, 3, 4, 5, 6], from: '22:00', to: '07:00' }

export function toPreferencesDraft(stored: AlertPreferences): PreferencesDraft {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  const quiet = stored.quiet ?? { ...NIGHT, timeZone }
  return { warning: stored.warning, breach: stored.breach, isQuiet: stored.quiet !== null, quiet }
}

/** As they are stored, or what is wrong. */
export function fromPreferencesDraft(
  draft: PreferencesDraft,
): Reading<AlertPreferences, { quiet?: QuietProblem }> {
  const { warning, breach } = draft
  if (!draft.isQuiet) return { value: { warning, breach, quiet: null }, problems: {} }
  const { days, timeZone } = draft.quiet
  const [from, to] = [readTimeOfDay(draft.quiet.from), readTimeOfDay(draft.quiet.to)]
  if (from === null) return wrong('from')
  if (to === null) return wrong('to')
  if (from === to) return wrong('same')
  if (days.length === 0) return wrong('days')
  const quiet = { days: days.toSorted((a, b) => a - b), from, to, timeZone }
  const problems = findCalendarProblems(quietCalendar(quiet))
  if (problems.some(({ reason }) => reason === 'unknown_time_zone')) return wrong('timeZone')
  return { value: { warning, breach, quiet }, problems: {} }
}

const wrong = (quiet: QuietProblem) => ({ value: null, problems: { quiet } })
