import {
  PROTOCOL_VERSION,
  type PersonRow,
  type PersonView,
  type SessionView,
  type Tokens,
} from '@parley/contracts'
import { v7 as uuidv7 } from 'uuid'

import { type Listener } from '../feature.ts'
import { type EngineHost, type StoredAccount } from '../host.ts'
import { type Outbox } from '../outbox/outbox.ts'
import { type Registry } from '../registry.ts'
import { Cache } from '../store/cache.ts'
import { type Synchroniser } from '../sync/synchroniser.ts'
import { openPersonalCache, type PersonalCache } from './account.ts'
import { Refusal, ServerClient, refusal } from './server-client.ts'

/** Everything that exists while somebody is signed in. */
export interface OpenSession {
  personId: string
  email: string
  serverUrl: string
  personal: PersonalCache
  cache: Cache
  outbox: Outbox
  listeners: readonly Listener[]
  client: ServerClient | null
  synchroniser: Synchroniser | null
  expired: boolean
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
  /** Who is signed in, or whether they still are. */
  changed(): void
}

/** A device that has not reached its server for this long forgets what it holds. */
const LEASE_MS = 72 * 60 * 60 * 1000

export interface SignInInput {
  serverUrl: string
  email: string
  password: string
}

/** Who is signed in on this device, with their cache: from signing in to signing out, or to its end. */
export class SessionKeeper {
  readonly #host: EngineHost
  readonly #registry: Registry
  readonly #events: SessionKeeperEvents
  #open: OpenSession | null = null
  #account: StoredAccount | null = null
  #signedOutBecause: Extract<SessionView, { state: 'signed_out' }>['because'] = 'never_signed_in'

  constructor(host: EngineHost, registry: Registry, events: SessionKeeperEvents) {
    this.#host = host
    this.#registry = registry
    this.#events = events
  }

  /** Null while nobody is signed in. */
  get open(): OpenSession | null {
    return this.#open
  }

  /** @throws Refusal `unauthenticated` */
  get signedIn(): OpenSession {
    if (this.#open === null) throw refusal('unauthenticated')
    return this.#open
  }

  /** Opens the cache of whoever used this device last, before any connection is made. */
  async start(): Promise<void> {
    this.#account = await this.#host.readAccount()
    const person = this.#account?.person
    if (!this.#account || !person) return
    const { serverUrl } = this.#account
    await this.#openCache({ personId: person.id, email: person.email, serverUrl })
    const open = this.signedIn
    if (isLeaseOver(open)) {
      await this.#wipe('signed_out')
      return
    }
    if (!open.expired) startListening(open)
    this.#events.connect()
  }

  close(): void {
    this.#open?.personal.store.close()
    this.#open = null
  }

  async signIn(input: SignInInput): Promise<SessionView> {
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
    this.#events.disconnect()
    // One cache at a time: whoever was here before took their unsent words along when they signed out.
    if (!isSamePerson && this.#open !== null) await this.#destroyCache()
    await this.#openCache({ personId: answer.person.id, email: answer.email, serverUrl })
    const open = this.signedIn
    open.expired = false
    open.cache.setAccess({ role: answer.person.role, teamIds: answer.person.teamIds })
    this.#events.keepMe(open.cache, answer.person)
    writeTokens(open, answer.tokens)
    open.cache.store.setMeta('reachedAt', new Date().toISOString())
    this.#account = {
      deviceId,
      serverUrl,
      person: { id: answer.person.id, email: answer.email, fullName: answer.person.fullName },
    }
    await this.#host.writeAccount(this.#account)
    startListening(open)
    this.#events.connect()
    this.#events.changed()
    return this.view()
  }

  async signOut({ discardUnsent }: { discardUnsent: boolean }): Promise<SessionView> {
    const open = this.signedIn
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
    return this.view()
  }

  /**
   * The server ended the session. A revoked device forgets everything, unless the person has unsent words
   * on it: those stay, locked, until they have signed in again.
   */
  async ended(reason: string | null): Promise<void> {
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
    this.#events.disconnect()
    this.#events.changed()
  }

  view(): SessionView {
    const open = this.#open
    const me = open && this.#events.readMe(open.cache)
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

  async #openCache(person: { personId: string; email: string; serverUrl: string }): Promise<void> {
    if (this.#open?.personId === person.personId) return
    const personal = await openPersonalCache(this.#host, person.personId, this.#registry.features)
    const cache = new Cache(personal.store, person.personId, this.#registry)
    this.#open = {
      ...person,
      ...this.#events.furnish(cache),
      personal,
      cache,
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
    this.#events.disconnect()
    await this.#destroyCache()
    this.#signedOutBecause = because
    if (this.#account !== null) {
      this.#account = { ...this.#account, person: null }
      await this.#host.writeAccount(this.#account)
    }
    this.#events.changed()
  }
}

function startListening({ listeners }: OpenSession): void {
  for (const listener of listeners) listener.start?.()
}

export function readTokens({ cache }: OpenSession): Tokens | null {
  const stored = cache.store.getMeta('tokens')
  return stored === null ? null : (JSON.parse(stored) as Tokens)
}

export function writeTokens({ cache }: OpenSession, tokens: Tokens): void {
  cache.store.write(() => cache.store.setMeta('tokens', JSON.stringify(tokens)))
}

function isLeaseOver({ cache }: OpenSession): boolean {
  const reachedAt = cache.store.getMeta('reachedAt')
  return reachedAt !== null && Date.now() - Date.parse(reachedAt) > LEASE_MS
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
    { disconnected: () => {}, sessionEnded: () => {}, clock: () => {} },
  )
  try {
    return await client.ask(request)
  } finally {
    client.close()
  }
}
