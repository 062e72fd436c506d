import { type AlertPreferences, findCalendarProblems, quietCalendar } from '@parley/domain'

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
): { preferences: AlertPreferences; problem: null } | { preferences: null; problem: QuietProblem } {
  const { warning, breach } = draft
  if (!draft.isQuiet) return { preferences: { warning, breach, quiet: null }, problem: null }
  const { days, timeZone } = draft.quiet
  const [from, to] = [readTimeOfDay(draft.quiet.from), readTimeOfDay(draft.quiet.to)]
  if (from === null) return wrong('from')
  if (to === null) return wrong('to')
  if (from === to) return wrong('same')
  if (days.length === 0) return wrong('days')
  const quiet = { days: days.toSorted((a, b) => a - b), from, to, timeZone }
  const problems = findCalendarProblems(quietCalendar(quiet))
  if (problems.some(({ reason }) => reason === 'unknown_time_zone')) return wrong('timeZone')
  return { preferences: { warning, breach, quiet }, problem: null }
}

const wrong = (problem: QuietProblem) => ({ preferences: null, problem })
