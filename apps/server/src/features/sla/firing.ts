import { type Queryable } from '../../platform/database.ts'
import { startPeriodic } from '../../platform/periodic.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { climbEscalations, nextClimbMs, nextHeldNewsMs, tellHeldNews } from '../alerts/index.ts'
import { actOnDue } from './act.ts'
import { recomputeNext } from './recompute.ts'
import { readSituations, type SlaConversation } from './situations.queries.ts'
import { storeFired } from './timers.queries.ts'

/** The net behind the wake-ups, and the longest that anything due is not looked at. */
const SWEEP_INTERVAL_MS = 1000
/** Conversations acted upon in one transaction at most. */
const PAGE = 500
/** What is due but held by somebody else is looked at again after this. */
const HELD_RETRY_MS = 20

/** Acts on clocks when their instants come, and computes them anew where terms have changed. */
export interface SlaFiring {
  stop(): Promise<void>
}

/** Any number of processes may run one: a conversation that another one holds is passed over. */
export function startSla(services: Services): SlaFiring {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const firing = startPeriodic('sla', SWEEP_INTERVAL_MS, services, async () => {
    clearTimeout(timer)
    while (!stopped && (await firePage(services)) > 0);
    await climbEscalations(services)
    await tellHeldNews(services)
    const nextMs = await nextInstantMs(services.db)
    if (nextMs !== null && !stopped) timer = setTimeout(firing.wake, nextMs)
  })
  const recomputing = startPeriodic('sla terms', SWEEP_INTERVAL_MS, services, async () => {
    if (await recomputeNext(services)) recomputing.wake()
  })
  const stopListening = [
    services.signals.on('sla', firing.wake),
    services.signals.on('sla_terms', recomputing.wake),
  ]
  return {
    async stop() {
      stopped = true
      for (const stop of stopListening) stop()
      clearTimeout(timer)
      await Promise.all([firing.stop(), recomputing.stop()])
      clearTimeout(timer)
    },
  }
}

/**
 * One transaction. The conversations are locked first, as every command does, so that an answer which is
 * being accepted at this moment is either before the breach or after it.
 * @returns how many conversations were due and nobody else's
 */
async function firePage(services: Services): Promise<number> {
  const startedAtMs = performance.now()
  return services.db.transaction(async (tx) => {
    const locked = await tx.many<SlaConversation>(sql`
      SELECT DISTINCT ON (id) * FROM (
        SELECT c.id, c.customer_id, c.team_id, c.assigned_to, c.priority, c.status, c.first_message_at,
               c.first_response_at, c.waiting_since, c.closed_at
        FROM sla_timers t JOIN conversations c ON c.id = t.conversation_id
        WHERE t.next_at <= statement_timestamp()
        ORDER BY t.next_at
        LIMIT ${PAGE}
        FOR NO KEY UPDATE OF c SKIP LOCKED) held`)
    if (locked.length === 0) return 0
    const { now_ms: nowMs } = await tx.one<{ now_ms: number }>(sql`
      SELECT floor(EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::float8 AS now_ms`)
    const situations = await readSituations(tx, locked)
    const held = locked.map((conversation) => ({
      conversation,
      timers: situations.get(conversation.id)?.timers ?? [],
    }))
    const { due, timersOf } = await actOnDue(services, tx, held, nowMs)
    await storeFired(
      tx,
      held.map(({ conversation: { id } }) => ({ conversationId: id, timers: timersOf(id) })),
    )
    tx.afterCommit(() => {
      services.signals.send('feed')
      const doneMs = nowMs + performance.now() - startedAtMs
      for (const { timer } of due) {
        services.metrics.slaLateness.observe((doneMs - (timer.nextAtMs ?? nowMs)) / 1000)
      }
    })
    return locked.length
  })
}

/** Milliseconds until something is due by the database's clock; null: nothing within a sweep. */
async function nextInstantMs(db: Queryable): Promise<number | null> {
  const { next } = await db.one<{ next: number | null }>(sql`
    SELECT EXTRACT(EPOCH FROM MIN(next_at) - clock_timestamp())::float8 * 1000 AS next FROM sla_timers`)
  const others = [await nextClimbMs(db), await nextHeldNewsMs(db)]
  const nearest = Math.min(...[next, ...others].map((ms) => ms ?? Infinity))
  if (nearest > SWEEP_INTERVAL_MS) return null
  return nearest <= 0 ? HELD_RETRY_MS : Math.ceil(nearest)
}
