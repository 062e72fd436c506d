import {
  type PersonRow,
  type PersonView,
  type SessionView,
  type CacheTroubleReason,
  type UnsentWords,
  type WordsOnlyReason,
} from '@parley/contracts'

import { Answers } from '../answers.ts'
import { type EngineHost } from '../host.ts'
import { type Registry } from '../registry.ts'
import { CacheTrouble } from '../store/cache-trouble.ts'
import { Cache } from '../store/cache.ts'
import { unsentIn } from '../store/carry-over.ts'
import { checkLater } from './damage-check.ts'
import {
  Entrance,
  type LetIn,
  type SignInInput,
  type SignOnInput,
  type UseLinkInput,
} from './entrance.ts'
import { KeptAccount } from './kept-account.ts'
import { Lease, type LeaseState } from './lease.ts'
import {
  beginBeside,
  forgetCarriedOver,
  forgetWordsOnly,
  markEnding,
  mayBeginBeside,
  openPersonalCache,
  peek,
  readCarriedOver,
  readEnding,
  readWordsOnly,
  type Owner,
  type PersonalCache,
} from './personal-cache.ts'
import { forgetTokens, startListening, writeTokens, type OpenSession } from './open-session.ts'
import { serverAddressOf } from './server-address.ts'
import { Refusal, refusal } from './server-client.ts'
import { lockedView, signedInView, signedOutView } from './session-view.ts'

/** What is saved here cannot be opened, and why. */
interface NotOpened {
  reason: CacheTroubleReason
  retryAt: string | null
  canStartFresh: boolean
  unsent: UnsentWords[]
}

/** What the engine does around a session: the keeper itself knows no feed and no outbox traffic. */
export interface SessionKeeperEvents {
  /** Puts to the cache what works on it. */
  furnish(cache: Cache): Pick<OpenSession, 'outbox' | 'listeners'>
  /** Whose cache it is, as the server said when they signed in. */
  keepMe(cache: Cache, me: PersonRow): void
  /** Null where the cache does not know them. */
  readMe(cache: Cache): PersonView | null
  connect(): void
  disconnect(): void
  isOnline(): boolean
  /** Whether what is saved here can be written: `null`, it can. */
  trouble(reason: CacheTroubleReason | null): void
  /** How long what is saved here still stays is worth saying, or not any more. */
  leaseChanged(): void
  /** Who is signed in, or whether they still are. */
  changed(): void
}

const FIRST_RETRY_MS = 1000
const LONGEST_RETRY_MS = 60_000
/** Damage that comes back as often as this within the hour is the disk's, and not mended by making a cache anew. */
const MOST_REBUILDS = 3
const REBUILDS_WITHIN_MS = 60 * 60 * 1000
const TICK_MS = 60_000
/** Who is told this is not to have what is saved here: it was withdrawn, or somebody else has had its token. */
const WITHDRAWN: ReadonlySet<string> = new Set(['revoked', 'deactivated', 'token_reused'])
/** What a person is told where nothing of theirs was left to show. */
const SIGNED_OUT_BY = {
  withdrawn: 'device_revoked',
  lease: 'session_ended',
  server_not_allowed: 'server_not_allowed',
  others: 'session_ended',
} as const satisfies Record<WordsOnlyReason, string>

type Who = Pick<OpenSession, 'personId' | 'email' | 'serverUrl'>
type SignedOutReason = Extract<SessionView, { state: 'signed_out' }>['because']

/** Of two servers the same id is not the same person. */
const isSame = (open: OpenSession | null, who: Owner): boolean =>
  open?.personId === who.personId && open.serverUrl === who.serverUrl

/** Who is signed in on this device, with their cache: from signing in to signing out, or to its end. */
export class SessionKeeper {
  readonly #host: EngineHost
  readonly #registry: Registry
  readonly #events: SessionKeeperEvents
  #open: OpenSession | null = null
  readonly #account: KeptAccount
  readonly entrance: Entrance
  #notOpened: NotOpened | null = null
  #opening: Promise<void> | null = null
  #failures = 0
  #retry: NodeJS.Timeout | undefined
  #tick: NodeJS.Timeout | undefined
  #endCheck = (): void => {}
  #isLeaseEnding = false
  /** When damage was mended, by the monotonic clock. */
  #rebuilds: number[] = []
  #isHealing = false
  #signedOutBecause: SignedOutReason = 'never_signed_in'

  constructor(host: EngineHost, registry: Registry, events: SessionKeeperEvents) {
    this.#host = host
    this.#account = new KeptAccount(host)
    this.entrance = new Entrance(host, this.#account, (typed) => this.#addressToEnter(typed))
    this.#registry = registry
    this.#events = events
  }

  /** Null while nobody is signed in. */
  get open(): OpenSession | null {
    return this.#open
  }

  /** Somebody's session is over: nothing of what is saved here is shown. */
  get isLocked(): boolean {
    return this.#open !== null && this.#open.lock !== null
  }

  /** When what is saved here goes; null while that is far away. */
  get leaseEndsAt(): string | null {
    return this.#open?.lease.warningEndsAt() ?? null
  }

  /** @throws Refusal `unauthenticated`, `not_kept` */
  get signedIn(): OpenSession {
    if (this.#notOpened !== null) throw refusal('not_kept', { reason: this.#notOpened.reason })
    if (this.#isHealing) throw refusal('not_kept', { reason: 'io' })
    if (this.#open === null) throw refusal('unauthenticated')
    return this.#open
  }

  /**
   * Opens the cache of whoever used this device last, before any connection is made. Where that fails, says so and
   * tries again, later each time.
   */
  start(): Promise<void> {
    this.#opening ??= this.#start().finally(() => (this.#opening = null))
    return this.#opening
  }

  async #start(): Promise<void> {
    clearTimeout(this.#retry)
    if (this.#open !== null) return
    try {
      await this.#openLast((owner) => openPersonalCache(this.#host, owner, this.#registry.features))
    } catch (error) {
      if (!(error instanceof CacheTrouble)) throw error
      await this.#couldNotOpen(error)
    }
  }

  async #openLast(open: (owner: Owner) => Promise<PersonalCache>): Promise<void> {
    const account = await this.#account.read()
    const person = account?.person
    if (!account || !person) {
      this.#opened()
      return
    }
    const owner = { personId: person.id, serverUrl: account.serverUrl }
    await this.#furnishOrRebuild(await open(owner), { ...owner, email: person.email })
    const because = this.#endingOf(this.#open)
    if (because !== null) await this.#leaveWords(because)
    else this.#begin()
  }

  /** Why all but the person's words is to go before anything is shown; null: it is not. */
  #endingOf(open: OpenSession | null): WordsOnlyReason | null {
    if (open === null) return null
    const { store } = open.personal
    const begun = readEnding(store)
    if (begun !== null || readWordsOnly(store) !== null) return begun
    return this.#isAllowed(open.serverUrl) ? null : 'server_not_allowed'
  }

  #isAllowed(serverUrl: string): boolean {
    try {
      const { fixedServerUrl } = this.#host
      const address = this.#addressOf(serverUrl)
      return fixedServerUrl === null || this.#addressOf(fixedServerUrl) === address
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return false
    }
  }

  /** @throws Refusal `invalid_input`, `insecure_server` */
  #addressOf(serverUrl: string): string {
    return serverAddressOf(serverUrl, this.#host)
  }

  /** It is open: shown, unless the lease says that the server has to be reached first. */
  #begin(): void {
    this.#opened()
    const open = this.#open
    if (open === null) return
    this.#checkLease()
    if (this.#open !== open) return
    if (open.lock === null && this.#notOpened === null) startListening(open)
    this.#events.connect()
  }

  #opened(): void {
    this.#notOpened = null
    this.#failures = 0
  }

  async #couldNotOpen(trouble: CacheTrouble): Promise<void> {
    const delayMs = Math.min(FIRST_RETRY_MS * 2 ** this.#failures++, LONGEST_RETRY_MS)
    const owner = this.#lastOwner
    // A newer build's is not this one's to open, however often it is tried.
    const isFinal = trouble.reason === 'newer'
    this.#notOpened = {
      reason: trouble.reason === 'damaged' ? 'io' : trouble.reason,
      retryAt: isFinal ? null : new Date(Date.now() + delayMs).toISOString(),
      canStartFresh: mayBeginBeside(trouble) && owner !== null,
      unsent: isFinal && owner !== null ? await this.#peek(owner) : [],
    }
    if (!isFinal) this.#retry = setTimeout(() => void this.#openAgain(), delayMs)
  }

  get #lastOwner(): Owner | null {
    const account = this.#account.current
    const person = account?.person
    return account && person ? { personId: person.id, serverUrl: account.serverUrl } : null
  }

  async #peek(owner: Owner): Promise<UnsentWords[]> {
    try {
      return await peek(this.#host, owner, this.#registry.features)
    } catch {
      // Another build's words may be written in a way that this one cannot read: there they are safe.
      return []
    }
  }

  async #openAgain(): Promise<void> {
    await this.start()
    this.#events.changed()
  }

  /** The person does not want to wait for the next try. */
  async openAgain(): Promise<SessionView> {
    if (this.#notOpened?.reason === 'lease') this.#events.connect()
    else await this.#openAgain()
    return this.view()
  }

  /** What cannot be opened stays as it is. */
  async startFresh(): Promise<SessionView> {
    const { canStartFresh = false, unsent = [] } = this.#notOpened ?? {}
    if (!canStartFresh) throw refusal('not_found')
    await this.#opening
    clearTimeout(this.#retry)
    try {
      await this.#openLast((owner) =>
        beginBeside(this.#host, owner, this.#registry.features, unsent),
      )
    } catch (error) {
      if (!(error instanceof CacheTrouble)) throw error
      await this.#couldNotOpen(error)
    }
    this.#events.changed()
    return this.view()
  }

  /** Something could not be read or written, or can be again. */
  #heard(store: PersonalCache['store'], trouble: CacheTrouble | null): void {
    if (this.#open?.personal.store !== store) return
    if (trouble?.reason === 'damaged') {
      // Not under the feet of whoever has just met it.
      setImmediate(() => void this.#heal(store))
      return
    }
    this.#events.trouble(trouble?.reason ?? null)
  }

  /** The cache is damaged, as SQLite says: it is set aside and made anew, and the person told. */
  async #heal(store: PersonalCache['store']): Promise<void> {
    const open = this.#open
    // Met several times before it could be mended, it is mended once.
    if (open?.personal.store !== store || this.#isHealing) return
    await this.#replace(open, () => this.#rebuild(open.personal))
  }

  /** @throws CacheTrouble where that has been done so often that the disk is at fault */
  #rebuild(personal: PersonalCache): Promise<PersonalCache> {
    const now = performance.now()
    this.#rebuilds = this.#rebuilds.filter((at) => now - at < REBUILDS_WITHIN_MS)
    if (this.#rebuilds.push(now) > MOST_REBUILDS) {
      personal.store.close()
      throw new CacheTrouble('io')
    }
    return personal.rebuild()
  }

  /** Another cache comes into the place of the one that is open. */
  async #replace(open: OpenSession, make: () => Promise<PersonalCache>): Promise<void> {
    this.#isHealing = true
    try {
      this.#events.disconnect()
      this.#open = null
      this.#furnish(await make(), open)
      this.#isHealing = false
      this.#begin()
    } catch (error) {
      if (!(error instanceof CacheTrouble)) throw error
      await this.#couldNotOpen(error)
    } finally {
      this.#isHealing = false
    }
    this.#events.changed()
  }

  /** The server has said something. */
  contact(): void {
    const open = this.#open
    if (open === null) return
    open.lease.contact()
    if (this.#notOpened?.reason !== 'lease') return
    this.#notOpened = null
    if (open.lock === null) startListening(open)
    this.#events.changed()
  }

  #checkLease(): void {
    const open = this.#open
    if (open === null || this.#isHealing) return
    if (this.#events.isOnline()) open.lease.contact()
    const state: LeaseState = open.lease.look()
    if (open.unwrittenTokens !== null) writeTokens(open, open.unwrittenTokens)
    void this.#account.keepAgain()
    if (state === 'over') void this.#leaveWords('lease')
    const isEnding = this.leaseEndsAt !== null
    if (isEnding !== this.#isLeaseEnding) this.#events.leaseChanged()
    this.#isLeaseEnding = isEnding
    // Who is locked out reaches the server by signing in.
    if (state !== 'in_doubt' || this.#notOpened !== null || open.lock !== null) return
    this.#notOpened = { reason: 'lease', retryAt: null, canStartFresh: false, unsent: [] }
    this.#events.changed()
  }

  /** Everything goes but the person's own words, which nobody else has. */
  async #leaveWords(because: WordsOnlyReason): Promise<void> {
    const open = this.#open
    if (open === null || this.#isHealing) return
    markEnding(open.personal.store, because)
    if (this.unsent().length === 0) {
      await this.#wipe(SIGNED_OUT_BY[because])
      return
    }
    await this.#replace(open, () => open.personal.leaveWords(because))
  }

  /** What would be lost with this cache. */
  unsent(): UnsentWords[] {
    const store = this.#open?.personal.store
    if (store === undefined) return []
    const carriedOver = readCarriedOver(store)
    // Those stand in the cache that could not be opened, and go with this one.
    const beside = carriedOver?.because === 'beside' ? carriedOver.unsent : []
    return [...unsentIn(store, this.#registry.features), ...beside]
  }

  /** How many there are that are not among these, as they were then. */
  #unsentBeside(known: readonly UnsentWords[]): number {
    const names = new Set(known.map((words) => JSON.stringify(words)))
    return this.unsent().filter((words) => !names.has(JSON.stringify(words))).length
  }

  recoveryCodesSeen(): SessionView {
    this.signedIn.recoveryCodes = null
    return this.view()
  }

  carriedOverSeen(): SessionView {
    forgetCarriedOver(this.signedIn.personal.store)
    return this.view()
  }

  close(): void {
    clearTimeout(this.#retry)
    this.entrance.cancelSignOn()
    this.#endCheck()
    clearInterval(this.#tick)
    this.#open?.lease.settle()
    this.#open?.personal.store.close()
    this.#open = null
  }

  signIn = async (input: SignInInput): Promise<SessionView> =>
    this.#enter(await this.entrance.signIn(input))

  useLink = async (input: UseLinkInput): Promise<SessionView> =>
    this.#enter(await this.entrance.useLink(input))

  signOn = async (input: SignOnInput): Promise<SessionView> =>
    this.#enter(await this.entrance.signOn(input))

  /** @throws Refusal `conflict`, `insecure_server` */
  #addressToEnter(typed: string): string {
    const serverUrl = this.#addressOf(this.#host.fixedServerUrl ?? typed)
    this.#mustBeOut(serverUrl)
    return serverUrl
  }

  async #enter({ serverUrl, deviceId, answer }: LetIn): Promise<SessionView> {
    this.#mustBeOut(serverUrl)
    const who = { personId: answer.person.id, email: answer.email, serverUrl }
    if (!isSame(this.#open, who)) await this.#makeRoom()
    await this.#openCache(who)
    const open = this.signedIn
    open.lock = null
    forgetWordsOnly(open.personal.store)
    open.cache.signedInWith({ role: answer.person.role, teamIds: answer.person.teamIds })
    this.#events.keepMe(open.cache, answer.person)
    writeTokens(open, answer.tokens)
    open.lease.contact()
    await this.#account.keep({
      deviceId,
      serverUrl,
      person: { id: answer.person.id, email: answer.email, fullName: answer.person.fullName },
      knownAs: this.#account.knownAs(serverUrl, answer.email, answer.deviceSecret),
    })
    open.recoveryCodes = answer.recoveryCodes
    startListening(open)
    this.#events.connect()
    this.#events.changed()
    return this.view()
  }

  /**
   * A password, and whatever else a page may say in its place, goes nowhere while what is saved here can be read, and then
   * to the server of who is locked out alone, or to the one that IT has fixed.
   * @throws Refusal `conflict`
   */
  #mustBeOut(serverUrl: string): void {
    const { state } = this.view()
    const isOwn = this.#host.fixedServerUrl !== null || this.#open?.serverUrl === serverUrl
    if (state === 'signed_out' || (state === 'locked' && isOwn)) return
    throw refusal('conflict', { action: 'signed_in' })
  }

  /** Somebody else comes: of who was locked out only their words stay, for them. */
  async #makeRoom(): Promise<void> {
    const open = this.#open
    if (open === null) return
    this.#open = null
    const { personal } = open
    if (unsentIn(personal.store, this.#registry.features).length === 0) await personal.destroy()
    else if (readWordsOnly(personal.store) !== null) personal.store.close()
    else (await personal.leaveWords('others')).store.close()
  }

  async signOut({ discardUnsent }: { discardUnsent: boolean }): Promise<SessionView> {
    const open = this.signedIn
    if (open.lock !== null) return await this.#giveUp(discardUnsent)
    const known = this.unsent()
    const count = known.length
    if (count > 0 && !discardUnsent) throw refusal('conflict', { action: 'unsent_work', count })
    await Promise.all(open.listeners.map((listener) => listener.leaving?.()))
    // With the server out of reach the session ends there by age; here everything is gone at once.
    await open.client
      ?.ask((trpc) => trpc.session.signOut.mutate())
      .catch((error: unknown) => {
        if (!(error instanceof Refusal)) throw error
      })
    // With a line that says nothing that took a while, in which somebody may have gone on working: of that nobody has said
    // that it may go.
    const since = this.#unsentBeside(known)
    if (since > 0) {
      await this.ended(null)
      throw refusal('conflict', { action: 'unsent_work', count: since })
    }
    await this.#wipe('signed_out')
    return this.view()
  }

  /** Whoever is locked out leaves it to somebody else. */
  async #giveUp(discardUnsent: boolean): Promise<SessionView> {
    if (discardUnsent) await this.#wipe('signed_out')
    else await this.#leaving('signed_out', () => this.#makeRoom())
    return this.view()
  }

  /** The server ended the session: what is saved here waits, unread, or goes. */
  async ended(reason: string | null): Promise<void> {
    const open = this.#open
    if (open === null || open.lock !== null) return
    if (reason !== null && WITHDRAWN.has(reason)) {
      await this.#leaveWords('withdrawn')
      return
    }
    this.#events.disconnect()
    open.lock = 'expired'
    forgetTokens(open)
    this.#events.changed()
  }

  view(): SessionView {
    if (this.#notOpened !== null) return { state: 'not_opened', ...this.#notOpened }
    const open = this.#open
    if (open?.lock) return lockedView(open, open.lock, this.#account.current, this.unsent())
    if (open !== null) {
      return signedInView(open, this.#account.current, this.#events.readMe(open.cache))
    }
    if (this.#isHealing) return { state: 'starting' }
    return signedOutView(this.#host, this.#account.current, this.#signedOutBecause)
  }

  async #openCache(person: Who): Promise<void> {
    if (isSame(this.#open, person)) return
    const personal = await openPersonalCache(this.#host, person, this.#registry.features)
    await this.#furnishOrRebuild(personal, person)
    this.#opened()
  }

  /** Damage may be met before there is anybody to hear of it. */
  async #furnishOrRebuild(personal: PersonalCache, person: Who): Promise<void> {
    try {
      this.#furnish(personal, person)
    } catch (error) {
      this.#open = null
      if (!(error instanceof CacheTrouble) || error.reason !== 'damaged') {
        personal.store.close()
        throw error
      }
      this.#furnish(await this.#rebuild(personal), person)
    }
  }

  #furnish(personal: PersonalCache, { personId, email, serverUrl }: Who): void {
    const { store } = personal
    const cache = new Cache(store, personId, this.#registry)
    store.listen((trouble) => this.#heard(store, trouble))
    this.#open = {
      personId,
      email,
      serverUrl,
      ...this.#events.furnish(cache),
      personal,
      cache,
      answers: new Answers(),
      client: null,
      synchroniser: null,
      lock: store.getMeta('tokens') === null ? (readWordsOnly(store) ?? 'expired') : null,
      lease: new Lease(store, this.#host.leaseMs),
      unwrittenTokens: null,
      recoveryCodes: null,
    }
    this.#events.trouble(null)
    clearInterval(this.#tick)
    this.#tick = setInterval(() => this.#checkLease(), TICK_MS)
    this.#endCheck()
    this.#endCheck = checkLater(store, () => this.#open?.personal.store === store)
  }

  #wipe(because: SignedOutReason): Promise<void> {
    return this.#leaving(because, async () => {
      const open = this.#open
      this.#open = null
      await open?.personal.destroy()
    })
  }

  async #leaving(because: SignedOutReason, clear: () => Promise<void>): Promise<void> {
    this.#events.disconnect()
    try {
      await clear()
      this.#notOpened = null
      this.#signedOutBecause = because
      const account = this.#account.current
      if (account !== null) await this.#account.keep({ ...account, person: null })
    } catch (error) {
      if (!(error instanceof CacheTrouble)) throw error
      await this.#couldNotOpen(error)
    }
    this.#events.changed()
  }
}
