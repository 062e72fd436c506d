/** The period that is played again, in this device's days. */
export const REPLAY_PERIODS = ['today', 'yesterday', 'week', 'month'] as const
export type ReplayPeriod = (typeof REPLAY_PERIODS)[number]

/**
 * Whole days by the calendar, up to now where today is among them: `week` and `month` are the last 7 and 30
 * days. Never more than the 31 days that can be asked for, though a day may have 25 hours.
 */
export function periodOf(period: ReplayPeriod, now: number): { from: string; to: string } {
  const startOf = (daysBack: number): number => {
    const date = new Date(now)
    date.setHours(0, 0, 0, 0)
    date.setDate(date.getDate() - daysBack)
    return date.getTime()
  }
  const [from, to] = {
    today: [startOf(0), now],
    yesterday: [startOf(1), startOf(0)],
    week: [startOf(6), now],
    month: [startOf(29), now],
  }[period] as [number, number]
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
}
