import {
  feedCursor,
  type BootstrapPage,
  type ConversationRow,
  type Coverage,
  type PutItem,
} from '@parley/contracts'
import { type Actor } from '@parley/domain'
import { z } from 'zod'

import { type Queryable } from '../../../platform/database.ts'
import { Failure } from '../../../platform/failure.ts'
import { type Kinds, carries, put, putWhole } from '../kinds.ts'
import { parseCursor, toCursor } from '../position.ts'
import { visibleTo, type AnyServedKind, type CarryingKind, type Rows } from '../served-kind.ts'
import { type SharedPages } from './shared-pages.ts'

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
const ROWS_PER_PAGE = 500
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
 * Where a page begins: the load's cursor, what it has brought, the kind, and where in it. It goes to the workstation and
 * comes back whenever it likes: whoever alters it asks for other pages of what they may see, and no more.
 */
const placeSchema = z.tuple([
  feedCursor,
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
  items: PutItem[]
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
   * @throws Failure `invalid_input` for a page that was never handed out, or of another epoch
   */
  static async read(
    from: { db: Queryable; kinds: Kinds; shared: SharedPages; actor: Actor },
    page: string | null,
  ): Promise<BootstrapPage> {
    const initial = from.kinds.all.filter(
      (served) => served.initial !== undefined || carries(served),
    )
    const place = page === null ? null : placeOf(page)
    const begins = await from.shared.oldest()
    if (place !== null && parseCursor(place.cursor)?.epoch !== begins.epoch) throw unknownPage()
    const cursor = place?.cursor ?? toCursor(begins)
    const index = place === null ? 0 : initial.findIndex(({ kind }) => kind === place.kind)
    if (index === -1) throw unknownPage()
    const load = new LoadPage(from, cursor, place?.held ?? { ...NOTHING })
    const { items, next } = await load.#gather(initial.slice(index), place?.after ?? null)
    return {
      cursor: place === null ? cursor : null,
      items,
      nextPage: next === null ? null : load.#place(next.kind, next.after),
      coverage: next === null ? load.#coverage() : null,
    }
  }

  async #gather(
    kinds: readonly AnyServedKind[],
    from: string | null,
  ): Promise<{ items: PutItem[]; next: { kind: string; after: string | null } | null }> {
    const items: PutItem[] = []
    let after = from
    for (const served of kinds) {
      do {
        if (items.length >= ROWS_PER_PAGE) return { items, next: { kind: served.kind, after } }
        const part = carries(served)
          ? await this.#conversations(served, after)
          : await this.#rowsOf(served, after)
        items.push(...part.items)
        after = part.next
      } while (after !== null)
    }
    return { items, next: null }
  }

  async #rowsOf(served: AnyServedKind, after: string | null): Promise<Part> {
    const read = (): Promise<Rows<PutItem['row']>> =>
      served.initial?.(this.#db, this.#actor, after) ?? Promise.resolve({ rows: [], next: null })
    const { rows, next } = await (served.isEverybodys === true
      ? this.#shared.read(`${served.kind}|${after}`, this.#cursor, read)
      : read())
    return { items: rows.map((row) => put(served.kind, row)), next }
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
    const parts = await this.#kinds.hangingOn(this.#db, rows, PARTS_PER_CONVERSATION)
    const last = rows.length === WHOLE_PER_PAGE ? rows.at(-1) : undefined
    return {
      items: this.#whole(served, rows, parts),
      next: last === undefined ? 'open' : `own|${last.id}`,
    }
  }

  /** Whole as far as the budget for threads reaches, then as lists show them. */
  async #open(served: CarryingKind, before: string | null): Promise<Part> {
    const teamIds = this.#scope()
    const isWhole = this.#held.threadParts < BUDGET.threadParts
    const room = BUDGET.openConversations - this.#held.open
    const most = Math.min(isWhole ? WHOLE_PER_PAGE : LISTED_PER_PAGE, Math.max(room, 0))
    const read = async () => {
      // One more than the page takes: whether anything follows.
      const rows = await served.begins.open(this.#db, teamIds, before, most + 1)
      const shown = rows.slice(0, most)
      const mostOfEach = isWhole ? PARTS_PER_CONVERSATION : 0
      return {
        rows: shown,
        parts: await this.#kinds.hangingOn(this.#db, shown, mostOfEach),
        hasMore: rows.length > most,
      }
    }
    const key = `open|${teamIds?.join() ?? 'all'}|${before}|${most}|${isWhole}`
    const { rows, parts, hasMore } = await this.#shared.read(key, this.#cursor, read)
    this.#held.open += rows.length
    if (isWhole)
      this.#held.threadParts += parts.filter(({ kind }) => this.#kinds.isOfThread(kind)).length
    if (hasMore && this.#held.open >= BUDGET.openConversations) this.#held.isOpenCut = true
    const items = isWhole ? this.#whole(served, rows, parts) : this.#listed(served, rows, parts)
    const last = rows.at(-1)
    const goesOn = hasMore && !this.#held.isOpenCut && last !== undefined
    return { items, next: goesOn ? `open|${last.id}` : 'elsewhere' }
  }

  /** One's own that were closed in teams of others: few, and nobody else's page. */
  async #closedElsewhere(served: CarryingKind): Promise<Part> {
    const teamIds = this.#scope()
    if (teamIds === null) return { items: [], next: 'closed' }
    const most = BUDGET.ownClosedElsewhere
    const of = { ownerId: this.#actor.userId, besides: teamIds }
    const found = await served.begins.closed(this.#db, of, null, most + 1)
    const shown = found.slice(0, most)
    this.#cutClosed(found.length > most ? shown.at(-1)?.closedAt : undefined)
    const rows = shown.map(({ row }) => row)
    const parts = await this.#kinds.hangingOn(this.#db, rows, 0)
    return { items: this.#listed(served, rows, parts), next: 'closed' }
  }

  async #closed(
    served: CarryingKind,
    before: { closedAt: string; id: string } | null,
  ): Promise<Part> {
    const teamIds = this.#scope()
    const room = Math.max(0, BUDGET.closedConversations - this.#held.closed)
    const most = Math.min(LISTED_PER_PAGE, room)
    const read = async () => {
      const found = await served.begins.closed(this.#db, { teamIds }, before, most + 1)
      const shown = found.slice(0, most)
      const rows = shown.map(({ row }) => row)
      return {
        rows,
        parts: await this.#kinds.hangingOn(this.#db, rows, 0),
        last: shown.at(-1),
        hasMore: found.length > most,
      }
    }
    const key = `closed|${teamIds?.join() ?? 'all'}|${before?.closedAt}|${before?.id}|${most}`
    const { rows, parts, last, hasMore } = await this.#shared.read(key, this.#cursor, read)
    this.#held.closed += rows.length
    const items = this.#listed(served, rows, parts)
    if (!hasMore || last === undefined) return { items, next: null }
    if (this.#held.closed < BUDGET.closedConversations) {
      return { items, next: `closed|${last.closedAt}|${last.row.id}` }
    }
    this.#cutClosed(last.closedAt)
    return { items, next: null }
  }

  /** What is older was left out. */
  #cutClosed(closedAt: string | undefined): void {
    if (closedAt === undefined) return
    this.#held.closedCutAt = Math.max(this.#held.closedCutAt, Number(closedAt))
  }

  /** The teams whose conversations this person sees, in one order for all; null: every conversation. */
  #scope(): readonly string[] | null {
    const { all, teamIds } = visibleTo(this.#actor, 'conversation.see')
    return all ? null : teamIds.toSorted()
  }

  #whole(served: CarryingKind, rows: ConversationRow[], parts: readonly PutItem[]): PutItem[] {
    return [
      ...rows.map((row) => putWhole(served, row)),
      ...this.#kinds.readBy(this.#actor, parts, rows),
    ]
  }

  #listed(served: CarryingKind, rows: ConversationRow[], parts: readonly PutItem[]): PutItem[] {
    return [
      ...rows.map((row) => put(served.kind, row)),
      ...this.#kinds.readBy(this.#actor, parts, rows),
    ]
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
    return JSON.stringify([this.#cursor, held, kind, after] satisfies z.infer<typeof placeSchema>)
  }
}

const NOTHING: Held = { threadParts: 0, open: 0, closed: 0, isOpenCut: false, closedCutAt: 0 }

function placeOf(page: string): { cursor: string; held: Held; kind: string; after: string | null } {
  const parsed = placeSchema.safeParse(jsonOf(page))
  if (!parsed.success) throw unknownPage()
  const [cursor, [threadParts, open, closed, isOpenCut, closedCutAt], kind, after] = parsed.data
  return {
    cursor,
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
