import {
  ENGINE_INPUTS,
  METHODS_WHILE_LOCKED,
  TOPICS,
  type BridgeEvent,
  type BridgeEvents,
  type BridgeResult,
  type CacheTroubleReason,
  type ConnectionView,
  type EngineMethod,
  type Reading,
  type ShownMethod,
  type Tokens,
} from '@parley/contracts'
import { type DeviceState } from '@parley/domain'

import { Answers } from './answers.ts'
import { type EngineCore, type Handlers } from './feature.ts'
import { REGISTRY, featureHandlers } from './features.ts'
import { keepPerson, readMe } from './features/accounts/index.ts'
import { customerNameIn } from './features/customers/index.ts'
import { type EngineHost } from './host.ts'
import { type Notice } from './notices.ts'
import { Outbox } from './outbox/outbox.ts'
import { ClockWatch } from './session/clock-watch.ts'
import { DeviceReport } from './session/device-report.ts'
import { readTokens, writeTokens, type OpenSession } from './session/open-session.ts'
import { Refusal, ServerClient, refusal, toRefusal } from './session/server-client.ts'
import { SessionKeeper } from './session/session-keeper.ts'
import { passed } from './stages.ts'
import { newApplied, type Applied } from './store/applied.ts'
import { CacheTrouble } from './store/cache-trouble.ts'
import { type Cache } from './store/cache.ts'
import { Synchroniser } from './sync/synchroniser.ts'

export { type Notice }

export interface EngineEvents {
  bridge<Event extends BridgeEvent>(event: Event, payload: BridgeEvents[Event]): void
  notice(notice: Notice): void
}

/** What everything but what is asked of a locked workstation is answered by it. */
const LOCKED = { ok: false, error: { code: 'session_ended', details: {} } } as const
/** After something came: not while more of it comes. */
const TIDY_AFTER_MS = 2000
/** More of them than this are not told one by one. */
const MOST_NAMED = 500

/**
 * The offline core: the session with its cache and outbox, the line to the server, and the features around them, which
 * answer what the renderer asks. Knows nothing of Electron; the worker gives it its host and carries calls and events.
 */
export class Engine {
  readonly #events: EngineEvents
  readonly #device = new DeviceReport()
  readonly #clock = new ClockWatch((byMs) => this.#clockWasSet(byMs))
  readonly #session: SessionKeeper
  readonly #core: EngineCore
  readonly #handlers: Handlers
  #connection: Pick<
    ConnectionView,
    'state' | 'since' | 'bootstrapping' | 'clockOffsetMs' | 'isNotUnderstood'
  > = {
    state: 'offline',
    since: new Date().toISOString(),
    bootstrapping: null,
    clockOffsetMs: 0,
    isNotUnderstood: false,
  }
  #trouble: CacheTroubleReason | null = null
  #tidying: NodeJS.Timeout | undefined

  constructor(host: EngineHost, events: EngineEvents) {
    this.#events = events
    this.#session = new SessionKeeper(host, REGISTRY, {
      furnish: (cache) => this.#furnish(cache),
      keepMe: keepPerson,
      readMe,
      connect: () => this.#connect(),
      disconnect: () => this.#disconnect(),
      isOnline: () => this.#connection.state === 'online',
      trouble: (reason) => this.#setTrouble(reason),
      leaseChanged: () => this.#tellConnection(),
      changed: () => {
        this.#tellSession()
        this.#tellEverything()
      },
    })
    this.#core = this.#makeCore()
    this.#handlers = { ...this.#ownHandlers(), ...featureHandlers(this.#core) }
  }

  /** Shows what was there last time, before any connection is made. */
  start(): Promise<void> {
    this.#clock.start()
    return this.#session.start()
  }

  async stop(): Promise<void> {
    clearTimeout(this.#tidying)
    this.#clock.stop()
    this.#disconnect()
    this.#session.close()
  }

  /** The machine is about to sleep: what still comes over the old line is told as it is after waking. */
  sleep(): void {
    this.#lineLost()
  }

  /** The machine slept: its sockets look open and are not, so the line is made anew at once. */
  wake(): void {
    this.#clock.beginAfresh()
    const { open } = this.#session
    if (open === null || open.client === null) return
    this.#hangUp(open)
    this.#connect()
  }

  /** Whether somebody is before this workstation, as main has found out. */
  setDevice(state: DeviceState): void {
    this.#device.set(state)
  }

  call(method: EngineMethod, input: unknown): Promise<BridgeResult<unknown>> {
    return this.#answer(method, input, (value) => value)
  }

  /**
   * For what the window shows and asks for again whenever it changes.
   * @param held the id of the answer that it holds
   */
  read(
    method: ShownMethod,
    input: unknown,
    held: number | null,
  ): Promise<BridgeResult<Reading<unknown>>> {
    // Who signs out while this is answered takes along what is kept of it.
    const answers = this.#session.open?.answers ?? new Answers()
    return this.#answer(method, input, (value, parsed) =>
      answers.reading(`${method} ${JSON.stringify(parsed)}`, value, held),
    )
  }

  async #answer<Given>(
    method: EngineMethod,
    input: unknown,
    give: (value: unknown, parsed: unknown) => Given,
  ): Promise<BridgeResult<Given>> {
    const isShut = (): boolean => this.#session.isLocked && !METHODS_WHILE_LOCKED.has(method)
    if (isShut()) return LOCKED
    const parsed = ENGINE_INPUTS[method].safeParse(input)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      const details = { field: issue?.path.join('.') ?? '', problem: issue?.message ?? '' }
      return { ok: false, error: { code: 'invalid_input', details } }
    }
    try {
      const handler = this.#handlers[method] as (given: unknown) => unknown
      const answer = await handler(parsed.data)
      // It has been locked while this was looked for.
      if (isShut()) return LOCKED
      const value = give(answer, parsed.data)
      passed('window answered')
      return { ok: true, value }
    } catch (error) {
      if (error instanceof Refusal) return { ok: false, error: error.error }
      if (error instanceof CacheTrouble) {
        return { ok: false, error: { code: 'not_kept', details: { reason: error.reason } } }
      }
      throw error
    }
  }

  #ownHandlers() {
    return {
      'session.get': () => this.#session.view(),
      'session.signIn': (input) => this.#session.signIn(input),
      'session.lookAtLink': (input) => this.#session.entrance.lookAtLink(input),
      'session.signOnOptions': (input) => this.#session.entrance.signOnOptions(input),
      'session.signOn': (input) => this.#session.signOn(input),
      'session.cancelSignOn': () => {
        this.#session.entrance.cancelSignOn()
        return null
      },
      'session.useLink': (input) => this.#session.useLink(input),
      'session.lock': async () => {
        if (this.#connection.state !== 'online') throw refusal('server_unreachable')
        await this.#session.ended(null)
        return this.#session.view()
      },
      'session.recoveryCodesSeen': () => this.#session.recoveryCodesSeen(),
      'session.openOffline': async () => {
        if (this.#session.open === null) await this.start()
        const view = this.#session.view()
        if (view.state === 'signed_out') throw refusal('not_found')
        return view
      },
      'session.openAgain': () => this.#session.openAgain(),
      'session.startFresh': () => this.#session.startFresh(),
      'session.carriedOverSeen': () => {
        const view = this.#session.carriedOverSeen()
        this.#tellSession()
        return view
      },
      'session.unsent': () => this.#session.unsent(),
      'session.signOut': (input) => this.#session.signOut(input),
      'connection.get': () => this.#connectionView(),
      'connection.retryNow': () => {
        this.#session.open?.synchroniser?.hurry()
        return this.#connectionView()
      },
    } satisfies Partial<Handlers>
  }

  /** What features find of the engine, whoever is signed in when they look. */
  #makeCore(): EngineCore {
    const signedIn = (): OpenSession => this.#session.signedIn
    const isOnline = (): boolean => this.#connection.state === 'online'
    const ask: EngineCore['ask'] = async (request) => {
      const open = signedIn()
      if (open.client === null || !isOnline()) throw refusal('server_unreachable')
      const answer = await open.client.ask(request)
      // Somebody else may have signed in meanwhile: what was asked for is none of theirs.
      if (this.#session.open !== open) throw refusal('unauthenticated')
      return answer
    }
    return {
      get cache() {
        return signedIn().cache
      },
      get outbox() {
        return signedIn().outbox
      },
      get isOnline() {
        return isOnline()
      },
      serverNowMs: () => this.#serverNowMs(),
      ask,
      tell: async (request) => {
        await ask(request)
        return null
      },
      intend(conversationId, intent) {
        return signedIn().outbox.intend(conversationId, intent)
      },
      take: (request, itemsOf) => {
        const { cache } = signedIn()
        return cache.answering(async (asked) => {
          const answer = await ask(request)
          const applied = newApplied({ isOwnDoing: true })
          this.#applied(cache.applyAnswer(itemsOf(answer), asked, { applied }))
          return answer
        })
      },
      changed: (applied) => this.#applied(applied),
    }
  }

  #furnish(cache: Cache): Pick<OpenSession, 'outbox' | 'listeners'> {
    const post = {
      cache,
      serverNowMs: () => this.#serverNowMs(),
      notice: (notice: Notice) => this.#events.notice(notice),
      take: this.#core.take,
      sessionChanged: () =>
        this.#reading(() => this.#events.bridge('session', this.#session.view())),
    }
    return {
      outbox: new Outbox(cache, {
        changed: (applied) => this.#applied(applied),
        customerName: (conversationId) => customerNameIn(cache, conversationId),
        nowMs: () => this.#serverNowMs(),
      }),
      listeners: REGISTRY.features.flatMap(({ listens }) => listens?.(post) ?? []),
    }
  }

  #tellSession(): void {
    this.#reading(() => this.#events.bridge('session', this.#session.view()))
    this.#tellConnection()
  }

  #setTrouble(reason: CacheTroubleReason | null): void {
    if (this.#trouble === reason) return
    this.#trouble = reason
    this.#tellConnection()
  }

  /** For what nobody waits for: where it cannot be read the store has told so, and what follows tells again. */
  #reading(tell: () => void): void {
    try {
      tell()
    } catch (error) {
      if (!(error instanceof CacheTrouble)) throw error
    }
  }

  /** A policy that has changed may end the session at another time. */
  #keepTokens(open: OpenSession, tokens: Tokens): void {
    const before = readTokens(open)?.sessionEndsAt
    writeTokens(open, tokens)
    if (tokens.sessionEndsAt !== before) this.#tellSession()
  }

  // Connection

  #connect(): void {
    const { open } = this.#session
    if (open === null || open.client !== null) return
    if (open.lock !== null) {
      this.#setConnection('offline')
      return
    }
    this.#setConnection('connecting')
    const client = new ServerClient(
      open.serverUrl,
      { read: () => readTokens(open), write: (tokens) => this.#keepTokens(open, tokens) },
      {
        disconnected: () => this.#setConnection('offline'),
        sessionEnded: (reason) => void this.#session.ended(reason),
        heard: () => this.#session.contact(),
        clock: (offsetMs) => {
          this.#clock.beginAfresh()
          this.#setClock(offsetMs)
        },
      },
    )
    open.client = client
    open.synchroniser = new Synchroniser(client, open.cache, {
      applied: (applied) => this.#applied(applied),
      live: () => {
        this.#setNotUnderstood(false)
        this.#setConnection('online')
        open.outbox.connect(client)
        this.#device.connect(client)
        for (const listener of open.listeners) listener.live?.()
      },
      unreachable: ({ isNotUnderstood }) => {
        this.#setNotUnderstood(isNotUnderstood)
        this.#setConnection('offline')
      },
      bootstrapping: (progress) => {
        this.#connection = { ...this.#connection, bootstrapping: progress }
        this.#tellConnection()
        if (progress === null) this.#tidyLater()
      },
      loadedSome: () => this.#tellEverything(),
      sessionEnded: (reason) => void this.#session.ended(reason),
    })
    open.synchroniser.start()
    this.#tidyLater()
  }

  /** What can wait is done in slices, while nobody waits for anything else, and not while a load is under way. */
  #tidyLater(delayMs = TIDY_AFTER_MS): void {
    if (this.#tidying !== undefined) return
    this.#tidying = setTimeout(() => {
      this.#tidying = undefined
      this.#reading(() => this.#tidySome())
    }, delayMs)
  }

  #tidySome(): void {
    const { open } = this.#session
    if (open === null || this.#connection.bootstrapping !== null) return
    const applied = newApplied({ isOwnDoing: true })
    const hasMore = open.cache.tidy(applied)
    this.#tellChanges(applied)
    if (hasMore) this.#tidyLater(0)
  }

  #disconnect(): void {
    const { open } = this.#session
    if (open === null) return
    this.#hangUp(open)
    this.#setConnection('offline')
  }

  #hangUp(open: OpenSession): void {
    open.synchroniser?.stop()
    open.outbox.connect(null)
    this.#device.connect(null)
    open.client?.close()
    open.client = null
    open.synchroniser = null
  }

  #lineLost(): void {
    for (const listener of this.#session.open?.listeners ?? []) listener.lineLost?.()
  }

  #setConnection(state: ConnectionView['state']): void {
    if (this.#connection.state === state) return
    const isOther = (this.#connection.state === 'online') !== (state === 'online')
    this.#connection = { ...this.#connection, state, since: new Date().toISOString() }
    if (state !== 'online') {
      this.#session.open?.outbox.connect(null)
      this.#lineLost()
      this.#device.connect(null)
    }
    this.#tellConnection()
    // What the server adds can be asked for from now on, or is not to be had.
    if (isOther) this.#tellChanges(newApplied({ topics: ['beside'], isOwnDoing: true }))
  }

  #setNotUnderstood(isNotUnderstood: boolean): void {
    if (this.#connection.isNotUnderstood === isNotUnderstood) return
    this.#connection = { ...this.#connection, isNotUnderstood }
    this.#tellConnection()
  }

  #setClock(offsetMs: number): void {
    // The header tells whole seconds: less than that is noise.
    if (Math.abs(offsetMs - this.#connection.clockOffsetMs) < 1000) return
    this.#connection = { ...this.#connection, clockOffsetMs: offsetMs }
    this.#tellConnection()
  }

  /** The server's time is what it was; it is asked what that is, for a machine may have slept without a word of it. */
  #clockWasSet(byMs: number): void {
    this.#setClock(this.#connection.clockOffsetMs - byMs)
    if (this.#connection.state !== 'online') return
    // Without an answer it is what it was.
    this.#core.ask((trpc) => trpc.session.me.query()).catch((error: unknown) => toRefusal(error))
  }

  #connectionView(): ConnectionView {
    const { open } = this.#session
    return {
      ...this.#connection,
      ...(open?.outbox.counts() ?? { waiting: 0, refused: 0 }),
      since: this.#byServerClock(this.#connection.since),
      syncedAt: this.#byServerClock(open?.lease.reachedAt ?? null),
      trouble: this.#trouble,
      leaseEndsAt: this.#byServerClock(this.#session.leaseEndsAt),
    }
  }

  #tellConnection(): void {
    this.#reading(() => this.#events.bridge('connection', this.#connectionView()))
  }

  // Changes

  #applied(applied: Applied): void {
    this.#tellChanges(applied)
    if (applied.topics.has('outbox')) {
      this.#tellConnection()
      this.#session.open?.outbox.wake()
    }
    for (const listener of this.#session.open?.listeners ?? []) listener.applied?.(applied)
    this.#tidyLater()
  }

  #tellChanges({ conversationIds, topics }: Applied): void {
    const cache = this.#session.open?.cache
    const spokenOf = REGISTRY.features.flatMap(
      ({ speaksOf }) => (cache && speaksOf?.(cache, conversationIds)) ?? [],
    )
    const all = new Set([...topics, ...spokenOf])
    if (conversationIds.size === 0 && all.size === 0) return
    this.#events.bridge('changed', {
      conversationIds: conversationIds.size > MOST_NAMED ? null : [...conversationIds],
      topics: [...all],
    })
    passed('window told')
  }

  #tellEverything(): void {
    this.#events.bridge('changed', { conversationIds: null, topics: [...TOPICS] })
    this.#reading(() => this.#events.bridge('session', this.#session.view()))
  }

  /** An instant of this device's clock: the window shows it beside the server's own. */
  #byServerClock<At extends string | null>(at: At): At {
    if (at === null) return at
    return new Date(Date.parse(at) + this.#connection.clockOffsetMs).toISOString() as At
  }

  #serverNowMs(): number {
    return Date.now() + this.#connection.clockOffsetMs
  }
}
