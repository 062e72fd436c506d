import { type BusinessCalendar } from '../calendar/business-calendar.ts'
import { addBusinessMs } from '../calendar/business-time.ts'
import { type Priority } from '../conversation/priority.ts'

/** What a replay comes to. Durations are seconds. */
export interface ReplayedFigures {
  conversations: number
  /** Left in the queue when the period ended. */
  unassigned: number
  waitSeconds: { mean: number; p50: number; p90: number; maximum: number }
  /** Waited longer than the first response's target allows. */
  firstResponseBreaches: number
  /** Went to the agent who had answered the customer before. */
  toPreviousAgent: number
  /** Whoever was online at all, by id; the load is the mean over the time that they were. */
  load: { userId: string; assigned: number; meanLoad: number }[]
  /** Standard deviation of `assigned` over those people. */
  loadSpread: number
  /** Mean wait of what was queued in each equal part of the period; null: nothing came. */
  waitOverTime: { fromMs: number; meanWaitSeconds: number | null }[]
}

/** How one wait in the queue ended. */
export interface EndedWait {
  queuedAtMs: number
  /** When somebody got it, it left the queue by itself, or the period was over. */
  endedAtMs: number
  outcome: 'assigned' | 'left' | 'unassigned'
  isToPreviousAgent: boolean
  /** When the first response was due; null: none was, or there is no target. */
  dueAtMs: number | null
}

/** Parts in which the wait is told over time. */
const PARTS = 48

export function replayFigures(
  waits: readonly EndedWait[],
  load: ReplayedFigures['load'],
  period: { fromMs: number; toMs: number },
): ReplayedFigures {
  return {
    conversations: waits.length,
    unassigned: count(waits, ({ outcome }) => outcome === 'unassigned'),
    waitSeconds: distribution(waits.map(seconds)),
    firstResponseBreaches: count(
      waits,
      ({ dueAtMs, endedAtMs }) => dueAtMs !== null && endedAtMs > dueAtMs,
    ),
    toPreviousAgent: count(waits, ({ isToPreviousAgent }) => isToPreviousAgent),
    load,
    loadSpread: standardDeviation(load.map(({ assigned }) => assigned)),
    waitOverTime: overTime(waits, period),
  }
}

/** When the first response is due, epoch milliseconds; null: nobody waits for one, or there is no target. */
export function firstResponseDueAt(
  arrival: {
    queuedAtMs: number
    priority: Priority
    awaitsFirstResponse: boolean
    dueAtMs: number | null
  },
  targets: Readonly<Partial<Record<Priority, number>>>,
  calendar: BusinessCalendar,
): number | null {
  if (!arrival.awaitsFirstResponse) return null
  if (arrival.dueAtMs !== null) return arrival.dueAtMs
  const target = targets[arrival.priority]
  return target === undefined ? null : addBusinessMs(calendar, arrival.queuedAtMs, target * 1000)
}

function seconds({ queuedAtMs, endedAtMs }: EndedWait): number {
  return (endedAtMs - queuedAtMs) / 1000
}

function distribution(waits: readonly number[]): ReplayedFigures['waitSeconds'] {
  const sorted = waits.toSorted((a, b) => a - b)
  return {
    mean: mean(waits) ?? 0,
    p50: percentile(sorted, 50),
    p90: percentile(sorted, 90),
    maximum: sorted.at(-1) ?? 0,
  }
}

/** The smallest value that so many per cent do not exceed; 0 of none. */
function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0
}

function overTime(
  waits: readonly EndedWait[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): ReplayedFigures['waitOverTime'] {
  const parts = Array.from({ length: PARTS }, (): number[] => [])
  for (const wait of waits) {
    const part = Math.floor(((wait.queuedAtMs - fromMs) * PARTS) / (toMs - fromMs))
    parts[part]?.push(seconds(wait))
  }
  return parts.map((part, index) => ({
    fromMs: Math.round(fromMs + ((toMs - fromMs) * index) / PARTS),
    meanWaitSeconds: mean(part),
  }))
}

function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function standardDeviation(values: readonly number[]): number {
  const middle = mean(values)
  if (middle === null) return 0
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)) ?? 0)
}

function count<Item>(items: readonly Item[], isCounted: (item: Item) => boolean): number {
  return items.reduce((sum, item) => sum + (isCounted(item) ? 1 : 0), 0)
}
