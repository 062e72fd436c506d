import { type Queryable } from '../../platform/database.ts'
import { startPeriodic } from '../../platform/periodic.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { returnAbandoned } from './abandoned.ts'
import { dispatchTeam } from './dispatch.ts'
import { moveByTime } from './move-by-time.ts'
import { expireOffers } from './offers.ts'
import { nextTimerMs, teamsToDispatch } from './queue.queries.ts'

/** The safety net behind the wake-ups. */
const SWEEP_INTERVAL_MS = 1000
const RETURN_INTERVAL_MS = 5000
/** What the net finds has waited too long if it is older than this: nobody was woken for it. */
const STUCK_MS = 1000

/** Hands queued conversations to people. Any number of processes may run one. */
export interface Dispatcher {
  stop(): Promise<void>
}

/**
 * Woken by what commits (`routing`), by time (offers, wrap-ups, relaxations, overflow) and, should both
 * fail, by a sweep.
 */
export function startDispatcher(services: Services): Dispatcher {
  let timer: NodeJS.Timeout | undefined
  let woken = true
  let stopped = false
  const task = startPeriodic('routing', SWEEP_INTERVAL_MS, services, async () => {
    const isSweep = !woken
    woken = false
    clearTimeout(timer)
    await expireOffers(services)
    await moveByTime(services)
    for (const teamId of await teamsToDispatch(services.db)) {
      const { handedOut, longestWaitMs } = await dispatchTeam(services, teamId)
      if (isSweep && handedOut > 0 && longestWaitMs > STUCK_MS) {
        services.metrics.routingStuck.inc(handedOut)
        services.logger.warn({ teamId, handedOut, longestWaitMs }, 'the sweep found a stuck queue')
      }
    }
    const nextMs = await nextTimerMs(services.db)
    if (nextMs !== null && !stopped) timer = setTimeout(wake, Math.ceil(nextMs))
  })
  function wake(): void {
    woken = true
    task.wake()
  }
  let listeningSince: Date | undefined
  const returning = startPeriodic('return unanswered', RETURN_INTERVAL_MS, services, async () => {
    listeningSince ??= await databaseNow(services.db)
    await returnAbandoned(services, listeningSince)
  })
  const stopListening = services.signals.on('routing', wake)
  return {
    async stop() {
      stopped = true
      stopListening()
      clearTimeout(timer)
      await Promise.all([task.stop(), returning.stop()])
      clearTimeout(timer)
    },
  }
}

async function databaseNow(db: Queryable): Promise<Date> {
  return (await db.one<{ now: Date }>(sql`SELECT NOW() AS now`)).now
}
