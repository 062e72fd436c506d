import { type EngineMethod, type FeedItem } from '@parley/contracts'

import { REGISTRY } from '../../../apps/desktop/src/engine/features.ts'
import { Cache } from '../../../apps/desktop/src/engine/store/cache.ts'
import { Store } from '../../../apps/desktop/src/engine/store/store.ts'
import { network } from './network.ts'

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
  /** Found is what says so. */
  readonly foundBy: RegExp
  /** @returns how it is taken out again */
  plant(): () => void
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

/** Whatever the engine says to its cache by this statement is not said. */
const unsaid = (statement: string, instead: string | null = null): (() => void) =>
  replace(
    Store.prototype,
    'run',
    (plain) =>
      function (this: Store, sql, ...parameters) {
        if (!sql.startsWith(statement)) return plain.call(this, sql, ...parameters)
        return instead === null ? 0 : plain.call(this, instead, ...parameters)
      },
  )

export const PLANTED: readonly PlantedFault[] = [
  {
    name: 'an intent is sent again without its id',
    from: 2,
    misfortunes: ['a lost answer'],
    foundBy: /was (written|sent to the customer) \d+ times|is refused here and was written/,
    plant() {
      const seen = new Set<string>()
      network.tamper = (_line, path, body) => {
        if (path !== 'messages.send') return body
        const { id } = JSON.parse(body) as { id: string }
        if (!seen.has(id)) {
          seen.add(id)
          return body
        }
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
    plant() {
      // Which comes with the next one, if there is one before the workstation ends.
      const waiting = new WeakMap<Cache, readonly FeedItem[]>()
      return replace(
        Cache.prototype,
        'applyBatch',
        (plain) =>
          function (this: Cache, items, cursor) {
            const before = waiting.get(this) ?? []
            waiting.set(this, items)
            return plain.call(this, before, cursor)
          },
      )
    },
  },
  {
    name: 'a removal is passed over',
    misfortunes: ['a broken connection'],
    foundBy: /which it may not see/,
    plant: () =>
      replace(
        Cache.prototype,
        'applyBatch',
        (plain) =>
          function (this: Cache, items, cursor) {
            return plain.call(
              this,
              items.filter(({ op }) => op !== 'remove'),
              cursor,
            )
          },
      ),
  },
  {
    name: 'a version is not looked at',
    from: 15,
    misfortunes: ['a slow line'],
    deeds: ['conversation.reply', 'conversation.setPriority', 'conversation.close'],
    foundBy: /with another/,
    plant() {
      const undo = ['conversation', 'message'].map((kind) =>
        replace(
          keptKind(kind),
          'put',
          (plain) => (cache, row, arrival) => plain(cache, row, { ...arrival, force: true }),
        ),
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
    plant: () =>
      replace(keptKind('read_mark'), 'put', (plain) => (cache, row, arrival) => {
        const { conversationId } = row as unknown as { conversationId: string }
        cache.store.run('DELETE FROM read_marks WHERE conversation_id = ?', conversationId)
        plain(cache, row, arrival)
      }),
  },
  {
    name: 'a row is kept that may not be seen any more',
    from: 3,
    misfortunes: ['other teams'],
    foundBy: /which it may not see/,
    plant() {
      const conversations = REGISTRY.features.find(({ name }) => name === 'conversations')
      return replace(
        conversations as unknown as { accessChanged: () => void },
        'accessChanged',
        () => () => {},
      )
    },
  },
  {
    name: 'the outbox goes out of order',
    from: 2,
    misfortunes: ['a partition'],
    deeds: ['conversation.reply'],
    foundBy: /stands before that of|was sent before that of/,
    plant: () =>
      replace(
        Store.prototype,
        'all',
        (plain) =>
          function <Row>(
            this: Store,
            sql: string,
            ...parameters: Parameters<Store['all']> extends [string, ...infer Rest] ? Rest : never
          ) {
            const rows = plain.call(this, sql, ...parameters) as Row[]
            return sql.includes('state, kind FROM outbox ORDER BY position')
              ? rows.toReversed()
              : rows
          } as Store['all'],
      ),
  },
  {
    name: 'an alert is told twice',
    from: 3,
    misfortunes: ['a broken connection'],
    foundBy: /was told \d+ times/,
    plant: () => unsaid('UPDATE alerts SET told = 1'),
  },
  {
    name: 'what was being sent is forgotten with the line',
    misfortunes: ['a crash', 'a lossy line'],
    foundBy: /is nowhere/,
    plant: () =>
      unsaid(
        `UPDATE outbox SET state = 'waiting' WHERE state = 'sending'`,
        `DELETE FROM outbox WHERE state = 'sending'`,
      ),
  },
  {
    name: 'a draft is not kept',
    from: 12,
    misfortunes: ['a crash'],
    foundBy: /the draft on/,
    plant: () => unsaid('INSERT INTO drafts'),
  },
]
