import { type FeedItem } from '@parley/contracts'
import { type Actor } from '@parley/domain'

import { sessionEnded, type SessionActor } from '../../platform/actor.ts'
import { Failure } from '../../platform/failure.ts'
import { startPeriodic, type Periodic } from '../../platform/periodic.ts'
import { type Services } from '../../platform/services.ts'
import { passed } from '../../platform/stages.ts'
import { conversationItems } from './conversation-items.ts'
import { loadBatch } from './deliver-batch.ts'
import { type Delivered, FeedReader } from './feed-reader.ts'
import {
  currentPosition,
  endedSessions,
  feedState,
  positionBefore,
  readChanges,
  type Change,
} from './feed.queries.ts'
import { HeldChanges } from './held-changes.ts'
import { Kinds } from './kinds.ts'
import { LoadAdmission } from './load/load-admission.ts'
import { LoadPage } from './load/load-page.ts'
import { type LoadedPage } from './load/loaded-page.ts'
import { SharedPages } from './load/shared-pages.ts'
import { PastChanges } from './past-changes.ts'
import { after, isAfter, parseCursor, type Position } from './position.ts'
import { RecentChanges } from './recent-changes.ts'
import { type AnyServedKind } from './served-kind.ts'

const READ_LIMIT = 500
/** How far back a process that begins to read begins. */
const REMEMBERED_CHANGES = 5_000
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
  readonly #recent: RecentChanges
  readonly #past: PastChanges
  readonly #held: HeldChanges
  readonly #readers = new Set<FeedReader>()
  #position: Position
  /** How often it was begun to read everything that can be read, and which of these times has come to its end. */
  #begun = 0
  #settled = 0
  #wake = (): void => {}
  /** Ends a pause before the next look. */
  #endPause = (): void => {}
  readonly #tasks: Periodic[] = []
  readonly #stopListening: (() => void)[] = []

  private constructor(services: Services, kinds: Kinds, position: Position) {
    this.#services = services
    this.#kinds = kinds
    this.#position = position
    this.#loads = new LoadAdmission(services.metrics)
    this.#shared = new SharedPages(services.db)
    this.#recent = new RecentChanges(position)
    this.#past = new PastChanges(services.db, kinds)
    this.#held = new HeldChanges(() => this.#wake())
  }

  static async start(services: Services, kinds: readonly AnyServedKind[]): Promise<FeedHub> {
    const hub = new FeedHub(services, new Kinds(kinds), await currentPosition(services.db))
    const reading = startPeriodic('feed', SWEEP_INTERVAL_MS, services, () => hub.#read())
    const sessions = startPeriodic('sessions', SESSION_SWEEP_INTERVAL_MS, services, () =>
      hub.#endSessions(),
    )
    hub.#tasks.push(reading, sessions)
    hub.#wake = () => {
      hub.#endPause()
      reading.wake()
    }
    hub.#stopListening.push(
      services.signals.on('feed', () => hub.#wake()),
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
  bootstrap(actor: SessionActor, page: string | null): Promise<LoadedPage> {
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
    this.#held.forget()
    this.#loads.stop()
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
    await this.#beginReading()
    const askedAt = this.#begun
    const sources = {
      recent: this.#recent,
      past: this.#past,
      isCurrent: () => this.#settled > askedAt,
    }
    const reader = new FeedReader(this.#services, sources, session, from, signal)
    this.#readers.add(reader)
    this.#services.metrics.feedSubscribers.set(this.#readers.size)
    this.#wake()
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

  /**
   * While nobody followed, nothing was read: whoever comes first has it go on, from where it was or, where that is long
   * ago, from so many changes before the present.
   */
  async #beginReading(): Promise<void> {
    if (this.#readers.size > 0) return
    const begin = await positionBefore(this.#services.db, REMEMBERED_CHANGES)
    // Not past what somebody is owed who came in meanwhile.
    if (this.#readers.size > 0) return
    const isNewEpoch = begin.epoch !== this.#position.epoch
    if (!isNewEpoch && !this.#recent.isEmpty && !isAfter(begin, this.#position)) return
    this.#held.forget()
    this.#recent.reset(begin)
    this.#position = begin
  }

  async #read(): Promise<void> {
    let backoffMs = 1
    const endsAtMs = performance.now() + LONGEST_TURN_MS
    while (this.#readers.size > 0) {
      if (performance.now() > endsAtMs) return this.#wake()
      const time = ++this.#begun
      const from = this.#position
      const read = await readChanges(this.#services.db, from, READ_LIMIT)
      // Somebody began anew meanwhile, after all had left.
      if (this.#position !== from) continue
      this.#services.metrics.feedLag.set(read.lagSeconds)
      if (read.changes.length > 0) {
        backoffMs = 1
        passed('feed read')
        await this.#take(from, read.changes)
      }
      if (this.#held.isDue) await this.#giveHeld()
      if (read.changes.length === READ_LIMIT) continue
      this.#settle(time)
      if (!read.hasUnreadable) return
      // Nobody may say so when the older writer ends, so keep looking.
      const wasWoken = await this.#pause(backoffMs)
      backoffMs = wasWoken ? 1 : Math.min(backoffMs * 2, LONGEST_BACKOFF_MS)
    }
  }

  /** @returns whether somebody was in a hurry */
  #pause(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms, false)
      this.#endPause = () => {
        clearTimeout(timer)
        resolve(true)
      }
    })
  }

  /** What changes often waits for what else changes within the second; everything else is given out at once. */
  async #take(from: Position, changes: Change[]): Promise<void> {
    const to = after(from, changes)
    const isHeld = ({ entity }: Change): boolean => this.#kinds.get(entity)?.isFrequent === true
    await this.#give(
      changes.filter((change) => !isHeld(change)),
      to,
      this.#held.begin ?? (changes.some(isHeld) ? from : to),
    )
    this.#held.add(from, changes.filter(isHeld))
  }

  async #giveHeld(): Promise<void> {
    await this.#give(this.#held.changes, this.#position)
    this.#held.forget()
  }

  async #give(changes: readonly Change[], to: Position, cursor: Position = to): Promise<void> {
    const batch = await loadBatch(this.#services.db.steady, this.#kinds, changes)
    if (changes.length > 0) passed('content loaded')
    this.#position = to
    if (changes.length === 0) return
    const entry = { batch, to, cursor }
    const number = this.#recent.append(entry)
    for (const reader of this.#readers) reader.given(number, entry)
  }

  /** Everything that could be read when it was begun has been given out. */
  #settle(time: number): void {
    this.#settled = time
    for (const reader of this.#readers) reader.wakeIfBehind()
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
