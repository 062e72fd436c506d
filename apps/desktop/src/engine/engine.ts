import {
  ENGINE_INPUTS,
  type BridgeEvent,
  type BridgeEvents,
  type BridgeResult,
  type ConnectionView,
  type EngineMethod,
  type EngineOutputs,
  type OfferRow,
  type SessionView,
  type Tokens,
} from '@parley/contracts'
import { PROTOCOL_VERSION } from '@parley/contracts'
import { type DeviceState, type Priority } from '@parley/domain'
import { v7 as uuidv7 } from 'uuid'
import { type z } from 'zod'

import { intend, markSeen, openThread, reply, saveDraft } from './conversation-actions.ts'
import { type EngineHost, type StoredAccount } from './host.ts'
import { Outbox } from './outbox/outbox.ts'
import { type IntentPayload } from './outbox/outbox-record.ts'
import { serverHandlers } from './server-handlers.ts'
import { openPersonalCache } from './session/account.ts'
import { DeviceReport } from './session/device-report.ts'
import { type OpenSession } from './session/open-session.ts'
import { Refusal, ServerClient, refusal } from './session/server-client.ts'
import { Cache, type Applied } from './store/cache.ts'
import { Synchroniser } from './sync/synchroniser.ts'
import { readConversation } from './views/conversation.ts'
import { listCannedResponses, readDirectory, readMe } from './views/directory.ts'
import { countInbox, listInbox } from './views/inbox.ts'
import { listOffers } from './views/offers.ts'
import { search } from './views/search.ts'

/** Something the person may want to be told by the operating system. */
export type Notice = ConversationNotice | OfferNotice | { kind: 'offer_over'; offerId: string }

export interface ConversationNotice {
  kind: 'assigned' | 'message'
  conversationId: string
  customerName: string
  /** The customer's newest words, which are shown only where the policy allows it. */
  text: string | null
}

export interface OfferNotice {
  kind: 'offer'
  offerId: string
  customerName: string
  teamName: string
  priority: Priority
  /** How long it still stands. */
  expiresInMs: number
}

export interface EngineEvents {
  bridge<Event extends BridgeEvent>(event: Event, payload: BridgeEvents[Event]): void
  notice(notice: Notice): void
}

/** A device that has not reached its server for this long forgets what it holds. */
const LEASE_MS = 72 * 60 * 60 * 1000

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
  readonly #host: EngineHost
  readonly #events: EngineEvents
  readonly #device = new DeviceReport()
  #open: OpenSession | null = null
  #account: StoredAccount | null = null
  #signedOutBecause: Extract<SessionView, { state: 'signed_out' }>['because'] = 'never_signed_in'
  #connection: Pick<ConnectionView, 'state' | 'since' | 'bootstrapping' | 'clockOffsetMs'> = {
    state: 'offline',
    since: new Date().toISOString(),
    bootstrapping: null,
    clockOffsetMs: 0,
  }

  constructor(host: EngineHost, events: EngineEvents) {
    this.#host = host
    this.#events = events
  }

  /** Shows what was there last time, before any connection is made. */
  async start(): Promise<void> {
    this.#account = await this.#host.readAccount()
    const person = this.#account?.person
    if (!this.#account || !person) return
    const { serverUrl } = this.#account
    await this.#openCache({ personId: person.id, email: person.email, serverUrl })
    if (this.#open && this.#isLeaseOver(this.#open)) {
      await this.#wipe('signed_out')
      return
    }
    this.#connect()
  }

  async stop(): Promise<void> {
    this.#disconnect()
    this.#open?.personal.store.close()
    this.#open = null
  }

  /** The machine slept: its sockets look open and are not, so the line is made anew at once. */
  wake(): void {
    const open = this.#open
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
    'session.get': () => this.#sessionView(),
    'session.signIn': (input) => this.#signIn(input),
    'session.openOffline': async () => {
      if (this.#open === null) await this.start()
      if (this.#open === null) throw refusal('not_found')
      return this.#sessionView()
    },
    'session.signOut': (input) => this.#signOut(input),
    'connection.get': () => this.#connectionView(),
    'connection.retryNow': () => {
      this.#open?.synchroniser?.hurry()
      return this.#connectionView()
    },
    'directory.get': () => readDirectory(this.#signedIn().cache),
    'cannedResponses.list': ({ teamId }) => listCannedResponses(this.#signedIn().cache, teamId),
    'inbox.list': ({ view, limit }) => listInbox(this.#signedIn().cache, view, limit),
    'inbox.counts': () => countInbox(this.#signedIn().cache),
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
    ...serverHandlers(() => this.#line()),
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

  // Session

  async #signIn(input: Input<'session.signIn'>): Promise<SessionView> {
    const serverUrl = this.#host.fixedServerUrl ?? input.serverUrl.replace(/\/$/, '')
    const deviceId = this.#account?.deviceId ?? uuidv7()
    const answer = await askOnce(serverUrl, (trpc) =>
      trpc.session.signIn.mutate({
        email: input.email,
        password: input.password,
        device: { id: deviceId, name: this.#host.deviceName, platform: this.#host.platform },
        protocolVersion: PROTOCOL_VERSION,
      }),
    )
    const before = this.#account?.person
    const isSamePerson = before?.id === answer.person.id && this.#account?.serverUrl === serverUrl
    this.#disconnect()
    // One cache at a time: whoever was here before took their unsent words along when they signed out.
    if (!isSamePerson && this.#open !== null) await this.#destroyCache()
    await this.#openCache({ personId: answer.person.id, email: answer.email, serverUrl })
    const open = this.#signedIn()
    open.expired = false
    open.cache.setAccess({ role: answer.person.role, teamIds: answer.person.teamIds })
    open.cache.applyRows([{ op: 'put', kind: 'person', row: answer.person }])
    writeTokens(open, answer.tokens)
    open.cache.store.setMeta('reachedAt', new Date().toISOString())
    this.#account = {
      deviceId,
      serverUrl,
      person: { id: answer.person.id, email: answer.email, fullName: answer.person.fullName },
    }
    await this.#host.writeAccount(this.#account)
    this.#connect()
    this.#tellSession()
    return this.#sessionView()
  }

  async #signOut({ discardUnsent }: Input<'session.signOut'>): Promise<SessionView> {
    const open = this.#signedIn()
    const { waiting, refused } = open.outbox.counts()
    if (waiting + refused > 0 && !discardUnsent) {
      throw refusal('conflict', { action: 'unsent_work', count: waiting + refused })
    }
    // With the server out of reach the session ends there by age; here everything is gone at once.
    await open.client
      ?.ask((trpc) => trpc.session.signOut.mutate())
      .catch((error: unknown) => {
        if (!(error instanceof Refusal)) throw error
      })
    await this.#wipe('signed_out')
    return this.#sessionView()
  }

  async #openCache(person: { personId: string; email: string; serverUrl: string }): Promise<void> {
    if (this.#open?.personId === person.personId) return
    const personal = await openPersonalCache(this.#host, person.personId)
    const cache = new Cache(personal.store, person.personId)
    const outbox = new Outbox(cache, { changed: (applied) => this.#applied(applied) })
    this.#open = {
      ...person,
      personal,
      cache,
      outbox,
      client: null,
      synchroniser: null,
      expired: personal.store.getMeta('tokens') === null,
    }
  }

  async #destroyCache(): Promise<void> {
    const open = this.#open
    this.#open = null
    await open?.personal.destroy()
  }

  async #wipe(because: 'signed_out' | 'device_revoked'): Promise<void> {
    this.#disconnect()
    await this.#destroyCache()
    this.#signedOutBecause = because
    if (this.#account !== null) {
      this.#account = { ...this.#account, person: null }
      await this.#host.writeAccount(this.#account)
    }
    this.#tellSession()
  }

  /**
   * The server ended the session. A revoked device forgets everything, unless the person has unsent words
   * on it: those stay, locked, until they have signed in again.
   */
  async #sessionEnded(reason: string | null): Promise<void> {
    const open = this.#open
    if (open === null || open.expired) return
    const { waiting, refused } = open.outbox.counts()
    const isRevoked = reason === 'revoked' || reason === 'deactivated'
    if (isRevoked && waiting + refused === 0) {
      await this.#wipe('device_revoked')
      return
    }
    open.expired = true
    open.cache.store.write(() => open.cache.store.run(`DELETE FROM meta WHERE key = 'tokens'`))
    this.#disconnect()
    this.#tellSession()
  }

  #isLeaseOver(open: OpenSession): boolean {
    const reachedAt = open.cache.store.getMeta('reachedAt')
    return reachedAt !== null && Date.now() - Date.parse(reachedAt) > LEASE_MS
  }

  #sessionView(): SessionView {
    const open = this.#open
    const me = open && readMe(open.cache)
    if (open === null || me === null) {
      return {
        state: 'signed_out',
        serverUrl:
          this.#host.fixedServerUrl ?? this.#account?.serverUrl ?? this.#host.defaultServerUrl,
        serverLocked: this.#host.fixedServerUrl !== null,
        lastPerson: this.#account?.person
          ? { email: this.#account.person.email, fullName: this.#account.person.fullName }
          : null,
        because: this.#signedOutBecause,
      }
    }
    return {
      state: 'signed_in',
      serverUrl: open.serverUrl,
      email: open.email,
      me,
      expired: open.expired,
    }
  }

  #tellSession(): void {
    this.#events.bridge('session', this.#sessionView())
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
        sessionEnded: (reason) => void this.#sessionEnded(reason),
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
      },
      unreachable: () => this.#setConnection('offline'),
      bootstrapping: (progress) => {
        this.#connection = { ...this.#connection, bootstrapping: progress }
        this.#tellConnection()
        this.#tellEverything()
      },
      sessionEnded: (reason) => void this.#sessionEnded(reason),
    })
    open.synchroniser.start()
  }

  #disconnect(): void {
    const open = this.#open
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
      this.#open?.outbox.connect(null)
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
    const counts = this.#open?.outbox.counts() ?? { waiting: 0, refused: 0 }
    return {
      ...this.#connection,
      ...counts,
      syncedAt: this.#open?.cache.store.getMeta('reachedAt') ?? null,
    }
  }

  #tellConnection(): void {
    this.#events.bridge('connection', this.#connectionView())
  }

  // Changes

  #applied(applied: Applied): void {
    const conversationIds = [...applied.conversationIds]
    if (
      conversationIds.length > 0 ||
      applied.directory ||
      applied.cannedResponses ||
      applied.outbox ||
      applied.offers
    ) {
      this.#events.bridge('changed', {
        conversationIds: conversationIds.length > 500 ? null : conversationIds,
        directory: applied.directory,
        cannedResponses: applied.cannedResponses,
        outbox: applied.outbox,
        offers: applied.offers,
      })
    }
    if (applied.outbox) this.#tellConnection()
    if (applied.directory) this.#events.bridge('session', this.#sessionView())
    this.#tellPerson(applied)
  }

  #tellPerson({ assigned, written, offered, offersOver }: Applied): void {
    const cache = this.#open?.cache
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
    })
    this.#events.bridge('session', this.#sessionView())
  }

  #tellChanged(conversationId: string): void {
    this.#events.bridge('changed', {
      conversationIds: [conversationId],
      directory: false,
      cannedResponses: false,
      outbox: false,
      offers: false,
    })
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
    if (this.#open === null) throw refusal('unauthenticated')
    return this.#open
  }

  #line(): ServerClient {
    const { client } = this.#signedIn()
    if (client === null || !this.#isOnline) throw refusal('server_unreachable')
    return client
  }
}

/** A request before there is a session. */
async function askOnce<Result>(
  serverUrl: string,
  request: Parameters<ServerClient['ask']>[0] extends (trpc: infer Trpc) => unknown
    ? (trpc: Trpc) => Promise<Result>
    : never,
): Promise<Result> {
  const client = new ServerClient(
    serverUrl,
    { read: () => null, write: () => {} },
    { connected: () => {}, disconnected: () => {}, sessionEnded: () => {}, clock: () => {} },
  )
  try {
    return await client.ask(request)
  } finally {
    client.close()
  }
}

function readTokens({ cache }: OpenSession): Tokens | null {
  const stored = cache.store.getMeta('tokens')
  return stored === null ? null : (JSON.parse(stored) as Tokens)
}

function writeTokens({ cache }: OpenSession, tokens: Tokens): void {
  cache.store.write(() => cache.store.setMeta('tokens', JSON.stringify(tokens)))
}
