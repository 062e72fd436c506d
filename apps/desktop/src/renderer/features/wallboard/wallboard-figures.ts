import type {
  ConnectionView,
  HourFiguresOutput,
  SlaClockRow,
  WallboardDue,
  WallboardTeam,
} from '@parley/contracts'

import { dueClockState } from '../../ui/due-clock-state.ts'

/** What the wallboard draws, in numbers. */

export interface WaitBar {
  /** How much of its time is gone, 0 to 1. */
  share: number
  look: 'plain' | 'warning' | 'overdue'
}

/** Without a clock nothing is promised: the wait is drawn against an hour, and never as far as the mark. */
const PLAIN_MS = 60 * 60_000
const MOST_PLAIN = 0.7

/** The queue's longest wait against what was promised: the clock of a queued one that has come furthest. */
export function waitBar(
  team: Pick<WallboardTeam, 'teamId' | 'oldestQueuedSince'>,
  due: readonly WallboardDue[],
  now: number,
): WaitBar {
  if (team.oldestQueuedSince === null) return { share: 0, look: 'plain' }
  const clocks = due
    .filter(({ teamId, status }) => teamId === team.teamId && status === 'queued')
    .map(({ clock }) => clock)
  if (clocks.length === 0) {
    const waitedMs = Math.max(0, now - Date.parse(team.oldestQueuedSince))
    return { share: Math.min(MOST_PLAIN, waitedMs / PLAIN_MS), look: 'plain' }
  }
  const states = clocks.map((clock) => dueClockState(clock, now).state)
  const look = states.includes('breached')
    ? 'overdue'
    : states.includes('warning')
      ? 'warning'
      : 'plain'
  return { share: Math.max(...clocks.map((clock) => shareGone(clock, now))), look }
}

function shareGone({ startedAt, dueAt }: SlaClockRow, now: number): number {
  if (dueAt === null) return 0
  const [begins, ends] = [Date.parse(startedAt), Date.parse(dueAt)]
  return ends <= begins ? 1 : Math.min(1, Math.max(0, (now - begins) / (ends - begins)))
}

export interface SparkLine {
  path: string
  end: { x: number; y: number }
  first: number
  last: number
}

const WIDTH = 104
const HEIGHT = 28
const MARGIN = 2

/** The queue of the last hour as a line from left to right; null with nothing to draw. */
export function sparkLine(queue: HourFiguresOutput['teams'][number]['queue']): SparkLine | null {
  const values = queue.map(({ queued }) => queued)
  const [first, last] = [values[0], values.at(-1)]
  if (first === undefined || last === undefined || values.length < 2) return null
  // At least four high, so that one more or less is no mountain.
  const most = Math.max(4, ...values)
  const x = (index: number) => (index / (values.length - 1)) * WIDTH
  const y = (value: number) => HEIGHT - MARGIN - (value / most) * (HEIGHT - 2 * MARGIN)
  const points = values.map((value, index) => `${x(index).toFixed(1)} ${y(value).toFixed(1)}`)
  return { path: `M${points.join('L')}`, end: { x: WIDTH, y: y(last) }, first, last }
}

/** Of the last hour. A line that is being made, as during the first load, is none that is lost. */
export function whyMissing(
  line: ConnectionView['state'] | undefined,
  hasFailed: boolean,
): 'noFigures' | 'figuresFailed' | null {
  if (line === 'offline') return 'noFigures'
  return line === 'online' && hasFailed ? 'figuresFailed' : null
}
