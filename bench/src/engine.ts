import { statSync } from 'node:fs'
import { join } from 'node:path'

import { type ConversationRow, type FeedItem, type PutItem } from '@parley/contracts'

import { REGISTRY } from '../../apps/desktop/src/engine/features.ts'
import { readConversation } from '../../apps/desktop/src/engine/features/conversations/conversation-view.ts'
import { toLastMessage } from '../../apps/desktop/src/engine/features/conversations/last-message.ts'
import { countInbox } from '../../apps/desktop/src/engine/features/inbox/count-inbox.ts'
import { listInbox } from '../../apps/desktop/src/engine/features/inbox/list-inbox.ts'
import { indexSome } from '../../apps/desktop/src/engine/features/messaging/index-words.ts'
import { readThread } from '../../apps/desktop/src/engine/features/messaging/thread.ts'
import { searchInSlices } from '../../apps/desktop/src/engine/features/search/search.ts'
import { readWallboard } from '../../apps/desktop/src/engine/features/wallboard/wallboard.ts'
import { Cache } from '../../apps/desktop/src/engine/store/cache.ts'
import { Store } from '../../apps/desktop/src/engine/store/store.ts'
import { cursor, openOutbox, put } from '../../apps/desktop/src/engine/testing/open-cache.ts'
import {
  clock,
  conversation,
  customer,
  message,
  team,
} from '../../apps/desktop/src/engine/testing/rows.ts'
import { bench, rising } from './options.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { percentile } from './percentile.ts'

const KEY = 'ab'.repeat(32)
const ME = 'me'
const TEAMS = ['sales', 'support', 'billing', 'returns', 'warranty']
const MESSAGES_EACH = 10
const OPEN_SHARE = 0.2
const ROUNDS = 60
const CHANGES = 50_000
const BATCH = 500
const SHIFT_ROUNDS = 400
const NOW = Date.parse('2026-11-20T18:00:00.000Z')

/** Words as customers have them: the first are in every other message, the last in one of thousands. */
const WORDS = [
  'hola',
  'gracias',
  'pedido',
  'no',
  'mi',
  'el',
  'cuando',
  'llega',
  'codigo',
  'pago',
  ...Array.from({ length: 3000 }, (_, index) => wordOf(index)),
]
const TYPED = ['pedido', 'codigo', 'hola gracias', wordOf(500), wordOf(2900), 'quintana', '5550123']

/** Of syllables, each as often as any other. */
function wordOf(index: number): string {
  const syllables = [
    'ta',
    're',
    'mi',
    'co',
    'lu',
    'pe',
    'na',
    'so',
    'di',
    'ga',
    'vo',
    'be',
    'fi',
    'ju',
    'za',
  ]
  let rest = index * 7919 + 104_729
  let word = ''
  for (let count = 0; count < 4; count += 1) {
    word += syllables[rest % syllables.length] ?? ''
    rest = Math.floor(rest / syllables.length)
  }
  return word
}

/**
 * The workstation's engine on an encrypted cache in a file, at sizes far beyond what it holds by its budget: each thing
 * that a person waits for beside the bare statement that reads as many rows, in the same run.
 */
export const engine = bench({
  says: 'the workstation’s cache: load, lists, search, catch-up, a shift',
  options: { sizes: rising([1000, 10_000], 'conversations of ten messages') },
  run,
})

async function run({ sizes }: { sizes: number[] }): Promise<void> {
  for (const size of sizes) {
    await benchSize(join(temporaryFolder('bench-engine'), 'cache.db'), size)
  }
}

async function benchSize(file: string, size: number): Promise<void> {
  say(
    `\n${size.toLocaleString('en')} conversations, ${(size * MESSAGES_EACH).toLocaleString('en')} messages`,
  )
  const filled = openAt(file)
  const fillMs = took(() => fill(filled, size))
  const megabytes = Math.round(statSync(file).size / 2 ** 20)
  say(`load: ${rate(size * (MESSAGES_EACH + 2), fillMs)} rows a second, ${megabytes} MB`)
  const indexMs = took(() => indexWaiting(filled))
  say(
    `words of what was loaded, behind it: ${rate(size * MESSAGES_EACH, indexMs)} messages a second`,
  )
  filled.store.close()

  let cache: Cache | undefined
  const startMs = took(() => {
    cache = openAt(file)
    listInbox(cache, { kind: 'mine' }, 300, { filter: '', order: 'queue', nowMs: NOW })
    countInbox(cache, NOW)
  })
  say(`cold start to the first list and its counts: ${startMs.toFixed(0)} ms`)
  if (cache === undefined) return
  benchReads(cache)
  benchSearch(cache)
  benchCatchUp(cache)
  benchShift(cache)
  cache.store.close()
}

/** What the engine does in slices, while nobody waits for anything else. */
function indexWaiting(cache: Cache): void {
  while (cache.store.write(() => indexSome(cache)));
}

function openAt(file: string): Cache {
  const cache = new Cache(Store.open(file, KEY, REGISTRY.features), ME, REGISTRY)
  cache.setAccess({ role: 'supervisor', teamIds: [] })
  return cache
}

let made = 0
const randomly = seeded(7)

function fill(cache: Cache, size: number): void {
  cache.beginLoad(cursor(1))
  cache.applyLoaded(TEAMS.map((id) => put('team', team(id, { name: id }))))
  for (let from = 0; from < size; from += 100) {
    const items: PutItem[] = []
    for (let index = from; index < Math.min(size, from + 100); index += 1)
      items.push(...one(index, size))
    cache.applyLoaded(items)
  }
  cache.finishLoad(null)
}

/** The newest first, as a load brings them. */
function one(index: number, size: number): PutItem[] {
  const minutes = (index / size) * 30 * 24 * 60
  const lastMessageAt = new Date(NOW - minutes * 60_000).toISOString()
  const isOpen = index < size * OPEN_SHARE
  const isMine = isOpen && index % Math.max(1, Math.round((size * OPEN_SHARE) / 30)) === 0
  const row = conversation({
    teamId: TEAMS[index % TEAMS.length] ?? null,
    status: !isOpen ? 'closed' : isMine || index % 3 === 0 ? 'assigned' : 'queued',
    assignedTo: isMine ? ME : index % 3 === 0 ? `agent${index % 50}` : null,
    closedAt: isOpen ? null : lastMessageAt,
    clocks: isOpen ? [clock({ dueAt: new Date(NOW + (index - 500) * 1000).toISOString() })] : [],
    lastMessageAt,
  })
  const sentAt = (back: number) => new Date(NOW - (minutes + back) * 60_000).toISOString()
  return [
    put('conversation', row),
    put('customer', customer(row.customerId, { name: `${nameOf(index)} ${index}` })),
    ...Array.from({ length: MESSAGES_EACH }, (_, back) =>
      put('message', message(row.id, { text: words(), sentAt: sentAt(back), seq: (made += 1) })),
    ),
  ]
}

const nameOf = (index: number): string =>
  index % 997 === 0 ? 'Quintana' : (['Ana', 'Luis', 'Mariana', 'Héctor'][index % 4] ?? '')

/** Eight words, rarer ones more rarely. */
function words(): string {
  return Array.from({ length: 8 }, () => WORDS[Math.floor(WORDS.length * randomly() ** 6)]).join(
    ' ',
  )
}

function benchReads(cache: Cache): void {
  const { store } = cache
  const outbox = openOutbox(cache)
  const ways = { filter: '', order: 'queue', nowMs: NOW } as const
  const ids = store
    .all<{ id: string }>('SELECT id FROM conversations ORDER BY RANDOM() LIMIT 60')
    .map(({ id }) => id)
  let next = 0
  const some = () => ids[(next += 1) % ids.length] ?? ''
  const bareList = (where: string, order: string) =>
    void store.all(`SELECT * FROM conversations WHERE ${where} ORDER BY ${order} LIMIT 300`)
  const byUrgency = 'priority_rank, due_at, waits_since, id'
  compare(
    'list of mine',
    () => listInbox(cache, { kind: 'mine' }, 300, ways),
    () => bareList(`assigned_to = 'me' AND status IN ('assigned', 'pending_agent')`, byUrgency),
  )
  compare(
    'list of open ones',
    () => listInbox(cache, { kind: 'open' }, 300, ways),
    () => bareList(`stage = 'queue'`, byUrgency),
  )
  compare(
    'list of open ones, due first',
    () => listInbox(cache, { kind: 'open' }, 300, { ...ways, filter: 'due:overdue', order: 'due' }),
    () => bareList(`stage = 'queue'`, 'due_at, priority_rank, waits_since, id'),
  )
  compare(
    'list of closed ones',
    () => listInbox(cache, { kind: 'closed' }, 300, ways),
    () => bareList(`stage = 'closed'`, 'closed_at DESC, id'),
  )
  compare(
    'counts',
    () => countInbox(cache, NOW),
    () => store.all('SELECT * FROM tallies'),
  )
  compare(
    'wallboard',
    () => readWallboard(cache, NOW),
    () => bareList(`promise_due_at < '9'`, 'promise_due_at, id'),
  )
  compare(
    'open one',
    () => {
      const id = some()
      readConversation(cache, outbox, id)
      readThread(cache, id, null, 50)
    },
    () =>
      store.all(
        'SELECT * FROM messages WHERE conversation_id = ? ORDER BY sent_at DESC, seq DESC LIMIT 50',
        some(),
      ),
  )
}

/** Each letter as it is typed. The time until it is all there, and the longest that anybody else waits meanwhile. */
function benchSearch(cache: Cache): void {
  const all: number[] = []
  let longestSliceMs = 0
  for (const typed of TYPED) {
    const times: number[] = []
    for (let length = 2; length <= typed.length; length += 1) {
      const ms = took(() => {
        const slices = searchInSlices(cache, typed.slice(0, length), 30, NOW)
        for (let isDone = false; !isDone;) {
          longestSliceMs = Math.max(
            longestSliceMs,
            took(() => (isDone = slices.next().done === true)),
          )
        }
      })
      times.push(ms)
    }
    all.push(...times)
    say(`search «${typed}», each letter: ${times.map((ms) => ms.toFixed(0)).join(' ')} ms`)
  }
  const bareMs = took(() =>
    cache.store.all(
      `SELECT m.row FROM message_search JOIN messages m ON m.local_id = message_search.rowid
       WHERE message_search MATCH '"pedido"' ORDER BY message_search.rowid DESC LIMIT 30`,
    ),
  )
  say(
    `search: p50 ${percentile(all, 50).toFixed(1)} ms, p95 ${percentile(all, 95).toFixed(1)} ms, ` +
      `longest slice ${longestSliceMs.toFixed(1)} ms; bare ${bareMs.toFixed(1)} ms`,
  )
}

/** Changes as somebody has them who comes back: messages of conversations that are here, with their conversations. */
function benchCatchUp(cache: Cache): void {
  const rows = cache.store.rows<ConversationRow>(
    `SELECT r.row FROM conversations c JOIN conversation_rows r ON r.id = c.id
     ORDER BY c.last_message_at DESC LIMIT 5000`,
  )
  const batches = Array.from({ length: CHANGES / BATCH }, (_, batch) =>
    Array.from({ length: BATCH / 2 }, (_item, index): FeedItem[] => {
      const at = (batch * BATCH + index) % rows.length
      const before = rows[at] as ConversationRow
      const said = message(before.id, {
        text: words(),
        seq: (made += 1),
        sentAt: new Date(NOW + made).toISOString(),
      })
      const row = { ...before, version: before.version + 1, lastMessage: toLastMessage(said) }
      rows[at] = row
      return [put('message', said), { op: 'put', kind: 'conversation', row }]
    }).flat(),
  )
  const ms = took(() => {
    for (const [index, batch] of batches.entries()) cache.applyBatch(batch, cursor(index + 2))
  })
  const indexMs = took(() => indexWaiting(cache))
  const { store } = cache
  store.run('CREATE TABLE bare (id TEXT PRIMARY KEY, row TEXT) WITHOUT ROWID')
  const bareMs = took(() => {
    for (const batch of batches) {
      store.write(() => {
        for (const item of batch) {
          if (item.op !== 'put') continue
          store.run(
            'INSERT OR REPLACE INTO bare VALUES (?, ?)',
            item.row.id,
            JSON.stringify(item.row),
          )
        }
      })
    }
  })
  store.run('DROP TABLE bare')
  say(
    `catch-up of ${CHANGES.toLocaleString('en')} changes: ${rate(CHANGES, ms)} a second, ` +
      `bare ${rate(CHANGES, bareMs)}, ratio ${(ms / bareMs).toFixed(1)}; ` +
      `their words ${indexMs.toFixed(0)} ms later`,
  )
}

/** A shift in fast motion: what comes, is listed, opened and looked for, over and over. */
function benchShift(cache: Cache): void {
  const outbox = openOutbox(cache)
  const rows = cache.store.rows<ConversationRow>(
    `SELECT r.row FROM conversations c JOIN conversation_rows r ON r.id = c.id WHERE c.stage <> 'closed' LIMIT 500`,
  )
  const memory: number[] = []
  const ms = took(() => {
    for (let round = 0; round < SHIFT_ROUNDS; round += 1) {
      const row = rows[round % rows.length] as ConversationRow
      cache.applyBatch(
        [put('message', message(row.id, { text: words(), seq: (made += 1) }))],
        cursor(round + 1000),
      )
      listInbox(cache, { kind: 'mine' }, 300, { filter: '', order: 'queue', nowMs: NOW })
      countInbox(cache, NOW)
      readConversation(cache, outbox, row.id)
      readThread(cache, row.id, null, 50)
      cache.tidy()
      if (round % (SHIFT_ROUNDS / 8) !== 0) continue
      globalThis.gc?.()
      memory.push(process.memoryUsage().heapUsed / 2 ** 20)
    }
  })
  const first = memory[1] ?? 0
  const last = memory.at(-1) ?? 0
  say(
    `a shift in fast motion: ${(ms / SHIFT_ROUNDS).toFixed(1)} ms a round; heap ${first.toFixed(1)} to ${last.toFixed(1)} MB, ` +
      `resident ${Math.round(process.memoryUsage().rss / 2 ** 20)} MB`,
  )
}

function compare(what: string, work: () => unknown, bare: () => unknown): void {
  const times = { work: [] as number[], bare: [] as number[] }
  // In turns, so that whatever else the machine does is done to both.
  for (let round = 0; round < ROUNDS; round += 1) {
    times.work.push(took(work))
    times.bare.push(took(bare))
  }
  const [ms, bareMs] = [percentile(times.work, 50), percentile(times.bare, 50)]
  say(
    `${what}: p50 ${ms.toFixed(2)} ms, p95 ${percentile(times.work, 95).toFixed(2)} ms; ` +
      `bare ${bareMs.toFixed(2)} ms, ratio ${(ms / bareMs).toFixed(1)}`,
  )
}

function took(work: () => unknown): number {
  const startedMs = performance.now()
  work()
  return performance.now() - startedMs
}

const rate = (count: number, ms: number): string =>
  Math.round((count / ms) * 1000).toLocaleString('en')

const say = (line: string): void => void process.stdout.write(`${line}\n`)

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
