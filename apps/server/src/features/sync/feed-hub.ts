import { type BootstrapPage, type FeedItem } from '@parley/contracts'
import { type Actor } from '@parley/domain'

import { sessionEnded, type SessionActor } from '../../platform/actor.ts'
import { Failure } from '../../platform/failure.ts'
import { startPeriodic, type Periodic } from '../../platform/periodic.ts'
import { type Services } from '../../platform/services.ts'
import { conversationItems } from './conversation-items.ts'
import { loadBatch } from './deliver-batch.ts'
import { type Delivered, FeedReader } from './feed-reader.ts'
import { LoadAdmission } from './load/load-admission.ts'
import { LoadPage } from './load/load-page.ts'
import { SharedPages } from './load/shared-pages.ts'
import { currentPosition, endedSessions, feedState, readChanges } from './feed.queries.ts'
import { Kinds } from './kinds.ts'
import { after, parseCursor, type Position } from './position.ts'
import { type AnyServedKind } from './served-kind.ts'

const READ_LIMIT = 500
const SWEEP_INTERVAL_MS = 1000
const SESSION_SWEEP_INTERVAL_MS = 5000
/** Under constant load a turn ends after this and the next begins, as a turn that hangs never does. */
const LONGEST_TURN_MS = 10_000
/** While an older writer keeps committed changes unreadable, look again this often at most. */
const LONGEST_BACKOFF_MS = 50

/**
 * Reads the change feed once for all who follow it in this process and gives everybody their part.
 */
export class FeedHub {
  readonly #services: Services
  readonly #kinds: Kinds
  readonly #loads: LoadAdmission
  readonly #shared: SharedPages
  readonly #readers = new Set<FeedReader>()
  #position: Position
  #wake = (): void => {}
  readonly #tasks: Periodic[] = []
  readonly #stopListening: (() => void)[] = []

  private constructor(services: Services, kinds: Kinds, position: Position) {
    this.#services = services
    this.#kinds = kinds
    this.#loads = new LoadAdmission(services.metrics)
    this.#shared = new SharedPages(services.db)
    this.#position = position
  }

  static async start(services: Services, kinds: readonly AnyServedKind[]): Promise<FeedHub> {
    const hub = new FeedHub(services, new Kinds(kinds), await currentPosition(services.db))
    const reading = startPeriodic('feed', SWEEP_INTERVAL_MS, services, () => hub.#read())
    const sessions = startPeriodic('sessions', SESSION_SWEEP_INTERVAL_MS, services, () =>
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

  /**
   * A page of what a workstation begins with.
   * @throws Failure `invalid_input` for a page that was never handed out, `try_later` while there is no room for a load
   */
  bootstrap(actor: SessionActor, page: string | null): Promise<BootstrapPage> {
    const from = { db: this.#services.db, kinds: this.#kinds, shared: this.#shared, actor }
    return this.#loads.page(
      actor.sessionId,
      () => {
        if (page === null && this.#loads.isAlone) this.#shared.forget()
        return LoadPage.read(from, page)
      },
      ({ nextPage }) => nextPage === null,
    )
  }

  /** Conversations that this person asks for, as lists show them or whole; what they may not see is removed. */
  conversations(
    actor: Actor,
    ids: readonly string[],
    extent: { threads: boolean },
  ): Promise<FeedItem[]> {
    return conversationItems(this.#services.db, this.#kinds, actor, ids, extent)
  }

  async stop(): Promise<void> {
    for (const stop of this.#stopListening) stop()
    await Promise.all(this.#tasks.map((task) => task.stop()))
    for (const reader of this.#readers) reader.end(new Failure('server_unreachable'))
  }

  /**
   * Everything after the cursor that this person may see, then whatever comes. Ends when the signal says
   * so; throws when the session is over.
   */
  async *follow(
    session: SessionActor,
    cursor: string,
    signal: AbortSignal,
  ): AsyncGenerator<Delivered, void> {
    const from = await this.#start(cursor)
    if ('reason' in from) {
      yield { cursor, message: { type: 'reset', reason: from.reason } }
      return
    }
    const reader = new FeedReader(this.#services, this.#kinds, session, from, signal)
    await this.#add(reader)
    try {
      yield* reader.read()
    } finally {
      this.#readers.delete(reader)
      this.#services.metrics.feedSubscribers.set(this.#readers.size)
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

  async #add(reader: FeedReader): Promise<void> {
    // While nobody followed, nothing was read: whoever comes first brings the hub up to date.
    if (this.#readers.size === 0) {
      const position = await currentPosition(this.#services.db)
      // Not past what somebody is owed who came in meanwhile.
      if (this.#readers.size === 0) this.#position = position
    }
    this.#readers.add(reader)
    this.#services.metrics.feedSubscribers.set(this.#readers.size)
    this.#wake()
  }

  async #read(): Promise<void> {
    let backoffMs = 1
    const endsAtMs = performance.now() + LONGEST_TURN_MS
    while (this.#readers.size > 0) {
      if (performance.now() > endsAtMs) return this.#wake()
      const read = await readChanges(this.#services.db, this.#position, READ_LIMIT)
      this.#services.metrics.feedLag.set(read.lagSeconds)
      if (read.changes.length > 0) {
        backoffMs = 1
        const to = after(this.#position, read.changes)
        const batch = await loadBatch(this.#services.db, this.#kinds, read.changes)
        for (const reader of this.#readers) reader.push(batch, to)
        this.#position = to
      }
      if (read.changes.length === READ_LIMIT) continue
      if (!read.hasUnreadable) return
      // Nobody is woken when the older writer ends, so keep looking.
      await new Promise((resolve) => setTimeout(resolve, backoffMs))
      backoffMs = Math.min(backoffMs * 2, LONGEST_BACKOFF_MS)
    }
  }

  async #endSession(sessionId: string): Promise<void> {
    const readers = [...this.#readers].filter((reader) => reader.sessionId === sessionId)
    if (readers.length === 0) return
    const failure = await sessionEnded(this.#services.db, sessionId)
    for (const reader of readers) reader.end(failure)
  }

  /** The net behind the signal: nobody follows on a session that is over. */
  async #endSessions(): Promise<void> {
    const sessionIds = [...new Set([...this.#readers].map(({ sessionId }) => sessionId))]
    if (sessionIds.length === 0) return
    for (const ended of await endedSessions(this.#services.db, sessionIds)) {
      await this.#endSession(ended)
    }
  }
}
