import {
  epochOf,
  type Coverage,
  type FeedCursor,
  type FeedItem,
  type PutItem,
} from '@parley/contracts'
import { type Actor } from '@parley/domain'

import { type Registry } from '../registry.ts'
import { newApplied, type Applied } from './applied.ts'
import { type Arrival as Arriving } from './kept-kind.ts'
import { type Store } from './store.ts'

/**
 * A request under way, and what its answer must not undo, since it may have been written before that: what was removed
 * does not come back by it, and what has come is not removed by it.
 */
export interface Asked {
  readonly removed: Set<string>
  readonly arrived: Set<string>
  /** A fresh load has been completed since: it said everything. */
  isOvertaken: boolean
}

type Answering = Partial<Pick<Arriving, 'applied' | 'isAlone'>>

/** A fresh load, as far as it has come. */
export interface Load {
  generation: number
  /** From where the feed goes on when it is complete. */
  cursor: FeedCursor
  /** Where it goes on itself; null: at its beginning. */
  page: string | null
  rows: number
  /** By this device's clock. */
  begunAt: string
}

const EVERYTHING: Coverage = { open: true, closedSince: null }
/** Before a load is complete nobody knows what is missing. */
const nothingSure = (): Coverage => ({ open: false, closedSince: new Date().toISOString() })

/** Only a conversation says so. */
const isWhole = (item: PutItem): boolean => 'whole' in item && item.whole === true

const nameOf = (kind: string, id: string): string => `${kind} ${id}`

/**
 * The cache's content for one person: rows from the server, each applied only if it is newer than what is
 * there, and only if this person may see it. What kinds of rows there are is the features' to say.
 */
export class Cache {
  readonly store: Store
  readonly myId: string
  readonly registry: Registry
  /** Conversations whose threads are being fetched, and by how many requests: what comes of them meanwhile is kept, so that no hole can arise. */
  readonly fetching = new Map<string, number>()
  /** Conversations of whose threads the rows that are being applied bring a part without a hole. */
  comingThreads: ReadonlySet<string> = new Set()
  /** When closed conversations beyond what is held were last looked at, by the monotonic clock. */
  lookedBeyondAtMs = Number.NEGATIVE_INFINITY
  /** As it was read last: every conversation that comes asks for it. */
  #read: { access: string; actor: Actor }
  /** The requests under way whose answers bring rows. */
  readonly #asked = new Set<Asked>()

  constructor(store: Store, myId: string, registry: Registry) {
    this.store = store
    this.myId = myId
    this.#read = { access: '', actor: { userId: myId, role: 'agent', teamIds: [] } }
    this.registry = registry
    store.beforeCommit(() => this.#settle())
    // Who wrote last may not have known what follows from it.
    this.#settle()
  }

  get actor(): Actor {
    const access = this.store.getMeta('access') ?? '{"role":"agent","teamIds":[]}'
    if (access !== this.#read.access) {
      const { role, teamIds } = JSON.parse(access) as Omit<Actor, 'userId'>
      this.#read = { access, actor: { userId: this.myId, role, teamIds } }
    }
    return this.#read.actor
  }

  setAccess(access: Omit<Actor, 'userId'>): void {
    this.store.setMeta('access', JSON.stringify(access))
  }

  /**
   * As the server says it at a sign-in. The feed goes on from before, and what it says of it then is no news: what is out
   * of reach goes now, and what was gained is loaded.
   */
  signedInWith(access: Omit<Actor, 'userId'>): void {
    this.store.write(() => {
      const { gainedAccess } = this.applyItems([
        { op: 'access', role: access.role, teamIds: [...access.teamIds] },
      ])
      if (!gainedAccess) return
      this.forgetCursor()
      // The pages that one has brought which was broken off are of before.
      this.giveUpLoad()
    })
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
      this.store.deleteMeta('cursor')
      // What has come since, or into reach, is missing until then.
      this.store.deleteMeta('coverage')
    })
  }

  /** The last fresh load that was begun. */
  get generation(): number {
    return Number(this.store.getMeta('generation') ?? '0')
  }

  /** The last one that was completed: a thread that came before it may lack what was written meanwhile. */
  get completeLoad(): number {
    return Number(this.store.getMeta('completeLoad') ?? '0')
  }

  /** A feed batch and its cursor, in one transaction. */
  applyBatch(items: readonly FeedItem[], cursor: string): Applied {
    const applied = newApplied()
    this.store.write(() => {
      const { generation } = this
      this.#applyAll(items, { force: false, isAlone: true, generation, applied })
      this.store.setMeta('cursor', cursor)
      // What was gained only a fresh load brings: whoever crashes now must not go on from here.
      if (applied.gainedAccess) this.forgetCursor()
    })
    return applied
  }

  /** Rows without a cursor. */
  applyItems(items: readonly FeedItem[], arriving: Answering = {}): Applied {
    const { applied = newApplied(), isAlone = false } = arriving
    this.store.write(() =>
      this.#applyAll(items, { force: false, isAlone, generation: this.generation, applied }),
    )
    return applied
  }

  /**
   * For a request whose answer brings rows: while it is under way it is remembered what the server has taken from this
   * person since, so that a late answer does not bring it back for good.
   */
  async answering<Result>(request: (asked: Asked) => Promise<Result>): Promise<Result> {
    const asked: Asked = { removed: new Set(), arrived: new Set(), isOvertaken: false }
    this.#asked.add(asked)
    try {
      return await request(asked)
    } finally {
      this.#asked.delete(asked)
    }
  }

  /** What an answer brings. Of what was removed meanwhile, and if it is there again, the feed brings what is newest. */
  applyAnswer(items: readonly FeedItem[], asked: Asked, arriving: Answering = {}): Applied {
    const inTime = items.filter((item) => {
      if (item.op === 'remove') return !asked.arrived.has(nameOf(item.kind, item.id))
      if (item.op !== 'put') return true
      return !(asked.isOvertaken || asked.removed.has(nameOf(item.kind, item.row.id)))
    })
    // What it brings itself is no news to it.
    this.#asked.delete(asked)
    return this.applyItems(inTime, arriving)
  }

  /** A page of what is older than all that is here of a conversation's thread. */
  applyHistory(conversationId: string, items: readonly PutItem[], asked: Asked): void {
    this.store.write(() => {
      this.comingThreads = new Set([conversationId])
      this.applyAnswer(items, asked)
    })
  }

  /** It is not here any more, by whichever way it went. */
  removed(kind: string, id: string): void {
    for (const { removed } of this.#asked) removed.add(nameOf(kind, id))
  }

  /** The load that was begun and is not complete; null where there is none. */
  get load(): Load | null {
    const stored = this.store.getMeta('load')
    return stored === null ? null : (JSON.parse(stored) as Load)
  }

  /**
   * A fresh load that goes on from this cursor. One that is given up keeps its generation to itself, so that what it
   * brought is old for the next.
   */
  beginLoad(cursor: FeedCursor): void {
    const generation = this.generation + 1
    this.store.write(() => {
      this.store.setMeta('generation', String(generation))
      this.#setLoad({ generation, cursor, page: null, rows: 0, begunAt: new Date().toISOString() })
    })
  }

  /** Nobody knows any more where it was, or it has become too old. */
  giveUpLoad(): void {
    this.store.write(() => this.store.deleteMeta('load'))
  }

  /**
   * A part of the load. What the server says now is the truth, whatever the versions were.
   * @param page where it goes on; null: still within the page that it has come from
   */
  applyLoaded(items: readonly PutItem[], page: string | null = null): void {
    const load = this.#loading
    const isNewEpoch = this.#isNewEpoch(load)
    const { generation } = load
    this.store.write(() => {
      this.#applyAll(items, { force: true, isNewEpoch, generation, applied: newApplied() })
      this.#setLoad({ ...load, page: page ?? load.page, rows: load.rows + items.length })
    })
  }

  /**
   * The load is complete: what it did not bring is not this person's any more. What there is little of goes at once,
   * conversations slice by slice; see `tidy`.
   */
  finishLoad(coverage: Coverage | null): void {
    const load = this.#loading
    const { generation, cursor } = load
    this.store.write(() => {
      const fresh = { generation, isNewEpoch: this.#isNewEpoch(load) }
      for (const kept of this.registry.kinds.values()) kept.sweep?.(this, fresh)
      this.store.setMeta('epoch', epochOf(cursor))
      this.store.setMeta('completeLoad', String(generation))
      this.store.setMeta('coverage', JSON.stringify(coverage ?? EVERYTHING))
      this.store.setMeta('cursor', cursor)
      this.store.deleteMeta('load')
    })
    for (const asked of this.#asked) asked.isOvertaken = true
  }

  /** Which conversations are all here, at least as list rows; what is beyond only the server knows. */
  get coverage(): Coverage {
    const stored = this.store.getMeta('coverage')
    return stored === null ? nothingSure() : (JSON.parse(stored) as Coverage)
  }

  setCoverage(coverage: Coverage): void {
    this.store.setMeta('coverage', JSON.stringify(coverage))
  }

  get #loading(): Load {
    const { load } = this
    if (load === null) throw new Error('no load was begun')
    return load
  }

  #setLoad(load: Load): void {
    this.store.setMeta('load', JSON.stringify(load))
  }

  #isNewEpoch({ cursor }: Load): boolean {
    const epoch = this.store.getMeta('epoch')
    return epoch !== null && epoch !== epochOf(cursor)
  }

  /** Does a little of what can wait, in a transaction of its own. @returns whether there is more of it */
  tidy(applied: Applied = newApplied()): boolean {
    return this.store.write(() =>
      this.registry.features.some((feature) => feature.tidy?.(this, applied) === true),
    )
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
  }

  /** What follows from what was written, before it is on the disk. */
  #settle(): void {
    const touched = this.store.all<{ id: string }>('SELECT conversation_id AS id FROM touched')
    if (touched.length === 0) return
    const ids = touched.map(({ id }) => id)
    this.store.write(() => {
      for (const { settle } of this.registry.features) settle?.(this, ids)
      this.store.run('DELETE FROM touched')
    })
  }

  /** What hangs on a conversation stands after it. */
  #applyAll(items: readonly FeedItem[], arriving: Arriving): void {
    const whole = new Set(
      items.flatMap((item) => (item.op === 'put' && isWhole(item) ? item.row.id : [])),
    )
    if (whole.size > 0) this.comingThreads = whole
    try {
      const then =
        whole.size === 0
          ? []
          : this.registry.features.flatMap(
              ({ comesWhole }) => comesWhole?.(this, whole, items, arriving) ?? [],
            )
      for (const item of items) this.#apply(item, arriving)
      for (const follow of then) follow()
    } finally {
      this.comingThreads = new Set()
    }
  }

  #apply(item: FeedItem, arriving: Arriving): void {
    const { applied } = arriving
    switch (item.op) {
      case 'put':
        for (const { arrived } of this.#asked) arrived.add(nameOf(item.kind, item.row.id))
        // A kind that nobody here knows is of a newer server, and passed over.
        this.registry.kinds.get(item.kind)?.put(this, item.row, arriving)
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
