import { type FeedItem, type PutItem } from '@parley/contracts'
import { type Actor } from '@parley/domain'

import { type Registry } from '../registry.ts'
import { newApplied, type Applied } from './applied.ts'
import { type Arrival } from './kept-kind.ts'
import { type Store } from './store.ts'

/**
 * The cache's content for one person: rows from the server, each applied only if it is newer than what is
 * there, and only if this person may see it. What kinds of rows there are is the features' to say.
 */
export class Cache {
  readonly store: Store
  readonly myId: string
  readonly registry: Registry

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
    this.store.write(() => this.store.run(`DELETE FROM meta WHERE key = 'cursor'`))
  }

  /** The last fresh load that was completed. */
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

  /** What an answer or an older page brings, without a cursor. */
  applyItems(items: readonly FeedItem[], applied: Applied = newApplied()): Applied {
    this.store.write(() => {
      for (const item of items) this.#apply(item, applied)
    })
    return applied
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
    this.store.write(() => {
      for (const kept of this.registry.kinds.values()) kept.sweep?.(this, generation)
      this.store.setMeta('generation', String(generation))
      this.store.setMeta('cursor', cursor)
    })
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

  #apply(item: FeedItem, applied: Applied): void {
    switch (item.op) {
      case 'put':
        this.#put(item, { force: false, generation: this.generation, applied })
        return
      case 'remove':
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
