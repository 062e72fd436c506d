import { type ConversationRow, type PutItem, type RowKind } from '@parley/contracts'
import { type Actor, type Belonging } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { type CarryingKind, type AnyServedKind } from './served-kind.ts'

/**
 * The kinds of rows that travel, in the order in which they do: what hangs on something comes after it. Sync knows
 * them by what they declare and none by name.
 */
export class Kinds {
  readonly all: readonly AnyServedKind[]
  /** The kind that others hang on. */
  readonly carrying: CarryingKind
  readonly #byName: ReadonlyMap<string, AnyServedKind>

  constructor(kinds: readonly AnyServedKind[]) {
    this.all = kinds
    this.#byName = new Map(kinds.map((served) => [served.kind, served]))
    if (this.#byName.size < kinds.length) throw new Error('a kind of row is served twice')
    const carrying = kinds.find(carries)
    if (carrying === undefined) throw new Error('no kind of row carries what hangs on it')
    this.carrying = carrying
  }

  /** Undefined for what a newer server has written to the feed. */
  get(name: string): AnyServedKind | undefined {
    return this.#byName.get(name)
  }

  isOfThread(kind: RowKind): boolean {
    return this.#byName.get(kind)?.onConversations?.part === 'thread'
  }

  /**
   * What hangs on these conversations, of any number.
   * @param mostOfEach of each thread; 0: only what lists show
   */
  async hangingOn(
    db: Queryable,
    conversations: readonly ConversationRow[],
    mostOfEach: number,
  ): Promise<PutItem[]> {
    const hanging = this.all.filter(
      ({ onConversations: on }) => on !== undefined && (on.part === 'row' || mostOfEach > 0),
    )
    const items: PutItem[] = []
    for (let from = 0; from < conversations.length; from += CONVERSATIONS_AT_ONCE) {
      const some = conversations.slice(from, from + CONVERSATIONS_AT_ONCE)
      for (const { kind, onConversations } of hanging) {
        const rows = (await onConversations?.newest(db, some, mostOfEach)) ?? []
        for (const row of rows) items.push(put(kind, row))
      }
    }
    return items
  }

  /** What hangs on these conversations, as much of it as this person may read. */
  readBy(
    actor: Actor,
    items: readonly PutItem[],
    conversations: readonly ConversationRow[],
  ): PutItem[] {
    const { alike, apart } = this.split(items, conversations)
    return [...alike, ...apart.map((one) => this.partOf(actor, one))]
  }

  /** What everybody reads alike who sees these conversations, and what each reads of which only their part. */
  split(
    items: readonly PutItem[],
    conversations: readonly ConversationRow[],
  ): { alike: PutItem[]; apart: Apart[] } {
    const byId = new Map(conversations.map((conversation) => [conversation.id, conversation]))
    const alike: PutItem[] = []
    const apart: Apart[] = []
    for (const item of items) {
      const of = 'conversationId' in item.row ? byId.get(item.row.conversationId) : undefined
      if (this.#isReadAlike(item)) alike.push(item)
      else apart.push({ item, of: of === undefined ? NOBODYS : belongingOf(of) })
    }
    return { alike, apart }
  }

  partOf(actor: Actor, { item, of }: Apart): PutItem {
    const served = this.#byName.get(item.kind)
    return served === undefined ? item : putFor(actor, served, item.row, of)
  }

  #isReadAlike({ kind, row }: PutItem): boolean {
    const served = this.#byName.get(kind)
    if (served?.readBy === undefined) return true
    const isReadAlike = served.isReadAlike as ((row: PutItem['row']) => boolean) | undefined
    return isReadAlike?.(row) ?? false
  }
}

/** What hangs on a conversation of these, and of which each is given what they may read. */
export interface Apart {
  item: PutItem
  of: Belonging
}

const NOBODYS: Belonging = { teamId: null, assignedTo: null }

function belongingOf({ teamId, assignedTo }: ConversationRow): Belonging {
  return { teamId, assignedTo }
}

/** Asked for in one statement of each kind: what one statement brings must fit into memory. */
const CONVERSATIONS_AT_ONCE = 100

export function carries(served: AnyServedKind): served is CarryingKind {
  return 'carries' in served
}

/** What comes along of each with a conversation that comes whole. */
export const PARTS_OF_WHOLE = 200

/** The row as this person may read it. */
export function putFor(
  actor: Actor,
  served: AnyServedKind,
  row: PutItem['row'],
  of: Belonging,
): PutItem {
  const readBy = served.readBy as
    | ((row: PutItem['row'], actor: Actor, of: Belonging) => PutItem['row'])
    | undefined
  return put(served.kind, readBy === undefined ? row : readBy(row, actor, of))
}

/** With its thread. */
export function putWhole({ kind }: CarryingKind, row: ConversationRow): PutItem {
  return { op: 'put', kind, row, whole: true }
}

/** Kind and row belong together by the registry; the compiler cannot see that through a list of all kinds. */
export function put(kind: RowKind, row: PutItem['row']): PutItem {
  return { op: 'put', kind, row } as PutItem
}
