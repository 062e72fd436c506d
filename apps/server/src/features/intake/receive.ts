import { type Channel } from '@parley/domain'
import pLimit from 'p-limit'

import { GroupCommit } from '../../platform/group-commit.ts'
import { startPeriodic } from '../../platform/periodic.ts'
import { type Services } from '../../platform/services.ts'
import { type ChannelAdapter } from '../channels/index.ts'
import { type Triage } from '../triage/index.ts'
import {
  insertBodies,
  markBodiesProcessed,
  unprocessedBodies,
  type StoredBody,
} from './intake.queries.ts'
import { storeFurtherMessages } from './further-messages.ts'
import { processBody, type IntakeServices } from './process.ts'

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
/** What is younger is most likely being worked on by the process that received it. */
const SWEEP_AGE_SECONDS = 10

export interface Intake {
  /** Resolves once the body is durable: only then may the channel be told 200. */
  receive(channel: Channel, body: Buffer): Promise<void>
  stop(): Promise<void>
}

export function startIntake(
  services: Services & { triage: Triage },
  adapters: ReadonlyMap<Channel, ChannelAdapter>,
): Intake {
  const { db, logger, metrics } = services
  const waiting: StoredBody[] = []
  const underWay = new Set<string>()
  const processing: IntakeServices = {
    ...services,
    furtherMessages: new GroupCommit((messages) => storeFurtherMessages(db, messages), 100),
    alone: pLimit(CONCURRENT_TRANSACTIONS),
  }
  let workers = 0
  let stopping = false

  const store = new GroupCommit<{ channel: Channel; body: Buffer }, string>(
    (bodies) => insertBodies(db, bodies),
    100,
  )
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

  async function processOne(stored: StoredBody): Promise<void> {
    try {
      const adapter = adapters.get(stored.channel)
      if (adapter === undefined) return
      await processBody(processing, adapter, stored)
      // Not waited for: should it be lost, the sweep does the body again, which changes nothing.
      finish
        .add(stored.id)
        .catch((error: unknown) => logger.warn({ err: error }, 'body stays unmarked'))
    } catch (error) {
      logger.warn({ err: error, webhookBodyId: stored.id }, 'body left for the sweep')
    } finally {
      underWay.delete(stored.id)
    }
  }

  function enqueue(stored: StoredBody): void {
    if (stopping || underWay.has(stored.id) || waiting.length >= MAXIMUM_WAITING) return
    underWay.add(stored.id)
    waiting.push(stored)
    if (workers >= CONCURRENT_BODIES) return
    workers++
    void work().finally(() => workers--)
  }

  let isFirstSweep = true
  const sweep = startPeriodic('intake sweep', SWEEP_INTERVAL_MS, services, async () => {
    // At the start everything unfinished is ours to finish: its process may be gone.
    const bodies = await unprocessedBodies(db, isFirstSweep ? 0 : SWEEP_AGE_SECONDS, SWEEP_BATCH)
    for (const body of bodies) enqueue(body)
    if (bodies.length < SWEEP_BATCH) {
      isFirstSweep = false
      return
    }
    await idle()
    sweep.wake()
  })

  async function idle(): Promise<void> {
    while (workers > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  }

  return {
    async receive(channel, body) {
      const id = await store.add({ channel, body })
      metrics.webhookBodies.inc({ channel, outcome: 'accepted' })
      enqueue({ id, channel, body })
    },
    async stop() {
      stopping = true
      await sweep.stop()
      // What is durable but not begun is found by the sweep of the next start.
      waiting.length = 0
      await idle()
      await finish.settled()
    },
  }
}
