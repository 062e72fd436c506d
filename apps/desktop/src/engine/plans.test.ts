import { KINDS, type FeedItem, type PutItem, type RowKind } from '@parley/contracts'
import { DEFAULT_ALERT_PREFERENCES } from '@parley/domain'
import { expect, test } from 'vitest'

import { type EngineCore, type Listener } from './feature.ts'
import { REGISTRY, featureHandlers } from './features.ts'
import { BUDGET, tidyConversations } from './features/conversations/tidy.ts'
import { searchInSlices } from './features/search/search.ts'
import { Refusal, refusal, type ServerClient } from './session/server-client.ts'
import { newApplied } from './store/applied.ts'
import { unsentIn } from './store/carry-over.ts'
import { listed, loadAfresh, openCache, openOutbox, put } from './testing/open-cache.ts'
import { faultsOf } from './testing/plans.ts'
import {
  alert,
  cannedResponse,
  clock,
  conversation,
  customer,
  event,
  message,
  offer,
  person,
  presence,
  problem,
  readMark,
  someId,
  team,
} from './testing/rows.ts'

/**
 * A day of a workstation with everything that it can be asked, and how SQLite carries out each statement that it had
 * prepared by the evening. Nobody keeps a list of them: what is missing here is a method, a kind or an operator, and the
 * compiler or the test names it.
 */

const MANY = 2000
const CLOSED_AT = '2026-11-20T12:00:00.000Z'

const { cache, apply } = openCache({ role: 'team_lead', teamIds: ['sales', 'support'] })
const outbox = openOutbox(cache)
const { store } = cache

const rows = Array.from({ length: MANY }, (_, index) =>
  conversation({
    teamId: index % 2 === 0 ? 'sales' : 'support',
    ...(index % 5 === 0 && { assignedTo: 'me', status: 'assigned' }),
    ...(index % 7 === 0 && { status: 'closed', closedAt: CLOSED_AT }),
    clocks: [clock()],
    lastMessageAt: new Date(Date.parse(CLOSED_AT) + index * 1000).toISOString(),
  }),
)
const [first, second] = rows as [(typeof rows)[0], (typeof rows)[0]]
const card = { id: someId(), version: 1, teamId: null, name: 'tarjeta', color: 'blue' as const }

/** What the server has beyond the cache, of what is asked of it beside; whatever else is asked does not come through. */
const THERE: Record<string, (ids: string[]) => unknown> = {
  'lists.page': (ids) => ({
    sections: [{ key: 'queue', teamId: 'sales', ids, total: 9, next: 'more' }],
    total: 9,
    items: [],
  }),
  'lists.counts': () => ({
    inbox: { mine: 1, open: 1, unread: 1, teams: {}, due: {} },
    wallboard: { teams: [], due: [], people: [] },
  }),
  'search.query': (ids) => ({
    hits: ids.map((conversationId) => ({ conversationId, messageId: null, at: null })),
    items: [],
    isComplete: true,
  }),
  'lists.ofCustomer': (ids) => ({ ids, items: [] }),
  'sync.conversations': () => [],
  'conversations.history': () => ({ items: [], next: null }),
}
const server = new Proxy({} as ServerClient['trpc'], {
  get: (_router, router: string) =>
    new Proxy(
      {},
      {
        get: (_procedure, procedure: string) => ({
          query: async () => answerOf(`${router}.${procedure}`),
          mutate: async () => answerOf(`${router}.${procedure}`),
        }),
      },
    ),
})
let isOnline = false

function answerOf(path: string): unknown {
  const answer = THERE[path]
  if (answer === undefined || !isOnline) throw refusal('server_unreachable')
  return answer([first.id, second.id])
}

const core: EngineCore = {
  cache,
  outbox,
  get isOnline() {
    return isOnline
  },
  serverNowMs: () => Date.parse(CLOSED_AT),
  ask: (request) => request(server),
  tell: async (request) => {
    await request(server)
    return null
  },
  take: (request, itemsOf) =>
    cache.answering(async (asked) => {
      const answer = await request(server)
      cache.applyAnswer(itemsOf(answer), asked)
      return answer
    }),
  intend: (conversationId, intent) => outbox.intend(conversationId, intent),
  changed: () => {},
}

const at = second.id
/** What methods are asked with: each takes of it what it knows. */
const ASKED = {
  conversationId: first.id,
  teamId: 'sales',
  userId: 'ana',
  view: { kind: 'mine' },
  filter: '',
  order: 'queue',
  limit: 50,
  before: null,
  text: 'hola',
  reason: 'resolved',
  priority: 'high',
  to: { kind: 'team', teamId: 'sales' },
  of: someId(),
  messageId: someId(),
  as: 'sent',
  intentId: someId(),
  tagId: card.id,
  id: someId(),
  alertId: someId(),
  alertIds: [someId()],
  offerId: someId(),
  userIds: ['ana'],
}

const handlers = featureHandlers(core) as unknown as Record<string, (input: unknown) => unknown>

async function ask(method: string, given: object = {}): Promise<void> {
  try {
    await handlers[method]?.({ ...ASKED, ...given })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}

/** A row of each kind, of a conversation that is here. */
const ROWS: { [Kind in RowKind]: Extract<PutItem, { kind: Kind }>['row'] } = {
  person: person({ id: 'ana' }),
  presence: presence('ana'),
  team: team('sales'),
  customer: customer(first.customerId, { version: 2 }),
  conversation: { ...first, version: 2 },
  message: message(at),
  event: event(at),
  read_mark: readMark(at, { seq: 1 }),
  alert: alert({ conversationId: at }),
  alert_preferences: { id: 'me', version: 1, preferences: DEFAULT_ALERT_PREFERENCES },
  canned_response: cannedResponse(),
  offer: offer(at),
  problem: problem(),
  tag: card,
  tag_rule: { id: 'sales', version: 1, requiredOnClose: false },
  conversation_tag: {
    id: someId(),
    version: 1,
    conversationId: at,
    tagId: card.id,
    createdBy: null,
    createdAt: CLOSED_AT,
  },
} as never

async function aDay(): Promise<void> {
  apply(put('team', team('sales')), put('team', team('support')), put('tag', card))
  for (let from = 0; from < MANY; from += 200) {
    apply(
      ...rows
        .slice(from, from + 200)
        .flatMap((row) => [
          put('conversation', row),
          put('customer', customer(row.customerId)),
          put('message', message(row.id)),
          put('event', event(row.id)),
        ]),
    )
  }
  const listeners = REGISTRY.features.flatMap(
    ({ listens }): readonly Listener[] | Listener =>
      listens?.({
        cache,
        serverNowMs: core.serverNowMs,
        notice: () => {},
        take: core.take,
        sessionChanged: () => {},
      }) ?? [],
  )
  for (const listener of listeners) listener.start?.()
  for (const listener of listeners) listener.live?.()
  const hear = (items: readonly FeedItem[]): void => {
    const applied = apply(...items)
    for (const listener of listeners) listener.applied?.(applied)
    for (const { speaksOf } of REGISTRY.features) speaksOf?.(cache, applied.conversationIds)
  }
  for (const { kind } of KINDS) hear([put(kind, ROWS[kind] as never)])
  hear([listed(conversation({ teamId: 'sales' }))])
  for (const method of Object.keys(handlers)) await ask(method)
  isOnline = true
  cache.setCoverage({ open: false, closedSince: CLOSED_AT })
  // What the server says is heard of when it is asked for again.
  for (const method of Object.keys(handlers)) await ask(method)
  const views = [
    { kind: 'mine' },
    { kind: 'open' },
    { kind: 'closed' },
    { kind: 'team', teamId: 'sales' },
  ]
  const filters = ['', 'due:warning', 'tag:tarjeta', 'due:overdue tag:tarjeta']
  for (const view of views) {
    for (const filter of filters) {
      for (const order of ['queue', 'due']) await ask('inbox.list', { view, filter, order })
    }
  }
  isOnline = false
  for (const filter of filters) {
    for (const words of ['', 'ho', 'hola', 'h', 'hector', 'hola quintanilla', 'xyz'])
      for (const _ of searchInSlices(cache, `${filter} ${words}`, 20, core.serverNowMs()));
  }
  await ask('conversation.thread', { before: `m:${CLOSED_AT}|1` })
  await ask('conversation.thread', { reach: someId() })
  unsentIn(store, REGISTRY.features)
  for (const { kind } of KINDS.toReversed()) {
    const { id } = ROWS[kind] as { id: string }
    hear([{ op: 'remove', kind, id: kind === 'conversation' ? first.id : id }])
  }
  hear([{ op: 'access', role: 'agent', teamIds: ['sales'] }])
  cache.forgetCursor()
  loadAfresh(cache, '22222222-2222-4222-8222-222222222222:1:1', put('conversation', second))
  cache.applyHistory(second.id, [put('message', message(second.id))], {
    removed: new Set(),
    arrived: new Set(),
    isOvertaken: false,
  })
  for (const row of rows.slice(0, 40))
    hear([put('conversation', { ...row, version: 9 }), put('message', message(row.id))])
  store.write(() => {
    const budget = { ...BUDGET, messages: 1, openConversations: 1, closedConversations: 1 }
    for (let slices = 0; slices < 9; slices += 1) tidyConversations(cache, newApplied(), budget)
  })
  for (const listener of listeners) listener.lineLost?.()
}

test('no statement of a day goes over all conversations, or puts more than a few in order', async () => {
  await aDay()
  // Never analysed: as on every workstation.
  expect(store.all(`SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'`)).toEqual([])
  const { statements } = store
  expect(statements.length).toBeGreaterThan(100)
  const faults = statements
    .filter((sql) => /^\s*(SELECT|WITH|INSERT|UPDATE|DELETE)/i.test(sql))
    .map((sql) => ({ sql, faults: faultsOf(store, sql) }))
    .filter(({ faults }) => faults.length > 0)
  expect(faults).toEqual([])
})

test('a range that is the whole table is found, too, as long as nothing limits it', () => {
  const all = `SELECT COUNT(*) FROM messages WHERE local_id > ? AND length(text) > 3`
  expect(faultsOf(store, all)).not.toEqual([])
  const some = `SELECT local_id FROM messages WHERE local_id > ? ORDER BY local_id LIMIT 20`
  expect(faultsOf(store, some)).toEqual([])
})
