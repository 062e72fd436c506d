import { type ConversationRow, type PutItem, type RowKind } from '@parley/contracts'

import { type Queryable } from '../../platform/database.ts'
import { type CarryingKind, type AnyServedKind } from './served-kind.ts'

/**
 * The kinds of rows that travel, in the order in which they do: what hangs on something comes after it. Sync knows
 * them by what they declare and none by name.
 */
export class Kinds {
  readonly all: readonly AnyServedKind[]
  readonly #byName: ReadonlyMap<string, AnyServedKind>

  constructor(kinds: readonly AnyServedKind[]) {
    this.all = kinds
    this.#byName = new Map(kinds.map((served) => [served.kind, served]))
    if (this.#byName.size < kinds.length) throw new Error('a kind of row is served twice')
  }

  /** Undefined for what a newer server has written to the feed. */
  get(name: string): AnyServedKind | undefined {
    return this.#byName.get(name)
  }

  /** What hangs on these conversations. */
  async hangingOn(
    db: Queryable,
    conversations: readonly ConversationRow[],
    mostOfEach: number,
  ): Promise<PutItem[]> {
    if (conversations.length === 0) return []
    const items: PutItem[] = []
    for (const { kind, ofConversations } of this.all) {
      const rows = (await ofConversations?.(db, conversations, mostOfEach)) ?? []
      items.push(...rows.map((row) => put(kind, row)))
    }
    return items
  }
}

export function carries(served: AnyServedKind): served is CarryingKind {
  return 'carries' in served
}

/** Kind and row belong together by the registry; the compiler cannot see that through a list of all kinds. */
export function put(kind: RowKind, row: PutItem['row']): PutItem {
  return { op: 'put', kind, row } as PutItem
}
