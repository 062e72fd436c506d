import { type Socket } from 'node:net'

import pg from 'pg'

import { asWorld, currentActor, runAs, type Actor } from './actor.ts'
import { Random } from './random.ts'
import { threadWork } from './thread-work.ts'
import { trace } from './trace.ts'
import { real } from './virtual-time.ts'

/** How often PostgreSQL is asked whether what it has not answered waits for somebody else's lock. */
const LOOK_AGAIN_MS = 2
const LATE_END_MS = 500

/** One that a server process wants of PostgreSQL, on one of its connections. */
interface Statement {
  readonly owner: Actor
  readonly client: WatchedClient
  readonly text: string
  readonly send: () => void
  /** How its owner is told, once PostgreSQL has answered. */
  deliver: (() => void) | null
}

interface WatchedClient extends Pick<pg.Client, 'once'> {
  watchedBy?: Actor
  /** For the trace: the so manieth that was opened. */
  number?: number
  isListening?: boolean
  heard?: (() => void)[]
  connection: { stream: Socket }
  processID: number | null
}

/** Of these sessions, each that waits for a lock, with those for which it waits. */
type WhoWaits = (sessions: number[]) => Promise<ReadonlyMap<number, readonly number[]>>

/**
 * Decides by the seed in which order PostgreSQL hears the statements of all server processes: of those that want
 * something of it one at a time is let through, and goes until it is answered or waits for a lock. So transactions
 * interleave in every way that they can, and the same way in the next run; and the simulation knows when nothing is left
 * to wait for, and what is cut off when a process is killed.
 */
class PostgresWatch {
  readonly #clients = new Map<Actor, Set<WatchedClient>>()
  readonly #wanted = new Map<WatchedClient, Statement[]>()
  /** With PostgreSQL, in the order in which it got them. */
  #sent: Statement[] = []
  #random = new Random(0)
  #opened = 0
  /** Grows with every answer: whoever compares it knows whether anything has happened. */
  answers = 0
  #heardAt = 0
  #tellAnswered: () => void = () => {}
  #askWhoWaits: WhoWaits = () => Promise.resolve(new Map())
  /** What servers say to PostgreSQL is said otherwise: for faults that are planted. */
  tamper: ((text: string) => string) | null = null
  /** For whom somebody waits. */
  #waitedFor = new Set<number>()

  begin(seed: number, askWhoWaits: WhoWaits): void {
    this.#clients.clear()
    this.#wanted.clear()
    this.#sent = []
    this.#waitedFor = new Set()
    this.#random = new Random(seed)
    this.#opened = 0
    this.answers = 0
    this.#heardAt = 0
    this.#askWhoWaits = askWhoWaits
  }

  get isIdle(): boolean {
    return this.#wanted.size === 0 && this.#sent.length === 0
  }

  want(statement: Statement): void {
    trace.note(`${statement.client.number} wants ${statement.text}`)
    const before = this.#wanted.get(statement.client)
    if (before === undefined) this.#wanted.set(statement.client, [statement])
    else before.push(statement)
  }

  answered(statement: Statement, deliver: () => void): void {
    statement.deliver = deliver
    this.#tellAnswered()
  }

  /**
   * The next one's turn: one connection's statement, mostly with those that travel with it.
   * @returns false where nobody wants anything that could begin
   */
  async next(): Promise<boolean> {
    const busy = new Set(this.#sent.map(({ client }) => client))
    const free = [...this.#wanted].filter(([client]) => !busy.has(client))
    if (free.length === 0) return false
    // Where several wait for one lock PostgreSQL decides who has it next, and not the seed.
    const first = free.filter(([{ processID }]) => this.#waitedFor.has(processID ?? 0))
    const [client, statements] = this.#random.one(first.length > 0 ? first : free)
    const count = this.#random.chance(0.7)
      ? statements.length
      : this.#random.int(1, statements.length)
    const going = statements.splice(0, count)
    if (statements.length === 0) this.#wanted.delete(client)
    this.#sent.push(...going)
    for (const statement of going) {
      trace.note(`${client.number} begins ${statement.text}`)
      statement.send()
    }
    await this.#goOn(going)
    if (this.#random.chance(0.2)) await this.hearNotifications()
    return true
  }

  /**
   * Until all that was sent is answered or waits for a lock; then those who asked are told, in the order of asking.
   * @param fresh what is mostly answered at once
   */
  async #goOn(fresh: readonly Statement[]): Promise<void> {
    let isLate = false
    this.#waitedFor = new Set()
    for (;;) {
      const open = this.#sent.filter(({ deliver }) => deliver === null)
      if (open.length === 0) break
      if (!isLate && open.some((statement) => fresh.includes(statement))) {
        isLate = !(await this.#isAnsweredWithin(LOOK_AGAIN_MS))
        continue
      }
      const sessions = open.map(({ client }) => client.processID)
      const waiting = await this.#askWhoWaits(sessions.filter((one) => one !== null))
      // What came meanwhile may have let others go on.
      if (open.some(({ deliver }) => deliver !== null)) continue
      if (sessions.every((one) => one !== null && waiting.has(one))) {
        this.#waitedFor = new Set([...waiting.values()].flat())
        break
      }
      await this.#isAnsweredWithin(LOOK_AGAIN_MS)
    }
    this.#deliver()
  }

  /** Everybody waits for a lock: that ends by itself where it is a deadlock. */
  async waitForLocks(ms: number): Promise<void> {
    await this.#isAnsweredWithin(ms)
    await this.#goOn([])
  }

  #deliver(): void {
    const done = this.#sent.filter(({ deliver }) => deliver !== null)
    this.#sent = this.#sent.filter(({ deliver }) => deliver === null)
    for (const { owner, client, deliver } of done) {
      this.answers += 1
      trace.note(`${client.number} is answered`)
      if (owner.isAlive && deliver !== null) runAs(owner, deliver)
    }
  }

  async #isAnsweredWithin(ms: number): Promise<boolean> {
    const isAnswered = await new Promise<boolean>((resolve) => {
      const late = real.setTimeout(() => resolve(false), ms)
      this.#tellAnswered = () => {
        real.clearTimeout(late)
        resolve(true)
      }
    })
    this.#tellAnswered = () => {}
    return isAnswered
  }

  add(owner: Actor, client: WatchedClient): void {
    const ofOwner = this.#clients.get(owner) ?? new Set()
    this.#clients.set(owner, ofOwner.add(client))
    client.number = ++this.#opened
    client.once('end', () => ofOwner.delete(client))
  }

  /**
   * What was notified until now is heard: PostgreSQL tells a listening session before it answers anything that it is
   * asked afterwards.
   */
  async hearNotifications(): Promise<void> {
    // Nothing is notified where nothing was said.
    if (this.#heardAt === this.answers) return
    this.#heardAt = this.answers
    const listening = [...this.#clients.values()]
      .flatMap((clients) => [...clients])
      .filter(({ isListening }) => isListening === true)
    await Promise.all(
      listening.map((client) => asWorld(() => plainQuery.call(client, 'SELECT 1')).catch(() => {})),
    )
    for (const client of listening) for (const tell of client.heard?.splice(0) ?? []) tell()
  }

  /** As when its process is killed. @returns the sessions that it had */
  cutOff(owner: Actor): number[] {
    const clients = [...(this.#clients.get(owner) ?? [])]
    this.#clients.delete(owner)
    for (const client of clients) {
      client.connection.stream.destroy()
      this.#wanted.delete(client)
    }
    this.#sent = this.#sent.filter((statement) => statement.owner !== owner)
    return clients.flatMap(({ processID }) => processID ?? [])
  }
}

// As they were: this file wraps them.
const plainQuery = pg.Client.prototype.query as unknown as Work
const plainConnect = pg.Client.prototype.connect as unknown as Work

type Work = (this: unknown, ...given: unknown[]) => Promise<unknown>

export const postgres = new PostgresWatch()

const never = (): Promise<never> => new Promise(() => {})

export function watchPostgres(): void {
  const prototype = pg.Client.prototype as unknown as Record<string, unknown>
  prototype['connect'] = function (this: WatchedClient, ...given: unknown[]) {
    const owner = currentActor()
    if (owner === null) return plainConnect.apply(this, given)
    if (!owner.isAlive) return never()
    this.watchedBy = owner
    postgres.add(owner, this)
    return wanted(owner, plainConnect, this, given, 'connect')
  }
  prototype['query'] = function (this: WatchedClient, ...given: unknown[]) {
    const owner = this.watchedBy
    if (owner === undefined) return plainQuery.apply(this, given)
    if (!owner.isAlive) return never()
    const [what] = given
    const said = typeof what === 'string' ? what : (what as { text: string }).text
    const text = postgres.tamper?.(said) ?? said
    if (text !== said) given[0] = typeof what === 'string' ? text : { ...(what as object), text }
    if (text.startsWith('LISTEN')) this.isListening = true
    return wanted(owner, plainQuery, this, given, text)
  }
  const plainEnd = pg.Client.prototype.end as unknown as Work
  prototype['end'] = function (this: WatchedClient, ...given: unknown[]) {
    // A pool that has one less opens another when it hears of the end: that is waited for, unless it waits for a lock.
    if (this.watchedBy?.isAlive === true) {
      const late = new Promise((resolve) => void real.setTimeout(resolve, LATE_END_MS))
      const ended = new Promise((resolve) => this.once('end', () => resolve(null)))
      void threadWork.watch(Promise.race([ended, late]))
    }
    return plainEnd.apply(this, given)
  }
  const plainEmit = pg.Client.prototype.emit as (this: unknown, ...given: unknown[]) => boolean
  prototype['emit'] = function (this: WatchedClient, ...given: unknown[]) {
    const owner = this.watchedBy
    if (owner === undefined || given[0] !== 'notification') return plainEmit.apply(this, given)
    // Heard when the seed says so, and not in the middle of whatever goes on.
    this.heard ??= []
    this.heard.push(() => {
      if (owner.isAlive) runAs(owner, () => plainEmit.apply(this, given))
    })
    return true
  }
}

function wanted(
  owner: Actor,
  work: Work,
  client: WatchedClient,
  given: unknown[],
  text: string,
): unknown {
  const want = (send: (answered: (deliver: () => void) => void) => void): void => {
    const statement: Statement = {
      owner,
      client,
      text,
      deliver: null,
      send: () => runAs(owner, () => send((deliver) => postgres.answered(statement, deliver))),
    }
    postgres.want(statement)
  }
  const last = given.at(-1)
  if (typeof last === 'function') {
    const tell = last as (...all: unknown[]) => void
    want((answered) => {
      const told = (...answer: unknown[]): void => answered(() => tell(...answer))
      void work.apply(client, [...given.slice(0, -1), told])
    })
    return undefined
  }
  return new Promise((resolve, reject) => {
    want((answered) => {
      work.apply(client, given).then(
        (value) => answered(() => resolve(value)),
        (error: Error) => answered(() => reject(error)),
      )
    })
  })
}
