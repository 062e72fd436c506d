import { type FeedItem, type FeedMessage } from '@parley/contracts'
import { type Actor } from '@parley/domain'

import { loadSessionActor, sessionEnded, type SessionActor } from '../../platform/actor.ts'
import { Failure } from '../../platform/failure.ts'
import { startPeriodic, type Periodic } from '../../platform/periodic.ts'
import { type Services } from '../../platform/services.ts'
import { itemsFor, loadBatch, type LoadedBatch } from './deliver-batch.ts'
import {
  currentPosition,
  endedSessions,
  feedState,
  readChanges,
  type Change,
} from './feed.queries.ts'
import { isAfter, parseCursor, toCursor, type Position } from './position.ts'

const READ_LIMIT = 500
const SWEEP_INTERVAL_MS = 1000
const SESSION_SWEEP_INTERVAL_MS = 5000
/** A reader this many batches behind is told to come back; its own cursor brings it up again. */
const MAXIMUM_WAITING_BATCHES = 200
/** While an older writer keeps committed changes unreadable, look again this often at most. */
const LONGEST_BACKOFF_MS = 50

interface Delivered {
  cursor: string
  message: FeedMessage
}

interface Follower {
  sessionId: string
  waiting: { batch: LoadedBatch; to: Position }[]
  wake: () => void
  /** Why the connection must end; null while it may go on. */
  ending: Failure | null
}

/**
 * Reads the change feed once for all who follow it in this process and gives everybody their part.
 */
export class FeedHub {
  readonly #services: Services
  readonly #followers = new Set<Follower>()
  #position: Position
  #wake = (): void => {}
  readonly #tasks: Periodic[] = []
  readonly #stopListening: (() => void)[] = []

  private constructor(services: Services, position: Position) {
    this.#services = services
    this.#position = position
  }

  static async start(services: Services): Promise<FeedHub> {
    const hub = new FeedHub(services, await currentPosition(services.db))
    const reading = startPeriodic('feed', SWEEP_INTERVAL_MS, services.logger, () => hub.#read())
    const sessions = startPeriodic('sessions', SESSION_SWEEP_INTERVAL_MS, services.logger, () =>
      hub.#endSessions(),
    )
    hub.#tasks.push(reading, sessions)
    hub.#wake = reading.wake
    hub.#stopListening.push(
      services.signals.on('feed', reading.wake),
      services.signals.on('sessions', (sessionId) => {
        hub.#endSession(sessionId).catch((error: unknown) => {
          services.logger.error({ err: error }, 'a session was not closed; the sweep tries again')
        })
      }),
    )
    return hub
  }

  async stop(): Promise<void> {
    for (const stop of this.#stopListening) stop()
    await Promise.all(this.#tasks.map((task) => task.stop()))
    for (const follower of this.#followers) end(follower, new Failure('server_unreachable'))
  }

  /**
   * Everything after the cursor that this person may see, then whatever comes. Ends when the signal says
   * so; throws when the session is over or the reader is too slow.
   */
  async *follow(
    actor: SessionActor,
    cursor: string,
    signal: AbortSignal,
  ): AsyncGenerator<Delivered, void> {
    const from = await this.#start(cursor)
    if ('reason' in from) {
      yield { cursor, message: { type: 'reset', reason: from.reason } }
      return
    }
    const follower = await this.#addFollower(actor.sessionId, signal)
    try {
      yield* this.#deliver(follower, actor, from, signal)
    } finally {
      this.#followers.delete(follower)
      this.#services.metrics.feedSubscribers.set(this.#followers.size)
    }
  }

  async *#deliver(
    follower: Follower,
    session: SessionActor,
    from: Position,
    signal: AbortSignal,
  ): AsyncGenerator<Delivered, void> {
    let actor: Actor = session
    let position = from
    // What the cache was filled with may be older than the person's present permissions.
    yield batchOf(position, [accessItem(actor)])
    for (;;) {
      const { changes } = await readChanges(this.#services.db, position, READ_LIMIT)
      if (changes.length === 0) break
      position = after(position, changes)
      const batch = await loadBatch(this.#services.db, changes)
      const delivery = await this.#itemsFor(batch, actor, session.sessionId)
      actor = delivery.actor
      if (delivery.items.length > 0) yield batchOf(position, delivery.items)
      if (signal.aborted) return
    }
    yield { cursor: toCursor(position), message: { type: 'live' } }

    while (!signal.aborted) {
      if (follower.ending !== null) throw follower.ending
      const next = follower.waiting.shift()
      if (next === undefined) {
        await new Promise<void>((resolve) => (follower.wake = resolve))
        continue
      }
      if (!isAfter(next.to, position)) continue
      position = next.to
      const delivery = await this.#itemsFor(next.batch, actor, session.sessionId)
      actor = delivery.actor
      if (delivery.items.length > 0) yield batchOf(position, delivery.items)
    }
  }

  /** If the batch says that the person themselves changed, their permissions are read again first. */
  async #itemsFor(
    batch: LoadedBatch,
    actor: Actor,
    sessionId: string,
  ): Promise<{ actor: Actor; items: FeedItem[] }> {
    if (!batch.people.some(({ id }) => id === actor.userId)) {
      return { actor, items: await itemsFor(batch, actor) }
    }
    const present = await loadSessionActor(this.#services.db, sessionId)
    if (present === null) throw await sessionEnded(this.#services.db, sessionId)
    const items = await itemsFor(batch, present)
    return {
      actor: present,
      items: hasSameAccess(actor, present) ? items : [accessItem(present), ...items],
    }
  }

  async #start(
    cursor: string,
  ): Promise<Position | { reason: 'unknown_cursor' | 'cursor_too_old' | 'new_epoch' }> {
    const position = parseCursor(cursor)
    if (position === null) return { reason: 'unknown_cursor' }
    const state = await feedState(this.#services.db)
    if (position.epoch !== state.epoch) return { reason: 'new_epoch' }
    if (position.transaction < state.horizon) return { reason: 'cursor_too_old' }
    if (position.transaction > state.next) return { reason: 'unknown_cursor' }
    return position
  }

  async #addFollower(sessionId: string, signal: AbortSignal): Promise<Follower> {
    // While nobody followed, nothing was read: whoever comes first brings the reader up to date.
    if (this.#followers.size === 0) this.#position = await currentPosition(this.#services.db)
    const follower: Follower = { sessionId, waiting: [], wake: () => {}, ending: null }
    this.#followers.add(follower)
    this.#services.metrics.feedSubscribers.set(this.#followers.size)
    signal.addEventListener('abort', () => follower.wake(), { once: true })
    this.#wake()
    return follower
  }

  async #read(): Promise<void> {
    let backoffMs = 1
    while (this.#followers.size > 0) {
      const read = await readChanges(this.#services.db, this.#position, READ_LIMIT)
      this.#services.metrics.feedLag.set(read.lagSeconds)
      if (read.changes.length > 0) {
        backoffMs = 1
        const to = after(this.#position, read.changes)
        this.#publish(await loadBatch(this.#services.db, read.changes), to)
        this.#position = to
      }
      if (read.changes.length === READ_LIMIT) continue
      if (!read.hasUnreadable) return
      // Nobody is woken when the older writer ends, so keep looking.
      await new Promise((resolve) => setTimeout(resolve, backoffMs))
      backoffMs = Math.min(backoffMs * 2, LONGEST_BACKOFF_MS)
    }
  }

  #publish(batch: LoadedBatch, to: Position): void {
    for (const follower of this.#followers) {
      follower.waiting.push({ batch, to })
      if (follower.waiting.length > MAXIMUM_WAITING_BATCHES) {
        end(follower, new Failure('server_unreachable', { because: 'too_slow' }))
      }
      follower.wake()
    }
  }

  async #endSession(sessionId: string): Promise<void> {
    const followers = [...this.#followers].filter((follower) => follower.sessionId === sessionId)
    if (followers.length === 0) return
    const failure = await sessionEnded(this.#services.db, sessionId)
    for (const follower of followers) end(follower, failure)
  }

  /** The net behind the signal: nobody follows on a session that is over. */
  async #endSessions(): Promise<void> {
    const sessionIds = [...new Set([...this.#followers].map(({ sessionId }) => sessionId))]
    if (sessionIds.length === 0) return
    for (const ended of await endedSessions(this.#services.db, sessionIds)) {
      await this.#endSession(ended)
    }
  }
}

function end(follower: Follower, failure: Failure): void {
  follower.ending ??= failure
  follower.wake()
}

function after(position: Position, changes: Change[]): Position {
  const last = changes.at(-1) as Change
  return { epoch: position.epoch, transaction: last.transaction, number: last.number }
}

function batchOf(position: Position, items: FeedItem[]): Delivered {
  const cursor = toCursor(position)
  return { cursor, message: { type: 'batch', batch: { cursor, items } } }
}

function accessItem({ role, teamIds }: Actor): FeedItem {
  return { op: 'access', role, teamIds: [...teamIds] }
}

function hasSameAccess(a: Actor, b: Actor): boolean {
  return a.role === b.role && [...a.teamIds].toSorted().join() === [...b.teamIds].toSorted().join()
}
