import { type Channel } from '@parley/domain'
import pLimit from 'p-limit'
import { setTimeout as sleep } from 'node:timers/promises'

import { GroupCommit } from '../../platform/group-commit.ts'
import { startPeriodic } from '../../platform/periodic.ts'
import { type Services } from '../../platform/services.ts'
import { passed } from '../../platform/stages.ts'
import { Turns } from '../../platform/turns.ts'
import { type Update } from '../channels/index.ts'
import { type Triage } from '../triage/index.ts'
import {
  insertBodies,
  markBodiesProcessed,
  countQuarantined,
  readBacklog,
  takeUnprocessedBodies,
  type StoredBody,
} from './intake.queries.ts'
import { createBatches } from './batches.ts'
import { LATE_AFTER_SECONDS, reviewBacklog, reviewQuarantine, setAside } from './problems.ts'
import { customersOf, processBody, readBody, type IntakeServices, type Problem } from './process.ts'

/** Bodies that are worked on at once. Most of them share one statement, so the more the cheaper. */
const CONCURRENT_BODIES = 48
/** Updates with a transaction of their own at once: the database is busy, and connections are left. */
const CONCURRENT_TRANSACTIONS = 12
/** Beyond this many waiting in memory, a body is left in the database for the sweep. */
const MAXIMUM_WAITING = 5000
const SWEEP_INTERVAL_MS = 2000
/** Nobody waits for the mark that a body is done, so many share its commit. */
const FINISH_GATHER_MS = 100
const SWEEP_BATCH = 200
/** Turns of a body within one process, a quarter of a second to eight apart. */
const PATIENCE_TURNS = 6
/** Times that a body is taken up again before it goes to quarantine. */
const MAXIMUM_TRIES = 8
const BACKLOG_INTERVAL_MS = 5000

/** A body whose turn it is. */
interface Accepted {
  stored: StoredBody
  read: Update[] | Problem
  ended(): void
}

export interface Intake {
  /** Resolves once the body is durable: only then may the channel be told 200. */
  receive(channel: Channel, body: Buffer): Promise<void>
  stop(): Promise<void>
}

export function startIntake(services: Services & { triage: Triage }, processId: string): Intake {
  const { db, logger, metrics } = services
  const waiting: Accepted[] = []
  const turns = new Turns()
  const underWay = new Set<string>()
  const processing: IntakeServices = {
    ...services,
    batches: createBatches(db),
    alone: pLimit(CONCURRENT_TRANSACTIONS),
  }
  let workers = 0
  let stopping = false

  const store = new GroupCommit<
    { channel: Channel; body: Buffer },
    Pick<StoredBody, 'id' | 'received_at' | 'tries'>
  >((bodies) => insertBodies(db, bodies, processId), 100)
  const finish = new GroupCommit<string, null>(
    async (ids) => {
      await markBodiesProcessed(db, ids)
      return ids.map(() => null)
    },
    500,
    FINISH_GATHER_MS,
  )

  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await processOne(next)
    }
  }

  async function processOne({ stored, read, ended }: Accepted): Promise<void> {
    try {
      if (stored.tries > MAXIMUM_TRIES) await giveUp(stored)
      else await processPatiently(stored, read)
      // Not waited for: should it be lost, the sweep does the body again, which changes nothing.
      finish
        .add(stored.id)
        .catch((error: unknown) => logger.warn({ err: error }, 'body stays unmarked'))
    } catch (error) {
      logger.warn({ err: error, webhookBodyId: stored.id }, 'body left for the sweep')
    } finally {
      underWay.delete(stored.id)
      ended()
    }
  }

  /** What passes by itself, as a lost database does, is waited for. */
  async function processPatiently(stored: StoredBody, read: Update[] | Problem): Promise<void> {
    for (let turn = 0; ; turn++) {
      try {
        return await processBody(processing, stored, read)
      } catch (error) {
        if (stopping || turn >= PATIENCE_TURNS) throw error
        logger.warn({ err: error, webhookBodyId: stored.id }, 'body waits for a moment')
        await sleep(250 * 2 ** turn)
      }
    }
  }

  /** It has kept failing by what should have passed: it waits in quarantine, where people see it. */
  async function giveUp({ id, tries }: StoredBody): Promise<void> {
    const detail = `taken up ${tries} times, and never finished`
    await setAside(services, { bodyId: id, path: '', reason: 'never_finished', detail })
  }

  function enqueue(stored: StoredBody): void {
    if (stopping || underWay.has(stored.id) || underWay.size >= MAXIMUM_WAITING) return
    underWay.add(stored.id)
    const read = readBody(services, stored)
    turns.add(customersOf(read), (ended) => {
      if (stopping) return
      waiting.push({ stored, read, ended })
      if (workers >= CONCURRENT_BODIES) return
      workers++
      void work().finally(() => workers--)
    })
  }

  const sweep = startPeriodic('intake sweep', SWEEP_INTERVAL_MS, services, async () => {
    if (underWay.size + SWEEP_BATCH > MAXIMUM_WAITING) return
    const bodies = await takeUnprocessedBodies(db, processId, SWEEP_BATCH)
    for (const body of bodies) enqueue(body)
    if (bodies.length === SWEEP_BATCH) sweep.wake()
  })
  const backlog = startPeriodic('intake backlog', BACKLOG_INTERVAL_MS, services, async () => {
    const { bodies, oldest_seconds } = await readBacklog(db)
    metrics.intakeBacklog.set(bodies)
    metrics.intakeBacklogAge.set(oldest_seconds)
    metrics.quarantined.set(await countQuarantined(db))
    await reviewQuarantine(services)
    await reviewBacklog(services)
  })
  // It is told and not turned away: what comes in is safe, and whoever sent it would only have to send it again.
  const unregister = services.health.register('intake', async () => {
    const { bodies, oldest_seconds } = await readBacklog(db)
    if (oldest_seconds < LATE_AFTER_SECONDS) return 'well'
    const detail = `${bodies} webhooks wait, the oldest for ${Math.round(oldest_seconds)} s`
    return { state: 'behind', detail }
  })

  async function idle(): Promise<void> {
    while (workers > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  }

  return {
    async receive(channel, body) {
      const stored = await store.add({ channel, body })
      passed('body committed')
      metrics.webhookBodies.inc({ channel, outcome: 'accepted' })
      enqueue({ ...stored, channel, body })
    },
    async stop() {
      stopping = true
      await sweep.stop()
      await backlog.stop()
      unregister()
      // What is durable but not begun is found by the sweep of the next start.
      waiting.length = 0
      await idle()
      await finish.settled()
    },
  }
}
