import { type RowKind, type RowOf, type SyncedKind, type Topic } from '@parley/contracts'

import { type Applied } from './applied.ts'
import { type Cache } from './cache.ts'
import { type Parameter } from './store.ts'

/** How a row comes into the cache. */
export interface Arrival {
  /** Of a fresh load: what the server says now is the truth, whatever the versions were. */
  force: boolean
  /** The fresh load that brings it, or that it came after. */
  generation: number
  /**
   * Conversations come without what hangs on them, unless they come whole: so does the feed bring what this person saw
   * all the time, and an answer what they did.
   */
  isAlone?: boolean
  /** Of a load of another epoch than what was here before; see `FreshLoad`. */
  isNewEpoch?: boolean
  applied: Applied
}

/** A fresh load that is complete. */
export interface FreshLoad {
  generation: number
  /**
   * It is of another epoch than what was here before, as after a restore from backup: what it has not brought may not
   * be there, however old it is.
   */
  isNewEpoch: boolean
}

/** A kind of row as the cache keeps it. All of this runs inside the cache's transaction. */
export interface KeptKind<Kind extends RowKind = RowKind> {
  readonly kind: Kind
  /** Takes the row if it is newer than what is there and this person may see it, and says what it touched. */
  put(cache: Cache, row: RowOf<Kind>, arrival: Arrival): void
  /** This person may not see it any more, or it is gone. */
  remove(cache: Cache, id: string, applied: Applied): void
  /** A fresh load is complete: what it has not brought (an older generation) is not there any more. */
  sweep?(cache: Cache, load: FreshLoad): void
  /** Its rows hang on a conversation and go with it: what else, of each conversation, a fresh load ends. */
  readonly hangsOn?: HangsOn
}

export interface HangsOn {
  readonly table: string
  /** Names the conversation. */
  readonly column: string
  /** `row`: it comes with the conversation's row. `thread`: with those that come whole. */
  readonly as: 'row' | 'thread'
}

interface Keeping<Row> {
  /** With the columns id, version and row, generation where it is swept, and those named in `columns`. */
  table: string
  /** It has a column `since`, too: the generation in which a row first came. */
  hasSince?: true
  /** What is looked for or put in order by. */
  columns?(row: Row): Record<string, Parameter>
  /** The row id of one that is new, where that means something. */
  place?(cache: Cache, row: Row): { local_id: number }
  /** Whether this person is to have it; default: whatever the server sends. */
  mayKeep?(cache: Cache, row: Row, isKnown: boolean): boolean
  /** It is not kept, and means something all the same. */
  passedOver?(cache: Cache, row: Row, applied: Applied): void
  /** What shows it; default: the topic of its kind. */
  touches?(
    cache: Cache,
    row: Row,
  ): { conversationIds?: readonly string[]; topics?: readonly Topic[] }
  /** What follows from its having been put; `before`: as it was here until now. */
  kept?(cache: Cache, row: Row, before: Row | null, applied: Applied): void
  /** The column that names the conversation that it hangs on, and how it does. */
  hangsOn?: Pick<HangsOn, 'column' | 'as'>
  /**
   * Of rows that a fresh load has not brought: `remove`, something of its own, or nothing where they go with what
   * they hang on.
   */
  sweep: 'remove' | 'nothing' | ((cache: Cache, load: FreshLoad) => void)
}

/** The usual way: a row whole as JSON, taken by its version, beside the columns that its feature looks for. */
export function keptKind<Kind extends RowKind>(
  { kind }: SyncedKind<Kind>,
  keeping: Keeping<RowOf<Kind>>,
): KeptKind<Kind> {
  const { table, hangsOn, sweep } = keeping
  const hasGeneration = sweep !== 'nothing' || hangsOn !== undefined
  type Row = RowOf<Kind>
  const touch = (cache: Cache, row: Row, applied: Applied): void => {
    const { conversationIds = [], topics = [] } = keeping.touches?.(cache, row) ?? {
      topics: [kind],
    }
    for (const id of conversationIds) applied.conversationIds.add(id)
    for (const topic of topics) applied.topics.add(topic)
  }
  return {
    kind,
    put(cache, row, { force, generation, applied }) {
      const known = cache.store.get<{ version: number; row: string; generation?: number }>(
        `SELECT version, row${hasGeneration ? ', generation' : ''} FROM ${table} WHERE id = ?`,
        row.id,
      )
      // What a load has brought stays brought, whatever older page comes after it.
      const isBrought = hasGeneration && (known?.generation ?? -1) < generation
      if (!force && known !== undefined && known.version >= row.version) {
        // It is there still.
        if (isBrought) cache.store.update(table, row.id, { generation })
        return
      }
      if (keeping.mayKeep?.(cache, row, known !== undefined) === false) {
        keeping.passedOver?.(cache, row, applied)
        return
      }
      const before = known === undefined ? null : (JSON.parse(known.row) as Row)
      const columns = keeping.columns?.(row) ?? {}
      const content = { version: row.version, row: JSON.stringify(row) }
      if (before === null) {
        cache.store.upsert(table, {
          id: row.id,
          ...content,
          ...(isBrought && { generation }),
          ...(keeping.hasSince && { since: generation }),
          ...keeping.place?.(cache, row),
          ...columns,
        })
      } else {
        const were = keeping.columns?.(before) ?? {}
        const changed = Object.entries(columns).filter(([name, value]) => value !== were[name])
        cache.store.update(table, row.id, {
          ...content,
          ...(isBrought && { generation }),
          ...Object.fromEntries(changed),
        })
      }
      touch(cache, row, applied)
      keeping.kept?.(cache, row, before, applied)
    },
    remove(cache, id, applied) {
      const gone = cache.store.row<Row>(`DELETE FROM ${table} WHERE id = ? RETURNING row`, id)
      if (gone !== null) touch(cache, gone, applied)
    },
    ...(sweep !== 'nothing' && {
      sweep:
        sweep === 'remove'
          ? (cache: Cache, { generation }: FreshLoad) =>
              void cache.store.run(`DELETE FROM ${table} WHERE generation < ?`, generation)
          : sweep,
    }),
    ...(hangsOn !== undefined && { hangsOn: { table, ...hangsOn } }),
  }
}
