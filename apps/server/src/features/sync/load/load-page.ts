import { createHash } from 'node:crypto'

import { feedCursor, type ConversationRow, type Coverage, type PutItem } from '@parley/contracts'
import { type Actor } from '@parley/domain'
import { z } from 'zod'

import { type Queryable } from '../../../platform/database.ts'
import { Failure } from '../../../platform/failure.ts'
import { type Kinds, carries, put, putWhole } from '../kinds.ts'
import { parseCursor, toCursor } from '../position.ts'
import { visibleTo, type AnyServedKind, type CarryingKind } from '../served-kind.ts'
import { countOf, LoadedPage, type PagePart } from './loaded-page.ts'
import { sharedPage, type SharedPage, type SharedPages } from './shared-pages.ts'

/** The budget of decision 26, the same for everybody. */
export const BUDGET = {
  /** Messages and events of open conversations that come whole, beside one's own. */
  threadParts: 40_000,
  openConversations: 20_000,
  closedConversations: 1_000,
  /** One's own of teams that one is not in (any more). */
  ownClosedElsewhere: 500,
} as const

/** A page takes in kind after kind until it has so many rows. */
const ROWS_PER_PAGE = 2_000
const WHOLE_PER_PAGE = 50
const LISTED_PER_PAGE = 500
/** Of each kind of a thread. */
const PARTS_PER_CONVERSATION = 100

/** What a load has brought so far. */
const heldSchema = z.tuple([
  /** Messages and events of whole conversations, one's own left aside. */
  z.int().min(0).max(1_000_000),
  /** Open conversations. */
  z.int().min(0).max(1_000_000),
  /** Closed ones. */
  z.int().min(0).max(1_000_000),
  /** 1: open ones were left out. */
  z.int().min(0).max(1),
  /** Before this, in microseconds since 1970, closed ones were left out; 0: none were. */
  z.int().min(0),
])

/**
 * Where a page begins: the load's cursor, for which reach it was begun, what it has brought, the kind, and where in it. It
 * goes to the workstation and comes back whenever it likes: whoever alters it asks for other pages of what they may see,
 * and no more.
 */
const placeSchema = z.tuple([
  feedCursor,
  z.string().max(30),
  heldSchema,
  z.string().max(30),
  z.string().max(100).nullable(),
])

interface Held {
  threadParts: number
  open: number
  closed: number
  isOpenCut: boolean
  closedCutAt: number
}

interface Part {
  parts: PagePart[]
  /** Null: that is all of its kind. */
  next: string | null
}

/** One page of what a workstation begins with. */
export class LoadPage {
  readonly #db: Queryable
  readonly #kinds: Kinds
  readonly #shared: SharedPages
  readonly #actor: Actor
  readonly #cursor: string
  readonly #held: Held
  /** What was begun to be read of kinds whose turn comes later in this page. */
  readonly #begun = new Map<AnyServedKind, Promise<Part>>()

  private constructor(
    from: { db: Queryable; kinds: Kinds; shared: SharedPages; actor: Actor },
    cursor: string,
    held: Held,
  ) {
    this.#db = from.db
    this.#kinds = from.kinds
    this.#shared = from.shared
    this.#actor = from.actor
    this.#cursor = cursor
    this.#held = held
  }

  /**
   * Kind after kind, conversations with what hangs on them. The cursor is no newer than any row of any page, so the feed
   * repeats whatever changes meanwhile.
   * @param page null: the first
   * @throws Failure `invalid_input` for a page that was never handed out, of another epoch, or of a load that was begun
   *   with another reach: what was passed over then would be missing for good
   */
  static async read(
    from: { db: Queryable; kinds: Kinds; shared: SharedPages; actor: Actor },
    page: string | null,
  ): Promise<LoadedPage> {
    const initial = from.kinds.all.filter(
      (served) => served.initial !== undefined || carries(served),
    )
    const place = page === null ? null : placeOf(page)
    const begins = await from.shared.oldest()
    if (place !== null && parseCursor(place.cursor)?.epoch !== begins.epoch) throw unknownPage()
    if (place !== null && place.reach !== reachOf(from.actor)) throw unknownPage()
    const cursor = place?.cursor ?? toCursor(begins)
    const index = place === null ? 0 : initial.findIndex(({ kind }) => kind === place.kind)
    if (index === -1) throw unknownPage()
    const load = new LoadPage(from, cursor, place?.held ?? { ...NOTHING })
    const { parts, next } = await load.#gather(initial.slice(index), place?.after ?? null)
    return new LoadedPage({
      cursor: place === null ? cursor : null,
      parts,
      nextPage: next === null ? null : load.#place(next.kind, next.after),
      coverage: next === null ? load.#coverage() : null,
    })
  }

  async #gather(
    kinds: readonly AnyServedKind[],
    from: string | null,
  ): Promise<{ parts: PagePart[]; next: { kind: string; after: string | null } | null }> {
    const parts: PagePart[] = []
    let rows = 0
    let after = from
    for (const [index, served] of kinds.entries()) {
      do {
        if (rows >= ROWS_PER_PAGE) return { parts, next: { kind: served.kind, after } }
        if (after === null) this.#begin(kinds.slice(index))
        const part = await this.#part(served, after)
        parts.push(...part.parts)
        for (const some of part.parts) rows += countOf(some)
        after = part.next
      } while (after !== null)
    }
    return { parts, next: null }
  }

  /** Kinds that are few rows each are read all together, up to the one that is most of a load. */
  #begin(kinds: readonly AnyServedKind[]): void {
    for (const served of kinds) {
      if (carries(served)) return
      if (this.#begun.has(served)) continue
      const part = this.#rowsOf(served, null)
      // Heard of when it is its turn; a page that ends before that does without it.
      part.catch(() => {})
      this.#begun.set(served, part)
    }
  }

  #part(served: AnyServedKind, after: string | null): Promise<Part> {
    if (carries(served)) return this.#conversations(served, after)
    const begun = after === null ? this.#begun.get(served) : undefined
    return begun ?? this.#rowsOf(served, after)
  }

  async #rowsOf(served: AnyServedKind, after: string | null): Promise<Part> {
    const read = async (): Promise<{ items: PutItem[]; next: string | null }> => {
      const { rows, next } = (await served.initial?.(this.#db, this.#actor, after)) ?? NO_ROWS
      return { items: rows.map((row: PutItem['row']) => put(served.kind, row)), next }
    }
    if (served.isEverybodys !== true) {
      const { items, next } = await read()
      return { parts: [items], next }
    }
    const page = await this.#shared.read(`${served.kind}|${after}`, this.#cursor, async () => {
      const { items, next } = await read()
      return sharedPage(items, { nextAfter: next })
    })
    return { parts: [page.alike], next: page.nextAfter }
  }

  /** One's own, then what is open in reach, then what was closed: the newest of each first. */
  async #conversations(served: CarryingKind, after: string | null): Promise<Part> {
    const [stage = 'own', ...place] = after?.split('|') ?? []
    switch (stage) {
      case 'own':
        return this.#own(served, idOf(place))
      case 'open':
        return this.#open(served, idOf(place))
      case 'elsewhere':
        return this.#closedElsewhere(served)
      case 'closed':
        return this.#closed(served, instantAndIdOf(place))
      default:
        throw unknownPage()
    }
  }

  async #own(served: CarryingKind, after: string | null): Promise<Part> {
    const { userId } = this.#actor
    const rows = await served.begins.own(this.#db, userId, after, WHOLE_PER_PAGE)
    const hanging = await this.#kinds.hangingOn(this.#db, rows, PARTS_PER_CONVERSATION)
    const last = rows.length === WHOLE_PER_PAGE ? rows.at(-1) : undefined
    return {
      parts: [
        rows.map((row) => putWhole(served, row)),
        this.#kinds.readBy(this.#actor, hanging, rows),
      ],
      next: last === undefined ? 'open' : `own|${last.id}`,
    }
  }

  /** Whole as far as the budget for threads reaches, then as lists show them. */
  async #open(served: CarryingKind, before: string | null): Promise<Part> {
    const teamIds = this.#scope()
    const isWhole = this.#held.threadParts < BUDGET.threadParts
    const room = BUDGET.openConversations - this.#held.open
    const most = Math.min(isWhole ? WHOLE_PER_PAGE : LISTED_PER_PAGE, Math.max(room, 0))
    const read = async (): Promise<SharedPage> => {
      // One more than the page takes: whether anything follows.
      const rows = await served.begins.open(this.#db, teamIds, before, most + 1)
      const page = await this.#toBeShared(served, rows.slice(0, most), isWhole)
      return { ...page, hasMore: rows.length > most }
    }
    const key = `open|${teamIds?.join() ?? 'all'}|${before}|${most}|${isWhole}`
    const page = await this.#shared.read(key, this.#cursor, read)
    this.#held.open += page.conversations
    this.#held.threadParts += page.threadParts
    if (page.hasMore && this.#held.open >= BUDGET.openConversations) this.#held.isOpenCut = true
    const goesOn = page.hasMore && !this.#held.isOpenCut && page.lastId !== null
    return { parts: this.#partsOf(page), next: goesOn ? `open|${page.lastId}` : 'elsewhere' }
  }

  /** One's own that were closed in teams of others: few, and nobody else's page. */
  async #closedElsewhere(served: CarryingKind): Promise<Part> {
    const teamIds = this.#scope()
    if (teamIds === null) return { parts: [], next: 'closed' }
    const most = BUDGET.ownClosedElsewhere
    const of = { ownerId: this.#actor.userId, besides: teamIds }
    const found = await served.begins.closed(this.#db, of, null, most + 1)
    const shown = found.slice(0, most)
    this.#cutClosed(found.length > most ? shown.at(-1)?.closedAt : undefined)
    const rows = shown.map(({ row }) => row)
    const hanging = await this.#kinds.hangingOn(this.#db, rows, 0)
    return {
      parts: [
        rows.map((row) => put(served.kind, row)),
        this.#kinds.readBy(this.#actor, hanging, rows),
      ],
      next: 'closed',
    }
  }

  async #closed(
    served: CarryingKind,
    before: { closedAt: string; id: string } | null,
  ): Promise<Part> {
    const teamIds = this.#scope()
    const room = Math.max(0, BUDGET.closedConversations - this.#held.closed)
    const most = Math.min(LISTED_PER_PAGE, room)
    const read = async (): Promise<SharedPage> => {
      const found = await served.begins.closed(this.#db, { teamIds }, before, most + 1)
      const shown = found.slice(0, most)
      const rows = shown.map(({ row }) => row)
      return {
        ...(await this.#toBeShared(served, rows, false)),
        lastClosedAt: shown.at(-1)?.closedAt ?? null,
        hasMore: found.length > most,
      }
    }
    const key = `closed|${teamIds?.join() ?? 'all'}|${before?.closedAt}|${before?.id}|${most}`
    const page = await this.#shared.read(key, this.#cursor, read)
    this.#held.closed += page.conversations
    const parts = this.#partsOf(page)
    if (!page.hasMore || page.lastClosedAt === null) return { parts, next: null }
    if (this.#held.closed < BUDGET.closedConversations) {
      return { parts, next: `closed|${page.lastClosedAt}|${page.lastId}` }
    }
    this.#cutClosed(page.lastClosedAt)
    return { parts, next: null }
  }

  /** What is older was left out. */
  #cutClosed(closedAt: string | null | undefined): void {
    if (closedAt === null || closedAt === undefined) return
    this.#held.closedCutAt = Math.max(this.#held.closedCutAt, Number(closedAt))
  }

  async #toBeShared(
    served: CarryingKind,
    rows: readonly ConversationRow[],
    isWhole: boolean,
  ): Promise<SharedPage> {
    const hanging = await this.#kinds.hangingOn(
      this.#db,
      rows,
      isWhole ? PARTS_PER_CONVERSATION : 0,
    )
    const { alike, apart } = this.#kinds.split(hanging, rows)
    const carrying = rows.map((row) => (isWhole ? putWhole(served, row) : put(served.kind, row)))
    return sharedPage([...carrying, ...alike], {
      apart,
      conversations: rows.length,
      threadParts: hanging.filter(({ kind }) => this.#kinds.isOfThread(kind)).length,
      lastId: rows.at(-1)?.id ?? null,
    })
  }

  /** What everybody is given who is given this page, and of the rest this reader's part. */
  #partsOf({ alike, apart }: SharedPage): PagePart[] {
    return [alike, apart.map((one) => this.#kinds.partOf(this.#actor, one))]
  }

  /** The teams whose conversations this person sees, in one order for all; null: every conversation. */
  #scope(): readonly string[] | null {
    const { all, teamIds } = visibleTo(this.#actor, 'conversation.see')
    return all ? null : teamIds.toSorted()
  }

  #coverage(): Coverage {
    const { isOpenCut, closedCutAt } = this.#held
    // Of that millisecond itself not all may be here.
    const since = closedCutAt === 0 ? null : new Date(Math.floor(closedCutAt / 1000) + 1)
    return { open: !isOpenCut, closedSince: since?.toISOString() ?? null }
  }

  #place(kind: string, after: string | null): string {
    const { threadParts, open, closed, isOpenCut, closedCutAt } = this.#held
    const held: z.infer<typeof heldSchema> = [
      threadParts,
      open,
      closed,
      isOpenCut ? 1 : 0,
      closedCutAt,
    ]
    const place: z.infer<typeof placeSchema> = [
      this.#cursor,
      reachOf(this.#actor),
      held,
      kind,
      after,
    ]
    return JSON.stringify(place)
  }
}

const NO_ROWS = { rows: [], next: null }

const NOTHING: Held = { threadParts: 0, open: 0, closed: 0, isOpenCut: false, closedCutAt: 0 }

/** Changes with whatever decides what somebody is given. */
function reachOf({ userId, role, teamIds }: Actor): string {
  const hash = createHash('sha256').update([userId, role, ...teamIds.toSorted()].join())
  return hash.digest('base64url').slice(0, 22)
}

interface Place {
  cursor: string
  reach: string
  held: Held
  kind: string
  after: string | null
}

function placeOf(page: string): Place {
  const parsed = placeSchema.safeParse(jsonOf(page))
  if (!parsed.success) throw unknownPage()
  const [cursor, reach, held, kind, after] = parsed.data
  const [threadParts, open, closed, isOpenCut, closedCutAt] = held
  return {
    cursor,
    reach,
    held: { threadParts, open, closed, isOpenCut: isOpenCut === 1, closedCutAt },
    kind,
    after,
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const MICROSECONDS = /^[1-9]\d{0,15}$/

function idOf([id, ...more]: readonly string[]): string | null {
  if (more.length > 0 || (id !== undefined && !ID.test(id))) throw unknownPage()
  return id ?? null
}

function instantAndIdOf(place: readonly string[]): { closedAt: string; id: string } | null {
  const [closedAt, id, ...more] = place
  if (closedAt === undefined) return null
  if (id === undefined || more.length > 0 || !MICROSECONDS.test(closedAt) || !ID.test(id)) {
    throw unknownPage()
  }
  return { closedAt, id }
}

function unknownPage(): Failure {
  return new Failure('invalid_input', { field: 'page', problem: 'unknown' })
}
