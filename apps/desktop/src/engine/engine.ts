import {
  ENGINE_INPUTS,
  type BridgeEvent,
  type BridgeEvents,
  type BridgeResult,
  type ConnectionView,
  type EngineMethod,
  type EngineOutputs,
  type OfferRow,
} from '@parley/contracts'
import { type DeviceState } from '@parley/domain'
import { v7 as uuidv7 } from 'uuid'
import { type z } from 'zod'

import { AlertTeller } from './alerts/alert-teller.ts'
import {
  acknowledgeAlert,
  intend,
  markSeen,
  openThread,
  reply,
  saveDraft,
} from './conversation-actions.ts'
import { type EngineHost } from './host.ts'
import { type ConversationNotice, type Notice } from './notices.ts'
import { Outbox } from './outbox/outbox.ts'
import { type IntentPayload } from './outbox/outbox-record.ts'
import { serverHandlers } from './server-handlers.ts'
import { DeviceReport } from './session/device-report.ts'
import { type OpenSession } from './session/open-session.ts'
import { Refusal, ServerClient, refusal } from './session/server-client.ts'
import { SessionKeeper, readTokens, writeTokens } from './session/session-keeper.ts'
import { nothingApplied, type Applied, type Cache } from './store/cache.ts'
import { Synchroniser } from './sync/synchroniser.ts'
import { listAlerts } from './views/alerts.ts'
import { readConversation } from './views/conversation.ts'
import { listCannedResponses, readDirectory } from './views/directory.ts'
import { countInbox, listInbox } from './views/inbox.ts'
import { listOffers } from './views/offers.ts'
import { search } from './views/search.ts'
import { readWallboard } from './views/wallboard.ts'

export { type Notice }

export interface EngineEvents {
  bridge<Event extends BridgeEvent>(event: Event, payload: BridgeEvents[Event]): void
  notice(notice: Notice): void
}

type Input<Method extends EngineMethod> = z.output<(typeof ENGINE_INPUTS)[Method]>
export type Handlers = {
  [Method in EngineMethod]: (
    input: Input<Method>,
  ) => EngineOutputs[Method] | Promise<EngineOutputs[Method]>
}

/**
 * The offline core: the cache, the line to the server, the outbox, and the views that the renderer shows.
 * Knows nothing of Electron; the worker gives it its host and carries calls and events.
 */
export class Engine {
  readonly #events: EngineEvents
  readonly #device = new DeviceReport()
  readonly #session: SessionKeeper
  #connection: Pick<ConnectionView, 'state' | 'since' | 'bootstrapping' | 'clockOffsetMs'> = {
    state: 'offline',
    since: new Date().toISOString(),
    bootstrapping: null,
    clockOffsetMs: 0,
  }

  constructor(host: EngineHost, events: EngineEvents) {
    this.#events = events
    this.#session = new SessionKeeper(host, {
      furnish: (cache) => ({
        outbox: new Outbox(cache, { changed: (applied) => this.#applied(applied) }),
        alerts: new AlertTeller({
          cache,
          notice: (notice) => this.#events.notice(notice),
          serverNowMs: () => this.#serverNowMs(),
        }),
      }),
      connect: () => this.#connect(),
      disconnect: () => this.#disconnect(),
      changed: () => this.#tellSession(),
    })
  }

  /** Shows what was there last time, before any connection is made. */
  start(): Promise<void> {
    return this.#session.start()
  }

  async stop(): Promise<void> {
    this.#disconnect()
    this.#session.close()
  }

  /** The machine is about to sleep: what still comes over the old line is told as it is after waking. */
  sleep(): void {
    this.#session.open?.alerts.lineLost()
  }

  /** The machine slept: its sockets look open and are not, so the line is made anew at once. */
  wake(): void {
    const { open } = this.#session
    if (open === null || open.client === null) return
    this.#hangUp(open)
    this.#connect()
  }

  /** Whether somebody is before this workstation, as main has found out. */
  setDevice(state: DeviceState): void {
    this.#device.set(state)
  }

  async call(method: EngineMethod, input: unknown): Promise<BridgeResult<unknown>> {
    const parsed = ENGINE_INPUTS[method].safeParse(input)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      const details = { field: issue?.path.join('.') ?? '', problem: issue?.message ?? '' }
      return { ok: false, error: { code: 'invalid_input', details } }
    }
    try {
      const handler = this.#handlers[method] as (given: unknown) => unknown
      return { ok: true, value: await handler(parsed.data) }
    } catch (error) {
      if (error instanceof Refusal) return { ok: false, error: error.error }
      throw error
    }
  }

  readonly #handlers: Handlers = {
    'session.get': () => this.#session.view(),
    'session.signIn': (input) => this.#session.signIn(input),
    'session.openOffline': async () => {
      if (this.#session.open === null) await this.start()
      if (this.#session.open === null) throw refusal('not_found')
      return this.#session.view()
    },
    'session.signOut': (input) => this.#session.signOut(input),
    'connection.get': () => this.#connectionView(),
    'connection.retryNow': () => {
      this.#session.open?.synchroniser?.hurry()
      return this.#connectionView()
    },
    'directory.get': () => readDirectory(this.#signedIn().cache),
    'cannedResponses.list': ({ teamId }) => listCannedResponses(this.#signedIn().cache, teamId),
    'inbox.list': ({ view, limit, only, order }) =>
      listInbox(this.#signedIn().cache, view, limit, { only, order, nowMs: this.#serverNowMs() }),
    'inbox.counts': () => countInbox(this.#signedIn().cache, this.#serverNowMs()),
    'conversation.get': ({ conversationId }) => {
      const { cache, outbox } = this.#signedIn()
      return readConversation(cache, outbox, conversationId)
    },
    'conversation.thread': (input) => openThread(this.#signedIn(), this.#isOnline, input),
    'conversation.markSeen': ({ conversationId }) => {
      if (markSeen(this.#signedIn(), conversationId)) this.#tellChanged(conversationId)
      return null
    },
    'conversation.saveDraft': ({ conversationId, text }) => {
      saveDraft(this.#signedIn(), conversationId, text)
      this.#tellChanged(conversationId)
      return null
    },
    'conversation.reply': ({ conversationId, text }) =>
      reply(this.#signedIn(), conversationId, text),
    'conversation.retryMessage': ({ conversationId, messageId }) =>
      this.#intend(conversationId, { kind: 'retry', messageId }),
    'conversation.settleMessage': ({ conversationId, messageId, as }) =>
      this.#intend(conversationId, { kind: 'settle', messageId, as }),
    'conversation.claim': ({ conversationId }) => this.#intend(conversationId, { kind: 'claim' }),
    'conversation.claimNext': ({ teamId }) => this.#claimNext(teamId),
    'conversation.assign': ({ conversationId, userId }) =>
      this.#intend(conversationId, { kind: 'assign', userId }),
    'conversation.transfer': ({ conversationId, to, note }) =>
      this.#intend(conversationId, { kind: 'transfer', to, note }),
    'conversation.release': ({ conversationId }) =>
      this.#intend(conversationId, { kind: 'release' }),
    'conversation.takeOver': ({ conversationId }) =>
      this.#intend(conversationId, { kind: 'take_over' }),
    'conversation.close': ({ conversationId, reason }) =>
      this.#intend(conversationId, { kind: 'close', reason }),
    'conversation.reopen': ({ conversationId }) => this.#intend(conversationId, { kind: 'reopen' }),
    'conversation.setPriority': ({ conversationId, priority }) =>
      this.#intend(conversationId, { kind: 'set_priority', priority }),
    ...serverHandlers(() => this.#line()),
    'alerts.list': () => listAlerts(this.#signedIn().cache, this.#serverNowMs()),
    'alerts.acknowledge': ({ alertId }) => {
      acknowledgeAlert(this.#signedIn(), alertId)
      return null
    },
    'alerts.acknowledgeAll': ({ kind }) => {
      const session = this.#signedIn()
      for (const { alert } of session.cache.alerts.open()) {
        if (alert.kind === kind) acknowledgeAlert(session, alert.id)
      }
      return null
    },
    'alerts.preferences': () => this.#signedIn().cache.alerts.preferences,
    'wallboard.get': () => readWallboard(this.#signedIn().cache, this.#serverNowMs()),
    'offers.list': () => listOffers(this.#signedIn().cache, this.#serverNowMs()),
    'offers.accept': ({ offerId }) => this.#acceptOffer(offerId),
    'offers.refuse': async ({ offerId }) => {
      await this.#decideOffer(offerId, 'refused', (trpc, intentId) =>
        trpc.offers.refuse.mutate({ intentId, offerId }),
      )
      return null
    },
    'outbox.list': () => this.#signedIn().outbox.list(),
    'outbox.retry': ({ intentId }) => {
      this.#signedIn().outbox.retry(intentId)
      return null
    },
    'outbox.discard': ({ intentId }) => {
      this.#signedIn().outbox.discard(intentId)
      return null
    },
    'search.query': ({ text, limit }) => search(this.#signedIn().cache, text, limit),
  }

  #tellSession(): void {
    this.#events.bridge('session', this.#session.view())
    this.#tellConnection()
  }

  // Connection

  #connect(): void {
    const open = this.#signedIn()
    if (open.expired) {
      this.#setConnection('offline')
      return
    }
    this.#setConnection('connecting')
    const client = new ServerClient(
      open.serverUrl,
      { read: () => readTokens(open), write: (tokens) => writeTokens(open, tokens) },
      {
        connected: () => {},
        disconnected: () => this.#setConnection('offline'),
        sessionEnded: (reason) => void this.#session.ended(reason),
        clock: (offsetMs) => this.#setClock(offsetMs),
      },
    )
    open.client = client
    open.synchroniser = new Synchroniser(client, open.cache, {
      applied: (applied) => this.#applied(applied),
      live: () => {
        open.cache.store.write(() =>
          open.cache.store.setMeta('reachedAt', new Date().toISOString()),
        )
        this.#setConnection('online')
        open.outbox.connect(client)
        this.#device.connect(client)
        open.alerts.live()
      },
      unreachable: () => this.#setConnection('offline'),
      bootstrapping: (progress) => {
        this.#connection = { ...this.#connection, bootstrapping: progress }
        this.#tellConnection()
        this.#tellEverything()
      },
      sessionEnded: (reason) => void this.#session.ended(reason),
    })
    open.synchroniser.start()
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

  get #isOnline(): boolean {
    return this.#connection.state === 'online'
  }

  #setConnection(state: ConnectionView['state']): void {
    if (this.#connection.state === state) return
    this.#connection = { ...this.#connection, state, since: new Date().toISOString() }
    if (state !== 'online') {
      this.#session.open?.outbox.connect(null)
      this.#session.open?.alerts.lineLost()
      this.#device.connect(null)
    }
    this.#tellConnection()
  }

  #setClock(offsetMs: number): void {
    // The header tells whole seconds: less than that is noise.
    if (Math.abs(offsetMs - this.#connection.clockOffsetMs) < 1000) return
    this.#connection = { ...this.#connection, clockOffsetMs: offsetMs }
    this.#tellConnection()
  }

  #connectionView(): ConnectionView {
    const counts = this.#session.open?.outbox.counts() ?? { waiting: 0, refused: 0 }
    return {
      ...this.#connection,
      ...counts,
      syncedAt: this.#session.open?.cache.store.getMeta('reachedAt') ?? null,
    }
  }

  #tellConnection(): void {
    this.#events.bridge('connection', this.#connectionView())
  }

  // Changes

  #applied(applied: Applied): void {
    this.#tellChanges(applied)
    if (applied.outbox) this.#tellConnection()
    if (applied.directory) this.#events.bridge('session', this.#session.view())
    if (applied.alerts) this.#session.open?.alerts.changed()
    this.#tellPerson(applied)
  }

  #tellChanges(applied: Applied): void {
    const { conversationIds, directory, cannedResponses, outbox, offers } = applied
    // An open alert says who owns its conversation and what the customer wrote last.
    const alerts =
      applied.alerts || this.#session.open?.cache.alerts.concernsOpen(conversationIds) === true
    const isAny =
      conversationIds.size > 0 || directory || cannedResponses || outbox || offers || alerts
    if (!isAny) return
    this.#events.bridge('changed', {
      conversationIds: conversationIds.size > 500 ? null : [...conversationIds],
      directory,
      cannedResponses,
      outbox,
      offers,
      alerts,
    })
  }

  #tellPerson({ assigned, written, offered, offersOver }: Applied): void {
    const cache = this.#session.open?.cache
    if (cache === undefined) return
    const told = new Set<string>()
    const tell = (kind: ConversationNotice['kind'], conversationId: string): void => {
      if (told.has(conversationId)) return
      told.add(conversationId)
      this.#events.notice({
        kind,
        conversationId,
        customerName: cache.customerName(conversationId),
        text: cache.newestWords(conversationId),
      })
    }
    for (const id of assigned) tell('assigned', id)
    for (const id of written) tell('message', id)
    for (const offer of offered) this.#tellOffer(cache, offer)
    for (const offerId of offersOver) this.#events.notice({ kind: 'offer_over', offerId })
  }

  #tellOffer(cache: Cache, { id, conversationId, teamId, expiresAt }: OfferRow): void {
    const expiresInMs = Date.parse(expiresAt) - this.#serverNowMs()
    const conversation = cache.conversation(conversationId)
    if (expiresInMs <= 0 || conversation === null) return
    this.#events.notice({
      kind: 'offer',
      offerId: id,
      customerName: cache.customerName(conversationId),
      teamName: cache.teamName(teamId),
      priority: conversation.priority,
      expiresInMs,
    })
  }

  #tellEverything(): void {
    this.#events.bridge('changed', {
      conversationIds: null,
      directory: true,
      cannedResponses: true,
      outbox: true,
      offers: true,
      alerts: true,
    })
    this.#events.bridge('session', this.#session.view())
  }

  #tellChanged(conversationId: string): void {
    this.#tellChanges({ ...nothingApplied(), conversationIds: new Set([conversationId]) })
  }

  #intend(conversationId: string, payload: IntentPayload): { intentId: string } {
    return intend(this.#signedIn(), conversationId, payload)
  }

  async #claimNext(teamId: string | null): Promise<{ conversationId: string | null }> {
    const { cache } = this.#signedIn()
    const intentId = uuidv7()
    const { conversation } = await this.#line().ask((trpc) =>
      trpc.conversations.claimNext.mutate({ intentId, teamId }),
    )
    if (conversation === null) return { conversationId: null }
    const applied = cache.applyRows([{ op: 'put', kind: 'conversation', row: conversation }])
    this.#applied({ ...applied, assigned: [] })
    return { conversationId: conversation.id }
  }

  // Offers

  async #acceptOffer(offerId: string): Promise<{ conversationId: string }> {
    const { cache } = this.#signedIn()
    const { conversation } = await this.#decideOffer(offerId, 'accepted', (trpc, intentId) =>
      trpc.offers.accept.mutate({ intentId, offerId }),
    )
    const applied = cache.applyRows([{ op: 'put', kind: 'conversation', row: conversation }])
    this.#applied({ ...applied, assigned: [] })
    return { conversationId: conversation.id }
  }

  /** Asks the server and nobody else: an offer is worth nothing later. */
  async #decideOffer<Answer>(
    offerId: string,
    outcome: 'accepted' | 'refused',
    request: (trpc: ServerClient['trpc'], intentId: string) => Promise<Answer>,
  ): Promise<Answer> {
    const { cache } = this.#signedIn()
    try {
      const answer = await this.#line().ask((trpc) => request(trpc, uuidv7()))
      this.#applied(cache.decideOffer(offerId, outcome))
      return answer
    } catch (error) {
      const code = error instanceof Refusal ? error.error.code : null
      if (code === 'conflict' || code === 'not_found') {
        this.#applied(cache.decideOffer(offerId, 'withdrawn'))
      }
      throw error
    }
  }

  #serverNowMs(): number {
    return Date.now() + this.#connection.clockOffsetMs
  }

  #signedIn(): OpenSession {
    return this.#session.signedIn
  }

  #line(): ServerClient {
    const { client } = this.#signedIn()
    if (client === null || !this.#isOnline) throw refusal('server_unreachable')
    return client
  }
}
