import { type EngineMethod, type FeedItem } from '@parley/contracts'

import { REGISTRY } from '../../../apps/desktop/src/engine/features.ts'
import { Cache } from '../../../apps/desktop/src/engine/store/cache.ts'
import { Store } from '../../../apps/desktop/src/engine/store/store.ts'
import {
  conversationKind,
  eventKind,
} from '../../../apps/server/src/features/conversations/conversations.rows.ts'
import { HeldChanges } from '../../../apps/server/src/features/sync/held-changes.ts'
import {
  SharedPages,
  type SharedPage,
} from '../../../apps/server/src/features/sync/load/shared-pages.ts'
import { network } from './network.ts'
import { postgres } from './postgres-watch.ts'

/**
 * Faults of every kind that the simulation is for, to be planted and found: whoever takes out a check of `compare.ts`,
 * or a misfortune, sees here what is not found any more.
 */
export interface PlantedFault {
  readonly name: string
  /** What it takes to show: only these befall, so that it is found soon. */
  readonly misfortunes: readonly string[]
  /** The seed from which on it is looked for: it was found soon after; default: 1. */
  readonly from?: number
  /** Likewise only these are done; default: everything. */
  readonly deeds?: readonly EngineMethod[]
  /** How much happens; default: as much as most need. */
  readonly steps?: number
  /** Found is what says so. */
  readonly foundBy: RegExp
  /**
   * @param acted to be called where something goes wrong by it: what never acts is found by nobody
   * @returns how it is taken out again
   */
  plant(acted: () => void): () => void
}

/** In the place of a method, which is put back afterwards. */
function replace<Of extends object, Name extends keyof Of>(
  of: Of,
  name: Name,
  make: (plain: Of[Name]) => Of[Name],
): () => void {
  const plain = of[name]
  of[name] = make(plain)
  return () => {
    of[name] = plain
  }
}

function keptKind(kind: string) {
  const kept = REGISTRY.kinds.get(kind)
  if (kept === undefined) throw new Error(`nobody keeps ${kind}`)
  return kept as { -readonly [Name in keyof typeof kept]: (typeof kept)[Name] }
}

/** Whatever the engine says to its cache by this statement is not said, or otherwise. */
const otherwise = (
  acted: () => void,
  statement: string,
  say: ((sql: string) => string) | null = null,
): (() => void) =>
  replace(
    Store.prototype,
    'run',
    (plain) =>
      function (this: Store, sql, ...parameters) {
        if (!sql.startsWith(statement)) return plain.call(this, sql, ...parameters)
        const changed = say === null ? 0 : plain.call(this, say(sql), ...parameters)
        if (say === null || changed > 0) acted()
        return changed
      },
  )

/** One value that it reads by such a statement is another. */
const valueOtherwise = (
  acted: () => void,
  statement: string,
  other: (value: number | null) => number | null,
): (() => void) =>
  replace(
    Store.prototype,
    'value',
    (plain) =>
      function (this: Store, sql: string, ...parameters: Reads) {
        const value = plain.call(this, sql, ...parameters) as number | null
        if (!sql.includes(statement)) return value
        acted()
        return other(value)
      } as Store['value'],
  )

/** Whatever a server says to PostgreSQL with these words in it is said with others. */
const saidOtherwise = (acted: () => void, words: string, others: string): (() => void) => {
  postgres.tamper = (text) => {
    if (!text.includes(words)) return text
    acted()
    return text.replaceAll(words, others)
  }
  return () => void (postgres.tamper = null)
}

/** What is asked of a server's object is answered otherwise. */
function answerOtherwise<Of extends object, Name extends keyof Of>(
  of: Of,
  name: Name,
  answer: (plain: Of[Name]) => Of[Name],
): () => void {
  const plain = Object.getOwnPropertyDescriptor(of, name)
  if (plain === undefined) throw new Error(`there is no ${String(name)}`)
  const read = function (this: Of): Of[Name] {
    return plain.get === undefined ? (plain.value as Of[Name]) : (plain.get.call(this) as Of[Name])
  }
  Object.defineProperty(of, name, {
    configurable: true,
    get(this: Of) {
      return answer(read.call(this))
    },
  })
  return () => Object.defineProperty(of, name, plain)
}

type Reads = Parameters<Store['all']> extends [string, ...infer Rest] ? Rest : never

/** What it reads by such a statement is read otherwise. */
const readOtherwise = (
  isSuch: (sql: string) => boolean,
  read: <Row>(plain: (sql: string) => Row[], sql: string) => Row[],
): (() => void) =>
  replace(
    Store.prototype,
    'all',
    (plain) =>
      function <Row>(this: Store, sql: string, ...parameters: Reads) {
        const reads = (of: string): Row[] => plain.call(this, of, ...parameters) as Row[]
        return isSuch(sql) ? read(reads, sql) : reads(sql)
      } as Store['all'],
  )

const featureOf = (name: string): { accessChanged?: (...given: never[]) => void } => {
  const feature = REGISTRY.features.find((one) => one.name === name)
  if (feature === undefined) throw new Error(`there is no feature ${name}`)
  return feature
}

export const PLANTED: readonly PlantedFault[] = [
  {
    name: 'an intent is sent again without its id',
    from: 2,
    misfortunes: ['a lost answer'],
    foundBy: /was (written|sent to the customer) \d+ times|is refused here and was written/,
    plant(acted) {
      const seen = new Set<string>()
      network.tamper = (_line, path, body) => {
        if (path !== 'messages.send') return body
        const { id } = JSON.parse(body) as { id: string }
        if (!seen.has(id)) {
          seen.add(id)
          return body
        }
        acted()
        const another = `${id.slice(0, -4)}${String(seen.size + 1000).slice(-4)}`
        return body.replace(id, another)
      }
      return () => void (network.tamper = null)
    },
  },
  {
    name: 'a cursor is stored before its batch',
    misfortunes: ['a crash'],
    foundBy: /has not got|with another/,
    plant(acted) {
      // Which comes with the next one, if there is one before the workstation ends.
      const waiting = new WeakMap<Cache, readonly FeedItem[]>()
      return replace(
        Cache.prototype,
        'applyBatch',
        (plain) =>
          function (this: Cache, items, cursor) {
            const before = waiting.get(this) ?? []
            waiting.set(this, items)
            acted()
            return plain.call(this, before, cursor)
          },
      )
    },
  },
  {
    name: 'a removal is passed over',
    from: 3,
    misfortunes: ['a broken connection'],
    foundBy: /which it may not see/,
    plant: (acted) =>
      replace(
        Cache.prototype,
        'applyBatch',
        (plain) =>
          function (this: Cache, items, cursor) {
            const left = items.filter(({ op }) => op !== 'remove')
            if (left.length < items.length) acted()
            return plain.call(this, left, cursor)
          },
      ),
  },
  {
    name: 'a version is not looked at',
    from: 12,
    misfortunes: ['a slow line'],
    deeds: ['conversation.reply', 'conversation.setPriority', 'conversation.close'],
    foundBy: /with another/,
    plant(acted) {
      const undo = ['conversation', 'message'].map((kind) =>
        replace(keptKind(kind), 'put', (plain) => (cache, row, arrival) => {
          if (!arrival.force) acted()
          plain(cache, row, { ...arrival, force: true })
        }),
      )
      return () => undo.forEach((one) => one())
    },
  },
  {
    name: 'a read mark goes backwards',
    from: 9,
    misfortunes: ['a partition'],
    deeds: ['reads.markRead', 'reads.markUnread'],
    foundBy: /read mark|was marked/,
    plant: (acted) =>
      replace(keptKind('read_mark'), 'put', (plain) => (cache, row, arrival) => {
        const { conversationId } = row as unknown as { conversationId: string }
        acted()
        cache.store.run('DELETE FROM read_marks WHERE conversation_id = ?', conversationId)
        plain(cache, row, arrival)
      }),
  },
  {
    name: 'a row is kept that may not be seen any more',
    from: 3,
    misfortunes: ['other teams'],
    foundBy: /which it may not see/,
    plant: (acted) => replace(featureOf('conversations'), 'accessChanged', () => acted),
  },
  {
    name: 'whoever leaves a team goes on seeing who of it is there',
    from: 3,
    misfortunes: ['other teams'],
    foundBy: /has presence .* which it may not see/,
    plant: (acted) => replace(featureOf('accounts'), 'accessChanged', () => acted),
  },
  {
    name: 'what the server once found is shown after it may not be seen any more',
    from: 3,
    // With other teams nothing of what was found before is remembered at all.
    misfortunes: ['a broken connection'],
    deeds: ['conversation.transfer', 'search.query'],
    foundBy: /a search for .* which it may not see/,
    plant: (acted) =>
      readOtherwise(
        (sql) => sql.startsWith('SELECT id FROM conversation_rows WHERE id IN'),
        (plain, sql) => {
          const said = plain('SELECT value AS id FROM json_each(?)')
          if (said.length > plain(sql).length) acted()
          return said
        },
      ),
  },
  {
    name: 'a message of a thread that is here is passed over',
    misfortunes: ['a broken connection'],
    foundBy: /has a hole/,
    plant: (acted) =>
      replace(keptKind('message'), 'put', (plain) => (cache, row, arrival) => {
        const { conversationId, seq } = row as unknown as { conversationId: string; seq: number }
        const owner = cache.store.value<string>(
          'SELECT assigned_to FROM conversations WHERE id = ?',
          conversationId,
        )
        // One's own threads are looked at in another way.
        if (arrival.force || seq % 3 !== 0 || owner === cache.myId) plain(cache, row, arrival)
        else acted()
      }),
  },
  {
    name: 'the outbox goes out of order',
    from: 2,
    misfortunes: ['a partition'],
    deeds: ['conversation.reply'],
    foundBy: /stands before that of|was sent before that of/,
    plant: (acted) =>
      readOtherwise(
        (sql) => sql.includes('state, kind FROM outbox ORDER BY position'),
        (plain, sql) => {
          const rows = plain(sql)
          if (rows.length > 1) acted()
          return rows.toReversed()
        },
      ),
  },
  {
    name: 'an alert is told twice',
    from: 3,
    misfortunes: ['a broken connection'],
    foundBy: /was told \d+ times/,
    plant: (acted) => otherwise(acted, 'UPDATE alerts SET told = 1'),
  },
  {
    name: 'what was being sent is forgotten with the line',
    from: 2,
    misfortunes: ['a crash', 'a lossy line'],
    foundBy: /is nowhere/,
    plant: (acted) =>
      otherwise(
        acted,
        `UPDATE outbox SET state = 'waiting' WHERE state = 'sending'`,
        () => `DELETE FROM outbox WHERE state = 'sending'`,
      ),
  },
  {
    name: 'a draft is not kept',
    from: 3,
    misfortunes: ['a crash'],
    foundBy: /the draft on/,
    plant: (acted) => otherwise(acted, 'INSERT INTO drafts'),
  },

  // What is shown

  {
    name: 'a search of the cache finds nothing',
    misfortunes: ['a broken connection'],
    steps: 10,
    foundBy: /a search for \w+ does not show .*, before the server is asked/,
    plant: (acted) =>
      readOtherwise(
        (sql) => sql.includes('WHERE message_search MATCH'),
        (plain, sql) => {
          if (plain(sql).length > 0) acted()
          return []
        },
      ),
  },
  {
    name: 'unread is always 42',
    misfortunes: ['a broken connection'],
    steps: 10,
    foundBy: /with another unread/,
    plant: (acted) =>
      readOtherwise(
        (sql) => sql.includes('c.closed_at, c.unread, c.clock'),
        (plain, sql) => {
          acted()
          return plain(sql).map((row) => ({ ...row, unread: 42 }))
        },
      ),
  },
  {
    name: 'what waits is listed in another order',
    misfortunes: ['a broken connection'],
    steps: 10,
    foundBy: /is in the order/,
    plant: (acted) =>
      readOtherwise(
        (sql) => sql.includes('c.closed_at, c.unread, c.clock') && sql.includes('c.priority_rank'),
        (plain, sql) => {
          acted()
          return plain(sql).toReversed()
        },
      ),
  },
  {
    name: 'the badge of what is due is another',
    misfortunes: ['a broken connection'],
    deeds: ['conversation.release', 'conversation.transfer'],
    steps: 20,
    foundBy: /the badge of/,
    plant: (acted) =>
      valueOtherwise(acted, 'MAX(promise_due_at <= ?)', (worst) => (worst === 1 ? 0 : 1)),
  },
  {
    name: 'a number is one too many',
    misfortunes: ['a broken connection'],
    steps: 10,
    foundBy: /is said to be|has a total of/,
    plant: (acted) => valueOtherwise(acted, 'SUM(count) FROM tallies', (count) => (count ?? 0) + 1),
  },
  {
    name: 'the wallboard leaves out what is overdue for the longest time',
    from: 11,
    misfortunes: ['a broken connection'],
    deeds: ['conversation.release', 'conversation.transfer'],
    foundBy: /the wallboard shows .* as due/,
    plant: (acted) =>
      readOtherwise(
        (sql) => sql.includes('ORDER BY c.promise_due_at, c.id LIMIT'),
        (plain, sql) => {
          const due = plain(sql)
          if (due.length > 0) acted()
          return due.slice(1)
        },
      ),
  },

  // Of the server. What it adds to what is here shows in seeds in which loads bring little: the even ones.

  {
    name: 'the server finds nothing',
    from: 2,
    misfortunes: ['a load broken off'],
    foundBy: /a search for \w+ does not show message/,
    plant: (acted) =>
      saidOtherwise(
        acted,
        'WHERE words @@ in_bucket.query',
        'WHERE FALSE AND words @@ in_bucket.query',
      ),
  },
  {
    name: 'the server counts one too many',
    from: 2,
    misfortunes: ['a load broken off'],
    steps: 20,
    foundBy: /what is open is said to be/,
    plant: (acted) => saidOtherwise(acted, 'COUNT(*)::int AS open', 'COUNT(*)::int + 1 AS open'),
  },
  {
    name: 'a cursor goes past what is held back',
    from: 13,
    misfortunes: ['a broken connection'],
    deeds: ['presence.set', 'presence.setCapacity', 'presence.setFinishing'],
    foundBy: /has presence .* with another|is shown as/,
    plant: (acted) =>
      answerOtherwise(HeldChanges.prototype, 'begin', (begin) => {
        if (begin !== null) acted()
        return null
      }),
  },
  {
    name: 'everybody reads what colleagues have to do',
    misfortunes: ['a broken connection'],
    foundBy: /with another (metadata|explanation)/,
    plant: (acted) =>
      answerOtherwise(eventKind, 'readBy', () => (row) => {
        if (row.metadata['explanation'] !== undefined) acted()
        return row
      }),
  },
  {
    name: 'a load is given a page that is older than its cursor',
    misfortunes: ['a broken connection'],
    deeds: ['session.signOut', 'conversation.setPriority'],
    foundBy: /has not got|with another|may not see/,
    plant(acted) {
      const pages = new WeakMap<SharedPages, Map<string, Promise<SharedPage>>>()
      return replace(
        SharedPages.prototype,
        'read',
        (plain) =>
          async function (this: SharedPages, key, cursor, readAfresh) {
            const kept = pages.get(this) ?? new Map<string, Promise<SharedPage>>()
            pages.set(this, kept)
            const before = kept.get(key)
            if (before !== undefined) acted()
            const page = before ?? plain.call(this, key, cursor, readAfresh)
            kept.set(key, page)
            return page
          },
      )
    },
  },
  {
    name: 'whoever does not see a conversation any more is not told',
    misfortunes: ['a broken connection'],
    deeds: ['conversation.transfer', 'conversation.assign', 'conversation.claim'],
    foundBy: /which it may not see/,
    plant: (acted) =>
      answerOtherwise(conversationKind, 'removedFor', () => {
        acted()
        return undefined
      }),
  },
]
