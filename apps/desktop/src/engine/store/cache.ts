import { epochOf, type FeedItem, type PutItem } from '@parley/contracts'
import { type Actor } from '@parley/domain'

import { type Registry } from '../registry.ts'
import { newApplied, type Applied } from './applied.ts'
import { type Arrival } from './kept-kind.ts'
import { type Store } from './store.ts'

/** A request under way, and what it must not bring back: its answer may have been written before that was removed. */
export interface Asked {
  readonly removed: Set<string>
  /** A fresh load has been completed since: it said everything. */
  isOvertaken: boolean
}

const nameOf = (kind: string, id: string): string => `${kind} ${id}`

/**
 * The cache's content for one person: rows from the server, each applied only if it is newer than what is
 * there, and only if this person may see it. What kinds of rows there are is the features' to say.
 */
export class Cache {
  readonly store: Store
  readonly myId: string
  readonly registry: Registry
  /** The requests under way whose answers bring rows. */
  readonly #asked = new Set<Asked>()

  constructor(store: Store, myId: string, registry: Registry) {
    this.store = store
    this.myId = myId
    this.registry = registry
  }

  get actor(): Actor {
    const access = this.store.getMeta('access')
    const { role, teamIds } = JSON.parse(access ?? '{"role":"agent","teamIds":[]}') as Omit<
      Actor,
      'userId'
    >
    return { userId: this.myId, role, teamIds }
  }

  setAccess(access: Omit<Actor, 'userId'>): void {
    this.store.setMeta('access', JSON.stringify(access))
  }

  get cursor(): string | null {
    return this.store.getMeta('cursor')
  }

  /** Everything is loaded afresh; what is shown stays until then. */
  forgetCursor(): void {
    const { cursor } = this
    if (cursor === null) return
    this.store.write(() => {
      this.store.setMeta('epoch', epochOf(cursor))
      this.store.run(`DELETE FROM meta WHERE key = 'cursor'`)
    })
  }

  /** The last fresh load that was begun. */
  get generation(): number {
    return Number(this.store.getMeta('generation') ?? '0')
  }

  /** A feed batch and its cursor, in one transaction. */
  applyBatch(items: readonly FeedItem[], cursor: string): Applied {
    const applied = newApplied()
    this.store.write(() => {
      for (const item of items) this.#apply(item, applied)
      this.store.setMeta('cursor', cursor)
    })
    return applied
  }

  /** Rows without a cursor. */
  applyItems(items: readonly FeedItem[], applied: Applied = newApplied()): Applied {
    this.store.write(() => {
      for (const item of items) this.#apply(item, applied)
    })
    return applied
  }

  /**
   * For a request whose answer brings rows: while it is under way it is remembered what the server has taken from this
   * person since, so that a late answer does not bring it back for good.
   */
  async answering<Result>(request: (asked: Asked) => Promise<Result>): Promise<Result> {
    const asked: Asked = { removed: new Set(), isOvertaken: false }
    this.#asked.add(asked)
    try {
      return await request(asked)
    } finally {
      this.#asked.delete(asked)
    }
  }

  /** What an answer brings. Of what was removed meanwhile, and if it is there again, the feed brings what is newest. */
  applyAnswer(
    items: readonly FeedItem[],
    asked: Asked,
    applied: Applied = newApplied(),
    generation: number = this.generation,
  ): Applied {
    this.store.write(() => {
      for (const item of items) {
        const isLate =
          item.op === 'put' &&
          (asked.isOvertaken || asked.removed.has(nameOf(item.kind, item.row.id)))
        if (!isLate) this.#apply(item, applied, generation)
      }
    })
    return applied
  }

  /** A page of what is older than what a fresh load brings, which therefore neither brings it nor ends it. */
  applyHistory(items: readonly PutItem[], asked: Asked): void {
    this.applyAnswer(items, asked, newApplied(), this.generation - 1)
  }

  /** It is not here any more, by whichever way it went. */
  removed(kind: string, id: string): void {
    for (const { removed } of this.#asked) removed.add(nameOf(kind, id))
  }

  /** @returns its generation: one that was broken off keeps its own, so that what it brought is old for the next */
  beginLoad(): number {
    const generation = this.generation + 1
    this.store.write(() => this.store.setMeta('generation', String(generation)))
    return generation
  }

  /** A page of the initial load. What the server says now is the truth, whatever the versions were. */
  applyBootstrapPage(items: readonly PutItem[], generation: number): void {
    const arrival = { force: true, generation, applied: newApplied() }
    this.store.write(() => {
      for (const item of items) this.#put(item, arrival)
    })
  }

  /** The initial load is complete: what it did not bring is not this person's any more. */
  finishBootstrap(generation: number, cursor: string): void {
    const epoch = epochOf(cursor)
    this.store.write(() => {
      const load = { generation, isNewEpoch: this.store.getMeta('epoch') !== epoch }
      for (const kept of this.registry.kinds.values()) kept.sweep?.(this, load)
      this.store.setMeta('epoch', epoch)
      this.store.setMeta('cursor', cursor)
    })
    for (const asked of this.#asked) asked.isOvertaken = true
  }

  /** The intent took effect at the server: its outbox row goes. Inside a transaction. */
  acknowledge(intentId: string, applied: Applied): void {
    const conversationId = this.store.value<string>(
      'DELETE FROM outbox WHERE intent_id = ? RETURNING conversation_id',
      intentId,
    )
    if (conversationId === null) return
    applied.topics.add('outbox')
    applied.conversationIds.add(conversationId)
    this.intentsChanged(conversationId)
  }

  /** What waits to be sent on this conversation is not what it was. Inside a transaction. */
  intentsChanged(conversationId: string): void {
    for (const { intentsChanged } of this.registry.features) intentsChanged?.(this, conversationId)
  }

  #apply(item: FeedItem, applied: Applied, generation = this.generation): void {
    switch (item.op) {
      case 'put':
        this.#put(item, { force: false, generation, applied })
        return
      case 'remove':
        this.removed(item.kind, item.id)
        this.registry.kinds.get(item.kind)?.remove(this, item.id, applied)
        return
      case 'acknowledge':
        this.acknowledge(item.intentId, applied)
        return
      case 'access':
        this.#changeAccess({ role: item.role, teamIds: item.teamIds }, applied)
    }
  }

  /** A kind that nobody here knows is of a newer server, and passed over. */
  #put({ kind, row }: PutItem, arrival: Arrival): void {
    this.registry.kinds.get(kind)?.put(this, row, arrival)
  }

  #changeAccess(access: Omit<Actor, 'userId'>, applied: Applied): void {
    const before = this.actor
    this.setAccess(access)
    const now = this.actor
    const isSame =
      before.role === now.role &&
      [...before.teamIds].toSorted().join() === [...now.teamIds].toSorted().join()
    if (isSame) return
    applied.gainedAccess =
      now.teamIds.some((id) => !before.teamIds.includes(id)) || before.role !== now.role
    for (const { accessChanged } of this.registry.features) accessChanged?.(this, applied)
  }
}
