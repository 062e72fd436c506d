import { type BootstrapPage, type FeedItem, type FeedMessage } from '@parley/contracts'
import { type Role } from '@parley/domain'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { KINDS } from '../../features.ts'
import { type SessionActor } from '../../platform/actor.ts'
import { Database, type Queryable } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { type Statement } from '../../platform/sql.ts'
import { createBareServices, type BareServices } from '../../testing/bare-services.ts'
import { eventually } from '../../testing/test-server.ts'
import { FeedHub } from './feed-hub.ts'
import { currentPosition, positionBefore, readChanges } from './feed.queries.ts'
import { toCursor } from './position.ts'

let bare: BareServices
let services: Services
let feed: FeedHub
let ours: string
let theirs: string
/** What was asked of the database. */
let asked: string[] = []

class Watched extends Database {
  override many<Row>(statement: Statement): Promise<Row[]> {
    asked.push(statement.text)
    return super.many<Row>(statement)
  }
}

beforeAll(async () => {
  bare = await createBareServices()
  services = { ...bare, db: new Watched(bare.database.pool) }
})
afterAll(() => bare.database.drop())
beforeEach(async () => {
  ours = await bare.addTeam()
  theirs = await bare.addTeam()
  feed = await FeedHub.start(services, KINDS)
})
afterEach(() => feed.stop())

async function actorOf(role: Role, ...teamIds: string[]): Promise<SessionActor> {
  const userId = await bare.addPerson(role, 'online', teamIds)
  const [session] = await bare.rows<{ id: string }>(
    `WITH device AS (INSERT INTO devices (id, name, platform) VALUES (gen_random_uuid(), 'test', 'linux') RETURNING id)
     INSERT INTO sessions (id, user_id, device_id) SELECT new_id(), $1, id FROM device RETURNING id`,
    [userId],
  )
  return { userId, role, teamIds, sessionId: session?.id as string }
}

async function cursorNow(): Promise<string> {
  return eventually(async () => {
    const position = await currentPosition(bare.db)
    const { changes, hasUnreadable } = await readChanges(bare.db, position, 1)
    if (changes.length > 0 || hasUnreadable) throw new Error('a writer is still open')
    return toCursor(position)
  })
}

/** A workstation's line, until it is cut. */
function follow(actor: SessionActor, cursor: string, at: FeedHub = feed) {
  const items: FeedItem[] = []
  const messages: { cursor: string; message: FeedMessage }[] = []
  const ending = new AbortController()
  const reading = (async () => {
    for await (const delivered of at.follow(actor, cursor, ending.signal)) {
      messages.push(delivered)
      if (delivered.message.type === 'batch') items.push(...delivered.message.batch.items)
    }
  })()
  return {
    items,
    messages,
    get cursor() {
      return messages.at(-1)?.cursor as string
    },
    live: () =>
      eventually(() => expect(messages.some(({ message }) => message.type === 'live')).toBe(true)),
    async end() {
      ending.abort()
      await reading
    },
  }
}

const put = (items: readonly FeedItem[], kind: string): string[] =>
  items.flatMap((item) => (item.op === 'put' && item.kind === kind ? [item.row.id] : []))
const removed = (items: readonly FeedItem[], kind: string): string[] =>
  items.flatMap((item) => (item.op === 'remove' && item.kind === kind ? [item.id] : []))

const queued = (team: string) =>
  bare.addConversation({ team_id: team, status: 'queued', queued_at: new Date() })

describe('who comes back', () => {
  test('a short while later is served from memory, and so is everybody after a restart', async () => {
    const agent = await actorOf('agent', ours)
    const before = await cursorNow()
    const missed = [await queued(ours), await queued(ours), await queued(theirs)]
    await feed.stop()
    // A process that has just begun has seen nothing of it.
    feed = await FeedHub.start(services, KINDS)
    const first = follow(agent, before)
    await first.live()
    const loads = () =>
      asked.filter((text) => text.includes('FROM conversations c WHERE c.id = ANY')).length
    const read = loads()
    const others = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const other = follow(await actorOf('agent', ours), before)
        await other.live()
        return other
      }),
    )
    for (const { items } of [first, ...others]) {
      for (const { id } of missed.slice(0, 2)) expect(put(items, 'conversation')).toContain(id)
      expect(put(items, 'conversation')).not.toContain(missed[2]?.id)
    }
    // What twenty others missed was read for the first, but for what has happened since.
    expect(loads() - read).toBeLessThan(20)
    for (const each of [first, ...others]) await each.end()
  })

  test('is shown nothing that has left their reach since, though it was theirs when it changed', async () => {
    const agent = await actorOf('agent', ours)
    const watching = follow(await actorOf('supervisor'), await cursorNow())
    await watching.live()
    const before = await cursorNow()
    const { id } = await queued(ours)
    await eventually(() => expect(put(watching.items, 'conversation')).toContain(id))
    await bare.rows('UPDATE conversations SET team_id = $2 WHERE id = $1', [id, theirs])
    await eventually(() =>
      expect(put(watching.items, 'conversation').filter((one) => one === id)).toHaveLength(2),
    )
    const late = follow(agent, before)
    await late.live()
    expect(put(late.items, 'conversation')).not.toContain(id)
    expect(removed(late.items, 'conversation')).toContain(id)
    for (const each of [watching, late]) await each.end()
  })

  test('after a long time, reads with the others who do, and misses nothing', async () => {
    const before = await cursorNow()
    const { id, customerId } = await queued(ours)
    // More than a process remembers.
    for (let n = 0; n < 12; n++) {
      await bare.rows(
        `UPDATE conversations SET updated_at = NOW() FROM generate_series(1, 1) WHERE customer_id = $1`,
        [customerId],
      )
    }
    await bare.rows(
      `INSERT INTO changes (entity, entity_id, version, team_after)
       SELECT 'conversation', gen_random_uuid(), 1, $1 FROM generate_series(1, 6000)`,
      [theirs],
    )
    const last = await queued(ours)
    const people = await Promise.all(Array.from({ length: 10 }, () => actorOf('agent', ours)))
    const begin = await positionBefore(bare.db, 5_000)
    expect(begin.transaction).toBeGreaterThan(BigInt(before.split(':')[1] as string))
    asked = []
    const all = people.map((person) => follow(person, before))
    await Promise.all(all.map((one) => one.live()))
    for (const { items } of all) {
      expect(put(items, 'conversation')).toContain(id)
      expect(put(items, 'conversation')).toContain(last.id)
    }
    const reads = asked.filter((text) => text.includes('FROM changes')).length
    // Each by itself would be thirteen reads for each of ten.
    expect(reads).toBeLessThan(60)
    for (const one of all) await one.end()
  })

  test('follows on two processes in turn, and nothing is missed on the way', async () => {
    const agent = await actorOf('agent', ours)
    const other = await FeedHub.start(services, KINDS)
    let line = follow(agent, await cursorNow())
    await line.live()
    const ids: string[] = []
    const items: FeedItem[] = []
    for (let turn = 0; turn < 6; turn++) {
      ids.push((await queued(ours)).id)
      // Presence is held back while conversations pass it by.
      await bare.rows(`UPDATE agent_presence SET capacity = capacity + 1 WHERE user_id = $1`, [
        agent.userId,
      ])
      ids.push((await queued(ours)).id)
      await eventually(() =>
        expect(put([...items, ...line.items], 'conversation')).toContain(ids.at(-1)),
      )
      const { cursor } = line
      await line.end()
      items.push(...line.items)
      line = follow(agent, cursor, turn % 2 === 0 ? other : feed)
    }
    await line.live()
    const capacity = async () =>
      (
        await bare.rows<{ capacity: number }>(
          'SELECT capacity FROM agent_presence WHERE user_id = $1',
          [agent.userId],
        )
      )[0]?.capacity
    const now = await capacity()
    await eventually(() => {
      const told = [...items, ...line.items].flatMap((item) =>
        item.op === 'put' && item.kind === 'presence' && item.row.id === agent.userId
          ? [item.row.capacity]
          : [],
      )
      expect(told.at(-1)).toBe(now)
    })
    expect(new Set(put([...items, ...line.items], 'conversation'))).toEqual(new Set(ids))
    await line.end()
    await other.stop()
  })
})

describe('presence', () => {
  test('is told to one’s own teams and to who sees all, once for all changes of a second', async () => {
    const [ana, near, far, supervisor, ofNone] = [
      await actorOf('agent', ours),
      await actorOf('agent', ours),
      await actorOf('agent', theirs),
      await actorOf('supervisor'),
      await actorOf('agent'),
    ]
    const cursor = await cursorNow()
    const lines = [ana, near, far, supervisor, ofNone].map((actor) => follow(actor, cursor))
    for (const line of lines) await line.live()
    for (let n = 0; n < 30; n++) {
      await bare.rows('UPDATE agent_presence SET capacity = $2 WHERE user_id = $1', [ana.userId, n])
    }
    const told = ({ items }: { items: FeedItem[] }) =>
      items.flatMap((item) =>
        item.op === 'put' && item.kind === 'presence' && item.row.id === ana.userId
          ? [item.row.capacity]
          : [],
      )
    const [own, colleague, stranger, over, nobody] = lines as [Line, Line, Line, Line, Line]
    for (const line of [own, colleague, over])
      await eventually(() => expect(told(line).at(-1)).toBe(29))
    for (const line of [own, colleague, over]) expect(told(line).length).toBeLessThan(10)
    expect([told(stranger), told(nobody)]).toEqual([[], []])
    expect(removed(stranger.items, 'presence')).toEqual([])
    for (const line of lines) await line.end()
  })

  test('comes with who joins one’s team, and goes with who leaves it', async () => {
    const [ana, watcher] = [await actorOf('agent', theirs), await actorOf('agent', ours)]
    const line = follow(watcher, await cursorNow())
    await line.live()
    await bare.rows('INSERT INTO team_memberships (user_id, team_id) VALUES ($1, $2)', [
      ana.userId,
      ours,
    ])
    await eventually(() => expect(put(line.items, 'presence')).toContain(ana.userId))
    expect(removed(line.items, 'presence')).not.toContain(ana.userId)
    await bare.rows('DELETE FROM team_memberships WHERE user_id = $1 AND team_id = $2', [
      ana.userId,
      ours,
    ])
    await eventually(() => expect(removed(line.items, 'presence')).toContain(ana.userId))
    await line.end()
  })

  test('of a load is that of one’s teams; a supervisor’s has everybody’s', async () => {
    const [ana, near, far] = [
      await actorOf('agent', ours),
      await actorOf('agent', ours),
      await actorOf('agent', theirs),
    ]
    const loaded = async (actor: SessionActor) => {
      const ids: string[] = []
      let page: string | null = null
      do {
        const answer: BootstrapPage = (await feed.bootstrap(actor, page)).toJSON()
        ids.push(...put(answer.items, 'presence'))
        page = answer.nextPage
      } while (page !== null)
      return ids.toSorted()
    }
    expect(await loaded(ana)).toEqual([ana.userId, near.userId].toSorted())
    expect(await loaded({ ...far, teamIds: [] })).toEqual([far.userId])
    expect(await loaded(await actorOf('supervisor'))).toEqual(
      expect.arrayContaining([ana.userId, near.userId, far.userId]),
    )
  })
})

describe('presence that is held back for the others of its second', () => {
  const capacities = (items: readonly FeedItem[], userId: string): number[] =>
    items.flatMap((item) =>
      item.op === 'put' && item.kind === 'presence' && item.row.id === userId
        ? [item.row.capacity]
        : [],
    )

  let watching: Line
  afterEach(() => watching.end())

  /** Somebody's presence changes, and right behind it a conversation is begun that passes it by. */
  async function passedBy() {
    const begin = await cursorNow()
    const [ana, agent] = [await actorOf('agent', ours), await actorOf('agent', ours)]
    watching = follow(await actorOf('supervisor'), begin)
    await watching.live()
    // That they are here at all is held back, too.
    await eventually(() => expect(put(watching.items, 'presence')).toContain(agent.userId))
    const before = await cursorNow()
    await bare.rows('UPDATE agent_presence SET capacity = 77 WHERE user_id = $1', [ana.userId])
    const { id } = await queued(ours)
    await eventually(() => expect(put(watching.items, 'conversation')).toContain(id))
    return { ana, agent, before }
  }

  test('is not lost to who is told that they are current meanwhile, and whose line breaks then', async () => {
    const { ana, agent, before } = await passedBy()
    const first = follow(agent, before)
    await first.live()
    expect(capacities(first.items, ana.userId)).toEqual([])
    // tRPC goes on by itself from the last message that came, whatever it was: see `lastEventId`.
    const { cursor } = first
    await first.end()
    await eventually(() => expect(capacities(watching.items, ana.userId)).toContain(77))
    await watching.end()
    watching = follow(agent, cursor)
    await watching.live()
    await eventually(() => expect(capacities(watching.items, ana.userId)).toEqual([77]))
  })

  test('is not lost to who reads so slowly that what is remembered has gone meanwhile', async () => {
    const { ana, agent, before } = await passedBy()
    const ending = new AbortController()
    const slow = feed.follow(agent, before, ending.signal)
    const items: FeedItem[] = []
    while (put(items, 'conversation').length === 0) {
      const { value } = await slow.next()
      if (value?.message.type === 'batch') items.push(...value.message.batch.items)
    }
    expect(capacities(items, ana.userId)).toEqual([])
    await eventually(() => expect(capacities(watching.items, ana.userId)).toContain(77))
    await bare.rows(
      `INSERT INTO changes (entity, entity_id, version, team_after)
       SELECT 'conversation', gen_random_uuid(), 1, $1 FROM generate_series(1, 6000)`,
      [theirs],
    )
    const { id } = await queued(ours)
    await eventually(() => expect(put(watching.items, 'conversation')).toContain(id))
    while (!put(items, 'conversation').includes(id)) {
      const { value } = await slow.next()
      if (value?.message.type === 'batch') items.push(...value.message.batch.items)
    }
    await slow.return()
    expect(capacities(items, ana.userId)).toContain(77)
  })
})

type Line = ReturnType<typeof follow>

test('whatever waits behind an older writer is not looked at again and again', async () => {
  const position = await currentPosition(bare.db)
  const writer = await bare.database.pool.connect()
  await writer.query('BEGIN')
  await writer.query('SELECT pg_current_xact_id()')
  await bare.rows(
    `INSERT INTO changes (entity, entity_id, version) SELECT 'conversation', gen_random_uuid(), 1 FROM generate_series(1, 5000)`,
  )
  let returned = 0
  const db: Queryable = {
    one: (statement) => bare.db.one(statement),
    maybe: (statement) => bare.db.maybe(statement),
    run: (statement) => bare.db.run(statement),
    async many<Row>(statement: Statement) {
      const rows = await bare.db.many<Row>(statement)
      returned += rows.length
      return rows
    },
  }
  const { changes, hasUnreadable, lagSeconds } = await readChanges(db, position, 500)
  expect([changes.length <= 500, hasUnreadable, lagSeconds >= 0]).toEqual([true, true, true])
  expect(returned).toBeLessThanOrEqual(changes.length + 1)
  await writer.query('ROLLBACK')
  writer.release()
})
