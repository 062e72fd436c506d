import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'

import { type ReplayFigures, type ReplayOutput, type replayInput } from '@parley/contracts'
import {
  type BusinessCalendar,
  type Priority,
  type ReplayedArrival,
  type ReplayedFigures,
  type ReplayedPerson,
  type ReplayedSettings,
} from '@parley/domain'
import pLimit from 'p-limit'
import { type z } from 'zod'

import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { calendarOfTeam } from '../business-hours/index.ts'
import { teamSettings } from '../team-settings/index.ts'
import {
  firstResponseTargets,
  peopleWithin,
  queuedWithin,
  type QueuedRow,
} from './replay.queries.ts'

/** Routing's past run again against other settings: read here, decided by a thread of its own. */

const LONGEST_MS = 31 * 86_400_000
const MOST_ARRIVALS = 50_000
/** So many go to the thread in one go; then whoever else waits has their turn. */
const AT_ONCE = 1000

/** What the thread is started with. */
export interface ReplayTask {
  people: ReplayedPerson[]
  present: ReplayedSettings
  changed: ReplayedSettings
  /** Everybody's under the changed settings; null: as it was. */
  capacity: number | null
  fromMs: number
  toMs: number
  targets: Partial<Record<Priority, number>>
  calendar: BusinessCalendar
}

export type ToReplayWorker = { type: 'arrivals'; arrivals: ReplayedArrival[] } | { type: 'run' }

export interface ReplayedTwice {
  present: ReplayedFigures
  changed: ReplayedFigures
}

// Each takes a processor for seconds and holds up to 50,000 conversations.
const oneAtATime = pLimit(1)

/**
 * A period that is not over counts until now. Writes nothing.
 * @throws Failure `not_found`, `invalid_input` (names field and problem)
 */
export function replay(
  services: Services,
  input: z.infer<typeof replayInput>,
): Promise<ReplayOutput> {
  return oneAtATime(() => replayPeriod(services, input))
}

async function replayPeriod(
  services: Services,
  { teamId, settings: changed, capacity, ...asked }: z.infer<typeof replayInput>,
): Promise<ReplayOutput> {
  const db = services.db.patient
  const [present] = await teamSettings(db, [teamId])
  if (present === undefined) throw new Failure('not_found')
  const { now } = await db.one<{ now: Date }>(sql`SELECT NOW() AS now`)
  const { fromMs, toMs } = periodOf(asked, now)
  const period = { teamId, from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() }

  const rows = await queuedWithin(db, { ...period, limit: MOST_ARRIVALS + 1 })
  if (rows.length > MOST_ARRIVALS) throw invalid('to', `holds more than ${MOST_ARRIVALS} arrivals`)
  const ownerIds = [...new Set(rows.flatMap(({ owner }) => owner ?? []))]
  const [people, targets, calendar] = await Promise.all([
    peopleWithin(db, { ...period, ownerIds }),
    firstResponseTargets(db, teamId),
    calendarOfTeam(db, teamId),
  ])
  const task = { people, present, changed, capacity, fromMs, toMs, targets, calendar }
  const figures = await runInThread(task, rows)
  return {
    present: toWire(figures.present),
    changed: toWire(figures.changed),
    recorded: recordedOf(rows, toMs),
  }
}

/** @throws Failure `invalid_input` */
function periodOf(
  asked: { from: string; to: string },
  now: Date,
): { fromMs: number; toMs: number } {
  const fromMs = Date.parse(asked.from)
  const askedToMs = Date.parse(asked.to)
  if (askedToMs <= fromMs) throw invalid('to', 'is not after from')
  if (askedToMs - fromMs > LONGEST_MS) throw invalid('to', 'is more than 31 days after from')
  if (fromMs >= now.getTime()) throw invalid('from', 'is not in the past')
  return { fromMs, toMs: Math.min(askedToMs, now.getTime()) }
}

function invalid(field: string, problem: string): Failure {
  return new Failure('invalid_input', { field, problem })
}

async function runInThread(task: ReplayTask, rows: readonly QueuedRow[]): Promise<ReplayedTwice> {
  const worker = new Worker(new URL('./replay-worker.ts', import.meta.url), { workerData: task })
  // A server that stops does not wait for it.
  worker.unref()
  try {
    const answer = new Promise<ReplayedTwice>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', (code) => reject(new Error(`the replay's thread ended with ${code}`)))
    })
    await Promise.race([answer, handOver(worker, rows)])
    return await answer
  } finally {
    await worker.terminate()
  }
}

async function handOver(worker: Worker, rows: readonly QueuedRow[]): Promise<void> {
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    tell(worker, { type: 'arrivals', arrivals: rows.slice(at, at + AT_ONCE).map(toArrival) })
    await setImmediate()
  }
  tell(worker, { type: 'run' })
}

function tell(worker: Worker, message: ToReplayWorker): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- to a thread, which has none
  worker.postMessage(message)
}

function toArrival(row: QueuedRow): ReplayedArrival {
  return {
    conversationId: row.conversation_id,
    queuedAtMs: row.queued_at.getTime(),
    channel: row.channel,
    priority: row.priority,
    requiredSkills: row.required_skills,
    previousAgent:
      row.previous_agent_id === null || row.previous_answer_at === null
        ? null
        : { userId: row.previous_agent_id, answeredAtMs: row.previous_answer_at.getTime() },
    awaitsFirstResponse: row.awaits_first_response,
    dueAtMs: row.due_at?.getTime() ?? null,
    leavesAtMs: row.leaves_at?.getTime() ?? null,
    handling:
      row.owner === null
        ? null
        : {
            activeMs: Math.round(row.active_ms ?? 0),
            pendingMs: Math.round(row.pending_ms ?? 0),
            endsInClose: row.ends_in_close,
          },
  }
}

/** Waits are counted as in the replays: until somebody got it, it left, or the period was over. */
function recordedOf(rows: readonly QueuedRow[], toMs: number): ReplayOutput['recorded'] {
  const waitedMs = rows.reduce((sum, { queued_at, assigned_at, leaves_at }) => {
    const endedAt = assigned_at ?? leaves_at
    return sum + Math.min(endedAt?.getTime() ?? toMs, toMs) - queued_at.getTime()
  }, 0)
  return {
    conversations: rows.length,
    meanWaitSeconds: rows.length === 0 ? null : waitedMs / rows.length / 1000,
  }
}

function toWire({ waitOverTime, ...figures }: ReplayedFigures): ReplayFigures {
  return {
    ...figures,
    waitOverTime: waitOverTime.map(({ fromMs, meanWaitSeconds }) => ({
      from: new Date(fromMs).toISOString(),
      meanWaitSeconds,
    })),
  }
}
