import { gunzipSync } from 'node:zlib'

import {
  type BootstrapPage,
  type ConversationRow,
  type FeedItem,
  type PutItem,
} from '@parley/contracts'
import { type Role } from '@parley/domain'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { KINDS } from '../../../features.ts'
import { type SessionActor } from '../../../platform/actor.ts'
import { type Queryable } from '../../../platform/database.ts'
import { Failure } from '../../../platform/failure.ts'
import { createMetrics } from '../../../platform/metrics.ts'
import { type Statement } from '../../../platform/sql.ts'
import { createBareServices, type BareServices } from '../../../testing/bare-services.ts'
import { eventually } from '../../../testing/test-server.ts'
import { FeedHub } from '../feed-hub.ts'
import { Kinds } from '../kinds.ts'
import { LoadAdmission } from './load-admission.ts'
import { BUDGET, LoadPage } from './load-page.ts'
import { LoadedPage, SharedItems } from './loaded-page.ts'
import { sharedPage, SharedPages } from './shared-pages.ts'

let services: BareServices
let feed: FeedHub
let ours: string
let theirs: string

beforeAll(async () => {
  services = await createBareServices()
})
afterAll(() => services.database.drop())
beforeEach(async () => {
  feed = await FeedHub.start(services, KINDS)
  ours = await services.addTeam()
  theirs = await services.addTeam()
})
afterEach(() => feed.stop())

async function actorOf(role: Role, ...teamIds: string[]): Promise<SessionActor> {
  const userId = await services.addPerson(role, 'online', teamIds)
  const [session] = await services.rows<{ id: string }>(
    `WITH device AS (INSERT INTO devices (id, name, platform) VALUES (gen_random_uuid(), 'test', 'linux') RETURNING id)
     INSERT INTO sessions (id, user_id, device_id) SELECT new_id(), $1, id FROM device RETURNING id`,
    [userId],
  )
  return { userId, role, teamIds, sessionId: session?.id as string }
}

/** Many at once, without what the feed would say of each. */
async function fill(
  count: number,
  fields: {
    team: string | null
    status: string
    owner?: string
    closedMinutesAgo?: number
    messages?: number
  },
): Promise<string[]> {
  const rows = await services.rows<{ id: string }>(
    `WITH account AS (SELECT id FROM channel_accounts LIMIT 1),
     customer AS (INSERT INTO customers (id, channel, external_id)
       SELECT new_id(), 'whatsapp', gen_random_uuid() FROM generate_series(1, $1) RETURNING id)
     INSERT INTO conversations (id, customer_id, channel, channel_account_id, team_id, status, assigned_to, queued_at, closed_at)
     SELECT new_id(), customer.id, 'whatsapp', account.id, $2::uuid, $3::text, $4::uuid, NOW(),
            CASE WHEN $3::text = 'closed' THEN NOW() - make_interval(mins => $5::int) - random() * INTERVAL '1 hour' END
     FROM customer, account RETURNING id`,
    [count, fields.team, fields.status, fields.owner ?? null, fields.closedMinutesAgo ?? 0],
  )
  const ids = rows.map(({ id }) => id)
  if (fields.messages !== undefined) {
    await services.rows(
      `INSERT INTO messages (conversation_id, direction, sender_type, content_text, sent_at)
       SELECT id, 'inbound', 'customer', 'mensaje ' || n, NOW() FROM unnest($1::uuid[]) id, generate_series(1, $2) n`,
      [ids, fields.messages],
    )
  }
  return ids
}

interface Loaded {
  cursor: string
  items: PutItem[]
  pages: BootstrapPage[]
}

async function load(
  actor: SessionActor,
  between?: (page: number) => Promise<unknown>,
): Promise<Loaded> {
  const pages: BootstrapPage[] = []
  let page: string | null = null
  do {
    const answer: BootstrapPage = (await feed.bootstrap(actor, page)).toJSON()
    pages.push(answer)
    page = answer.nextPage
    await between?.(pages.length)
  } while (page !== null)
  return {
    cursor: pages[0]?.cursor as string,
    items: pages.flatMap(({ items }) => items),
    pages,
  }
}

const conversationsIn = (items: readonly FeedItem[]) =>
  items.flatMap((item) => (item.op === 'put' && item.kind === 'conversation' ? [item] : []))
const idsIn = (items: readonly FeedItem[]): string[] =>
  conversationsIn(items).map(({ row }) => row.id)
const messagesIn = (items: readonly FeedItem[]) =>
  items.flatMap((item) => (item.op === 'put' && item.kind === 'message' ? [item.row] : []))

describe('a load', () => {
  test('brings one’s own and what is open whole, and what was closed as lists show it', async () => {
    const agent = await actorOf('agent', ours)
    const own = await fill(2, {
      team: theirs,
      status: 'assigned',
      owner: agent.userId,
      messages: 2,
    })
    const open = await fill(60, { team: ours, status: 'queued', messages: 2 })
    const closed = await fill(3, { team: ours, status: 'closed', messages: 2 })
    const ownClosed = await fill(2, { team: theirs, status: 'closed', owner: agent.userId })
    const old = await fill(1, { team: ours, status: 'closed', closedMinutesAgo: 31 * 24 * 60 })
    const others = await fill(5, { team: theirs, status: 'queued', messages: 1 })
    const { items, pages } = await load(agent)
    const whole = conversationsIn(items).flatMap((item) =>
      item.whole === true ? [item.row.id] : [],
    )
    const listed = conversationsIn(items).flatMap((item) =>
      item.whole === true ? [] : [item.row.id],
    )
    expect(whole.toSorted()).toEqual([...own, ...open].toSorted())
    expect(listed.toSorted()).toEqual([...closed, ...ownClosed].toSorted())
    expect(messagesIn(items)).toHaveLength(2 * 62)
    for (const id of [...old, ...others]) expect(idsIn(items)).not.toContain(id)
    // What lists show comes with every one of them.
    const rows = conversationsIn(items).map(({ row }) => row)
    const customers = new Set(
      items.flatMap((item) => (item.kind === 'customer' ? [item.row.id] : [])),
    )
    expect(rows.every(({ customerId }) => customers.has(customerId))).toBe(true)
    const shown = rows.find(({ id }) => id === closed[0])?.lastMessage
    expect(shown).toMatchObject({
      text: 'mensaje 2',
      direction: 'inbound',
      status: expect.any(String),
    })
    expect(pages.map(({ coverage }) => coverage).filter((one) => one !== null)).toEqual([
      { open: true, closedSince: null },
    ])
    expect(pages.at(-1)?.coverage).not.toBeNull()
  })

  test('shows of the last message its first 200 characters, and none that was given up', async () => {
    const agent = await actorOf('agent', ours)
    const [id] = await fill(1, { team: ours, status: 'queued' })
    await services.rows(
      `INSERT INTO messages (conversation_id, direction, sender_type, content_text, sent_at, discarded_at)
       VALUES ($1, 'inbound', 'customer', repeat('😀', 300), NOW(), NULL), ($1, 'outbound', 'agent', 'no', NOW(), NOW())`,
      [id],
    )
    const { items } = await load(agent)
    expect(conversationsIn(items)[0]?.row.lastMessage?.text).toBe('😀'.repeat(200))
  })

  test('is of bounded size, the newest first, and says what it left out', async () => {
    const supervisor = await actorOf('supervisor')
    await fill(BUDGET.closedConversations + 20, {
      team: theirs,
      status: 'closed',
      closedMinutesAgo: 60,
    })
    const newest = await fill(5, { team: ours, status: 'closed' })
    const { items, pages } = await load(supervisor)
    const closed = conversationsIn(items)
      .map(({ row }) => row)
      .filter(({ status }) => status === 'closed')
    expect(closed).toHaveLength(BUDGET.closedConversations)
    for (const id of newest) expect(closed.map((row) => row.id)).toContain(id)
    const since = pages.at(-1)?.coverage?.closedSince as string
    const all = await services.rows<{ id: string }>(
      `SELECT id FROM conversations WHERE status = 'closed' AND closed_at >= $1`,
      [since],
    )
    const here = new Set(closed.map(({ id }) => id))
    expect(all.filter(({ id }) => !here.has(id))).toEqual([])
    expect(all.length).toBeGreaterThan(BUDGET.closedConversations - 5)
    await services.rows(`DELETE FROM conversations WHERE status = 'closed'`)
  })

  test('misses nothing while everything changes, and what is forbidden is taken back by the feed', async () => {
    const agent = await actorOf('agent', ours)
    const ids = await fill(400, { team: ours, status: 'queued', messages: 12 })
    const foreign = await fill(20, { team: theirs, status: 'queued', messages: 1 })
    const { items, cursor, pages } = await load(agent, async (page) => {
      const at = (n: number): string => ids[(page * 37 + n * 11) % ids.length] as string
      await services.rows('UPDATE conversations SET team_id = $2 WHERE id = $1', [at(1), theirs])
      await services.rows('UPDATE conversations SET team_id = $2 WHERE id = $1', [
        foreign[page % 20],
        ours,
      ])
      await services.rows(
        `INSERT INTO messages (conversation_id, direction, sender_type, content_text, sent_at) VALUES ($1, 'inbound', 'customer', 'más', NOW())`,
        [at(2)],
      )
      await services.rows(
        `UPDATE conversations SET status = 'closed', closed_at = NOW() WHERE id = $1 AND team_id = $2`,
        [at(3), ours],
      )
      await fill(1, { team: ours, status: 'queued', messages: 1 })
    })
    expect(pages.length).toBeGreaterThan(2)
    const held = await followed(agent, cursor, items)
    const visible = await services.rows<{ id: string; version: string }>(
      'SELECT id, version FROM conversations WHERE team_id = $1',
      [ours],
    )
    await eventually(() =>
      expect([...held.conversations].map(([id, row]) => [id, row.version]).toSorted()).toEqual(
        visible.map(({ id, version }) => [id, Number(version)]).toSorted(),
      ),
    )
    const said = await services.rows<{ id: string }>(
      `SELECT m.id FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE c.team_id = $1 AND c.status <> 'closed'`,
      [ours],
    )
    await eventually(() => expect(said.filter(({ id }) => !held.messages.has(id))).toEqual([]))
    held.stop()
  })

  test('that was broken off goes on from its page, on another process', async () => {
    const agent = await actorOf('agent', ours)
    const ids = await fill(200, { team: ours, status: 'queued', messages: 12 })
    const first = (await feed.bootstrap(agent, null)).toJSON()
    expect(first.nextPage).not.toBeNull()
    const other = await FeedHub.start(services, KINDS)
    const items = [...first.items]
    let page = first.nextPage
    while (page !== null) {
      const answer: BootstrapPage = (await other.bootstrap(agent, page)).toJSON()
      expect(answer.cursor).toBeNull()
      items.push(...answer.items)
      page = answer.nextPage
    }
    expect(idsIn(items).toSorted()).toEqual(ids.toSorted())
    await other.stop()
  })

  test('is begun anew by who has another reach than when it began: what was passed over would be missing for good', async () => {
    const agent = await actorOf('agent', ours)
    await fill(200, { team: ours, status: 'queued', messages: 12 })
    const { nextPage } = (await feed.bootstrap(agent, null)).toJSON()
    expect(nextPage).not.toBeNull()
    // Left the team, and perhaps given it back before the next page; has more teams; another role; somebody else's page.
    for (const other of [
      { ...agent, teamIds: [] },
      { ...agent, teamIds: [ours, theirs] },
      { ...agent, role: 'team_lead' as const },
      await actorOf('agent', ours),
    ]) {
      await expect(feed.bootstrap(other, nextPage)).rejects.toMatchObject({ code: 'invalid_input' })
    }
    expect((await feed.bootstrap(agent, nextPage)).toJSON().items).not.toEqual([])
  })

  test('refuses pages that were never handed out, and those of another epoch', async () => {
    const agent = await actorOf('agent', ours)
    await fill(200, { team: ours, status: 'queued', messages: 12 })
    const { nextPage } = (await feed.bootstrap(agent, null)).toJSON()
    const [cursor, reach, held, kind, after] = JSON.parse(nextPage as string) as [
      string,
      string,
      number[],
      string,
      string,
    ]
    const codeOf = (page: unknown): Promise<unknown> =>
      feed.bootstrap(agent, typeof page === 'string' ? page : JSON.stringify(page)).then(
        () => 'answered',
        (error: unknown) => (error instanceof Failure ? error.code : String(error)),
      )
    expect(await codeOf([cursor, reach, held, kind, after])).toBe('answered')
    const otherEpoch = cursor.replace(/^[^:]+/, '00000000-0000-4000-8000-000000000000')
    for (const page of [
      '',
      'open|x',
      '[]',
      'null',
      [cursor, reach, held, kind],
      [cursor, reach, held, 'nothing', null],
      [cursor, reach, held, 'constructor', null],
      [otherEpoch, reach, held, kind, after],
      ['x', reach, held, kind, after],
      [cursor, 'everything', held, kind, after],
      [cursor, held, kind, after],
      [cursor, reach, held.slice(1), kind, after],
      [cursor, reach, held.map(() => -1), kind, after],
      [cursor, reach, held.map(() => 1e300), kind, after],
      [cursor, reach, held, kind, 'open|nobody'],
      [cursor, reach, held, kind, `${after}|more`],
      [cursor, reach, held, kind, 'open|00000000-0000-4000-8000-00000000000g'],
      [cursor, reach, held, kind, 'closed|x|00000000-0000-4000-8000-000000000000'],
      [cursor, reach, held, kind, 'closed|99999999999999999|00000000-0000-4000-8000-000000000000'],
      [cursor, reach, held, kind, 'elsewhere|1;DROP TABLE users'],
      [cursor, reach, held, kind, `own|${'x'.repeat(80)}`],
      [cursor, reach, held, kind, 'everything'],
    ]) {
      const code = await codeOf(page)
      const isHarmless = Array.isArray(page) && String(page[4]).startsWith('elsewhere')
      expect([page, code]).toEqual([page, isHarmless ? 'answered' : 'invalid_input'])
    }
  })
})

describe('conversations that are asked for', () => {
  test('come as lists show them or whole, and what may not be seen or is gone is removed', async () => {
    const agent = await actorOf('agent', ours)
    const [open] = await fill(1, { team: ours, status: 'queued', messages: 3 })
    const [closed] = await fill(1, {
      team: ours,
      status: 'closed',
      closedMinutesAgo: 90 * 24 * 60,
      messages: 2,
    })
    const [foreign] = await fill(1, { team: theirs, status: 'queued', messages: 1 })
    const gone = '00000000-0000-4000-8000-000000000000'
    const ids = [open, closed, foreign, gone, open] as string[]
    const listed = await feed.conversations(agent, ids, { threads: false })
    const whole = await feed.conversations(agent, ids, { threads: true })
    for (const items of [listed, whole]) {
      expect(idsIn(items).toSorted()).toEqual([open, closed].toSorted())
      expect(items.filter(({ op }) => op === 'remove')).toEqual([
        { op: 'remove', kind: 'conversation', id: foreign },
        { op: 'remove', kind: 'conversation', id: gone },
      ])
    }
    expect(messagesIn(listed)).toEqual([])
    expect(conversationsIn(listed).some((item) => item.whole)).toBe(false)
    expect(messagesIn(whole)).toHaveLength(5)
    expect(conversationsIn(whole).every((item) => item.whole)).toBe(true)
  })

  test('say of the last message what has become of it, and its version is higher then', async () => {
    const agent = await actorOf('agent', ours)
    const [id] = (await fill(1, { team: ours, status: 'queued', messages: 1 })) as [string]
    const last = async () =>
      conversationsIn(await feed.conversations(agent, [id], { threads: false }))[0]?.row
    const before = await last()
    await services.rows(`UPDATE messages SET status = 'read' WHERE conversation_id = $1`, [id])
    const after = await last()
    expect(after?.version).toBe(before?.version)
    expect(after?.lastMessage).toMatchObject({ seq: before?.lastMessage?.seq, status: 'read' })
    expect(after?.lastMessage?.version).toBeGreaterThan(before?.lastMessage?.version ?? 0)
  })
})

describe('pages that several are given alike', () => {
  test('are read once, and cut for each by what they may read', async () => {
    const agents = [await actorOf('agent', ours), await actorOf('agent', ours)] as const
    const lead = await actorOf('team_lead', ours)
    const [id] = await fill(1, { team: ours, status: 'queued', messages: 1 })
    const explanation = {
      chosenBecause: 'least_loaded',
      eligible: agents.map(({ userId }, n) => ({ userId, load: n, capacity: 5 })),
      ineligible: [{ userId: 'carla', because: 'at_capacity' }],
    }
    await services.rows(
      `INSERT INTO conversation_events (conversation_id, event_type, actor_type, metadata)
       VALUES ($1, 'conversation.assigned', 'system', $2)`,
      [id, JSON.stringify({ explanation })],
    )
    let reads = 0
    let position: Promise<unknown> | undefined
    const db: Queryable = {
      ...services.db,
      // Others work on the same cluster, whose transactions move the place at which a load begins.
      one<Row>(statement: Statement) {
        if (!statement.text.includes('FROM feed_state')) return services.db.one<Row>(statement)
        position ??= services.db.one<Row>(statement)
        return position as Promise<Row>
      },
      maybe: (statement) => services.db.maybe(statement),
      run: (statement) => services.db.run(statement),
      many(statement) {
        if (statement.text.includes('FROM messages WHERE conversation_id')) reads += 1
        return services.db.many(statement)
      },
    }
    const shared = new SharedPages(db)
    const kinds = new Kinds(KINDS)
    const pages = await Promise.all(
      [agents[0], lead, agents[1]].map((actor) =>
        LoadPage.read({ db, kinds, shared, actor }, null),
      ),
    )
    const told = pages.map(
      (page) =>
        page
          .toJSON()
          .items.flatMap((item) =>
            item.kind === 'event' ? [item.row.metadata['explanation']] : [],
          )[0],
    )
    const own = (n: number) => ({
      chosenBecause: 'least_loaded',
      eligible: [explanation.eligible[n]],
    })
    expect(told).toEqual([own(0), explanation, own(1)])
    // Each reads what is their own alone; what is the team's is read once.
    expect(reads).toBe(1)
    // And made into bytes once: what goes out to each are the same.
    const bytes = pages.map(({ parts }) =>
      parts.flatMap((part) => (part instanceof SharedItems ? [part.gzipped] : [])),
    )
    expect(bytes[0]?.length).toBeGreaterThan(3)
    for (const [index, one] of (bytes[0] ?? []).entries()) {
      expect(bytes[1]?.[index]).toBe(one)
      expect(bytes[2]?.[index]).toBe(one)
    }
  })

  test('go out as one whole, whatever stands between them', async () => {
    const supervisor = await actorOf('supervisor')
    const [id] = await fill(1, { team: ours, status: 'queued', messages: 2 })
    await services.rows(
      `UPDATE messages SET content_text = '¿"[,]" \\ 😀?' WHERE conversation_id = $1`,
      [id],
    )
    const page = await feed.bootstrap(supervisor, null)
    const text = gunzipSync(await page.gzipped('{"before":0,"data":', ',"behind":1}')).toString()
    expect(JSON.parse(text)).toEqual({ before: 0, data: page.toJSON(), behind: 1 })
    const nothing = new LoadedPage({
      cursor: null,
      parts: [[], []],
      nextPage: null,
      coverage: null,
    })
    expect(gunzipSync(await nothing.gzipped('', '')).toString()).toBe(JSON.stringify(nothing))
  })

  test('are no older than the cursor of whoever is given them', async () => {
    const shared = new SharedPages(services.db)
    const readAfresh = async () => sharedPage([])
    const begun = await shared.oldest()
    const cursor = `${begun.epoch}:${begun.transaction}:${begun.number}`
    const kept = await shared.read('page', cursor, readAfresh)
    await services.rows('UPDATE users SET updated_at = NOW()')
    await services.rows('UPDATE users SET updated_at = NOW()')
    // Whoever comes now begins as early as the page that is kept; whoever insists on a later cursor reads anew.
    const now = await shared.oldest()
    expect(
      await shared.read('page', `${now.epoch}:${now.transaction}:${now.number}`, readAfresh),
    ).toBe(kept)
    const later = begun.transaction + 1_000_000n
    expect(await shared.read('page', `${begun.epoch}:${later}:0`, readAfresh)).not.toBe(kept)
  })
})

describe('admission', () => {
  let admission: LoadAdmission
  /** What became of a page that was asked for: told to come back in so many milliseconds, or let in. */
  const answers = new Map<string, 'in' | number>()
  const ask = async (session: string, isLast = false): Promise<void> => {
    answers.delete(session)
    await admission
      .page(
        session,
        async () => isLast,
        (last) => last,
      )
      .then(
        () => answers.set(session, 'in'),
        (error: unknown) =>
          answers.set(session, Number((error as Failure).details['retryAfterMs'])),
      )
  }
  const many = (count: number, name: string) =>
    Array.from({ length: count }, (_, n) => `${name}-${n}`)

  beforeEach(async () => {
    admission = new LoadAdmission(createMetrics())
    answers.clear()
    for (const session of many(32, 'first')) await ask(session)
  })
  afterEach(() => admission.stop())

  test('carries so many loads at a time; who is next waits here, and everybody else is told when to come back', async () => {
    for (const session of many(400, 'later')) void ask(session)
    await eventually(() => expect(answers.size).toBe(32 + 400 - 64))
    expect(many(64, 'later').some((session) => answers.has(session))).toBe(false)
    const waits = many(400, 'later')
      .slice(64)
      .map((session) => Number(answers.get(session)))
    expect(waits.every((ms) => ms >= 1000)).toBe(true)
    expect(waits.at(-1)).toBeGreaterThan(waits[0] ?? 0)
    // Who is under way goes on, however many wait.
    await ask('first-0')
    expect(answers.get('first-0')).toBe('in')
  })

  test('lets them in in the order in which they came, as soon as a place is free', async () => {
    for (const session of many(3, 'later')) void ask(session)
    await ask('first-0', true)
    await eventually(() => expect(answers.get('later-0')).toBe('in'))
    expect(answers.has('later-1')).toBe(false)
    await ask('first-1', true)
    await eventually(() => expect(answers.get('later-1')).toBe('in'))
    await ask('later-1', true)
    await eventually(() => expect(answers.get('later-2')).toBe('in'))
    // Nobody waits: whoever comes now finds the place that is left.
    await ask('later-2', true)
    await ask('new')
    expect(answers.get('new')).toBe('in')
  })

  test('keeps the place of who comes back in time: who has come anew makes room for them', async () => {
    for (const session of many(66, 'later')) void ask(session)
    await eventually(() => expect(answers.get('later-65')).toEqual(expect.any(Number)))
    await ask('first-0', true)
    await eventually(() => expect(answers.get('later-0')).toBe('in'))
    void ask('new')
    void ask('later-65')
    await eventually(() => expect(answers.get('new')).toEqual(expect.any(Number)))
    expect(answers.has('later-65')).toBe(false)
  })

  test('sends away who waits when the process ends', async () => {
    void ask('later')
    admission.stop()
    await eventually(() => expect(answers.get('later')).toEqual(expect.any(Number)))
  })
})

/** What a workstation would hold that follows from here on. */
async function followed(actor: SessionActor, cursor: string, items: readonly FeedItem[]) {
  const conversations = new Map<string, ConversationRow>()
  const messages = new Set<string>()
  const take = (item: FeedItem): void => {
    if (item.op === 'put' && item.kind === 'conversation') {
      const known = conversations.get(item.row.id)
      if (known === undefined || known.version < item.row.version)
        conversations.set(item.row.id, item.row)
    }
    if (item.op === 'put' && item.kind === 'message') messages.add(item.row.id)
    if (item.op === 'remove' && item.kind === 'conversation') conversations.delete(item.id)
  }
  items.forEach(take)
  const ending = new AbortController()
  const reading = (async () => {
    for await (const { message } of feed.follow(actor, cursor, ending.signal)) {
      if (message.type === 'batch') message.batch.items.forEach(take)
    }
  })()
  return {
    conversations,
    messages,
    stop: () => {
      ending.abort()
      void reading
    },
  }
}
