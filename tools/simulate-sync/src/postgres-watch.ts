import { type Socket } from 'node:net'

import pg from 'pg'

import { asWorld, currentActor, runAs, type Actor } from './actor.ts'

/**
 * What server processes have under way at PostgreSQL, so that the simulation knows when nothing is left to wait for, and
 * what is cut off when one of them is killed.
 */
class PostgresWatch {
  readonly #clients = new Map<Actor, Set<WatchedClient>>()
  #underWay = 0
  /** Grows with every answer: whoever compares it knows whether anything has happened. */
  answers = 0
  #idle: (() => void)[] = []
  #heardAt = 0

  get isIdle(): boolean {
    return this.#underWay === 0
  }

  begin(owner: Actor): () => void {
    this.#underWay += 1
    let isOver = false
    const over = (): void => {
      if (isOver) return
      isOver = true
      this.#underWay -= 1
      this.answers += 1
      if (this.#underWay === 0) for (const tell of this.#idle.splice(0)) tell()
    }
    const ofOwner = underWayOf.get(owner) ?? new Set()
    underWayOf.set(owner, ofOwner.add(over))
    return () => {
      ofOwner.delete(over)
      over()
    }
  }

  idle(): Promise<void> {
    return this.isIdle ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve))
  }

  add(owner: Actor, client: WatchedClient): void {
    const ofOwner = this.#clients.get(owner) ?? new Set()
    this.#clients.set(owner, ofOwner.add(client))
    client.once('end', () => ofOwner.delete(client))
  }

  /**
   * What was notified until now has arrived when this returns: PostgreSQL tells a listening session before it answers
   * anything that it is asked afterwards.
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
  }

  /** As when its process is killed. @returns the sessions that it had */
  cutOff(owner: Actor): number[] {
    const clients = [...(this.#clients.get(owner) ?? [])]
    this.#clients.delete(owner)
    for (const client of clients) client.connection.stream.destroy()
    for (const over of underWayOf.get(owner) ?? []) over()
    underWayOf.delete(owner)
    return clients.flatMap(({ processID }) => processID ?? [])
  }
}

interface WatchedClient extends Pick<pg.Client, 'once'> {
  watchedBy?: Actor
  isListening?: boolean
  connection: { stream: Socket }
  processID: number | null
}

const underWayOf = new Map<Actor, Set<() => void>>()
// As they were: this file wraps them.
const plainQuery = pg.Client.prototype.query as unknown as (
  this: unknown,
  ...given: unknown[]
) => Promise<unknown>
const plainConnect = pg.Client.prototype.connect as unknown as (
  this: unknown,
  ...given: unknown[]
) => Promise<unknown>

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
    return watched(owner, plainConnect, this, given)
  }
  prototype['query'] = function (this: WatchedClient, ...given: unknown[]) {
    const owner = this.watchedBy
    if (owner === undefined) return plainQuery.apply(this, given)
    if (!owner.isAlive) return never()
    if (typeof given[0] === 'string' && given[0].startsWith('LISTEN')) this.isListening = true
    return watched(owner, plainQuery, this, given)
  }
}

function watched(
  owner: Actor,
  work: (this: unknown, ...given: unknown[]) => Promise<unknown>,
  client: WatchedClient,
  given: unknown[],
): unknown {
  const over = postgres.begin(owner)
  const last = given.at(-1)
  if (typeof last === 'function') {
    const told = (...answer: unknown[]): void => {
      over()
      if (owner.isAlive) runAs(owner, () => (last as (...all: unknown[]) => void)(...answer))
    }
    return work.apply(client, [...given.slice(0, -1), told])
  }
  const answer = work.apply(client, given)
  answer.then(over, over)
  return answer
}
