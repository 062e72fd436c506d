import { once } from 'node:events'

import { feedBatch, type FeedItem, type FeedMessage } from '@parley/contracts'
import { createPool } from '@parley/database'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'

import { conversationOf, newCustomer, stateOf, write } from '../../testing/conversations.ts'
import {
  connect,
  eventually,
  newId,
  signIn,
  startTestServer,
  type TestClient,
  type TestPerson,
  type TestServer,
} from '../../testing/test-server.ts'
import { bootstrapAll } from '../../testing/workstations.ts'
import { parseCursor } from './position.ts'

let server: TestServer
let admin: TestClient

beforeAll(async () => {
  server = await startTestServer()
  admin = await server.signIn(await server.addPerson({ role: 'admin', teamIds: [] }))
})
afterAll(async () => {
  admin.close()
  await server.stop()
})

/** A workstation's side of the feed: everything received, and where it stands. */
class Reader {
  readonly items: FeedItem[] = []
  readonly messages: FeedMessage[] = []
  cursor: string
  #subscription: { unsubscribe(): void } | null = null
  readonly #client: TestClient

  constructor(client: TestClient, cursor: string) {
    this.#client = client
    this.cursor = cursor
  }

  follow(): this {
    this.#subscription = this.#client.trpc.sync.feed.subscribe(
      { cursor: this.cursor },
      {
        onData: ({ data }) => {
          this.messages.push(data)
          if (data.type !== 'batch') return
          feedBatch.parse(data.batch)
          this.cursor = data.batch.cursor
          this.items.push(...data.batch.items)
        },
      },
    )
    return this
  }

  stop(): void {
    this.#subscription?.unsubscribe()
  }

  puts(kind: string): { id: string; version: number }[] {
    return this.items.flatMap((item) =>
      item.op === 'put' && item.kind === kind
        ? [{ id: item.row.id, version: item.row.version }]
        : [],
    )
  }

  /** Rows of a kind, each once: the feed may bring a row again, which changes nothing. */
  rows(kind: string): string[] {
    return [...new Set(this.puts(kind).map(({ id }) => id))]
  }

  sees(id: string): boolean {
    let visible = false
    for (const item of this.items) {
      if (item.op === 'put' && item.row.id === id) visible = true
      if (item.op === 'remove' && item.id === id) visible = false
    }
    return visible
  }

  async live(): Promise<this> {
    await eventually(() => expect(this.messages.some(({ type }) => type === 'live')).toBe(true))
    return this
  }
}

async function readerOf(person: TestPerson): Promise<{ reader: Reader; client: TestClient }> {
  const client = await server.signIn(person)
  const { cursor } = await client.trpc.sync.bootstrap.query({ page: null })
  const reader = await new Reader(client, cursor as string).follow().live()
  return { reader, client }
}

/** Without capacity, so that routing leaves the queue alone. */
const agentOf = (...teamIds: string[]): Promise<TestPerson> =>
  server.addPerson({ role: 'agent', teamIds, capacity: 0 })

/** A connection of its own, for transactions that stay open. */
async function slowWriter() {
  const pool = createPool(server.database.connectionString, { maxConnections: 1 })
  const client = await pool.connect()
  return {
    query: (text: string, values?: unknown[]) => client.query(text, values),
    async stop() {
      client.release()
      await pool.end()
    },
  }
}

describe('the feed', () => {
  test('delivers what commits late, though later numbers were delivered before', async () => {
    const { reader, client } = await readerOf(await agentOf(server.teams.sales))
    const conversation = await conversationOf(
      server,
      await write(server, newCustomer(), 'quiero comprar'),
    )
    await eventually(() => expect(reader.sees(conversation.id)).toBe(true))

    const slow = await slowWriter()
    await slow.query('BEGIN')
    const { rows } = await slow.query(
      `INSERT INTO messages (conversation_id, direction, sender_type, content_text)
       VALUES ($1, 'inbound', 'customer', 'tarde') RETURNING id`,
      [conversation.id],
    )
    const late = rows[0].id as string
    // Whoever writes meanwhile commits, and stays unreadable until the slow one is done.
    const quick = await conversationOf(
      server,
      await write(server, newCustomer(), 'precio por favor'),
    )
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(reader.sees(quick.id)).toBe(false)
    await slow.query('COMMIT')
    await eventually(() => {
      expect(reader.sees(late)).toBe(true)
      expect(reader.sees(quick.id)).toBe(true)
    })
    await slow.stop()
    reader.stop()
    client.close()
  })

  test('passes over what a newer server has written of kinds unknown to this one', async () => {
    const { reader, client } = await readerOf(await agentOf(server.teams.sales))
    await server.database.pool.query(
      `INSERT INTO changes (entity, entity_id, version, everyone)
       VALUES ('of_the_future', gen_random_uuid(), 1, TRUE)`,
    )
    const one = await conversationOf(server, await write(server, newCustomer(), 'quiero comprar'))
    await eventually(() => expect(reader.sees(one.id)).toBe(true))
    expect(reader.messages.every(({ type }) => type !== 'reset')).toBe(true)
    reader.stop()
    client.close()
  })

  test('is not held up by who only reads, nor by an aborted writer', async () => {
    const { reader, client } = await readerOf(await agentOf(server.teams.sales))
    const slow = await slowWriter()
    await slow.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
    await slow.query('SELECT COUNT(*) FROM conversations')
    const one = await conversationOf(server, await write(server, newCustomer(), 'quiero comprar'))
    await eventually(() => expect(reader.sees(one.id)).toBe(true))
    await slow.query('ROLLBACK')
    await slow.query('BEGIN')
    await slow.query(`UPDATE teams SET description = 'x' WHERE slug = 'sales'`)
    const two = await conversationOf(server, await write(server, newCustomer(), 'quiero comprar'))
    await slow.query('ROLLBACK')
    await eventually(() => expect(reader.sees(two.id)).toBe(true))
    await slow.stop()
    reader.stop()
    client.close()
  })

  test('ends with the newest version, though the lower transaction wrote last', async () => {
    const { reader, client } = await readerOf(await agentOf(server.teams.sales))
    const { id } = await conversationOf(
      server,
      await write(server, newCustomer(), 'quiero comprar'),
    )
    const low = await slowWriter()
    const high = await slowWriter()
    await low.query('BEGIN')
    await low.query(`SELECT pg_current_xact_id()`)
    await high.query('BEGIN')
    await high.query(`UPDATE conversations SET priority = 'high' WHERE id = $1`, [id])
    const waiting = low.query(`UPDATE conversations SET priority = 'urgent' WHERE id = $1`, [id])
    await high.query('COMMIT')
    await waiting
    await low.query('COMMIT')
    await eventually(() => {
      const rows = reader.items.flatMap((item) =>
        item.op === 'put' && item.kind === 'conversation' && item.row.id === id ? [item.row] : [],
      )
      const newest = rows.reduce((a, b) => (b.version > a.version ? b : a))
      expect(newest.priority).toBe('urgent')
    })
    await low.stop()
    await high.stop()
    reader.stop()
    client.close()
  })

  test('loses nothing under many writers, and nothing after a resume', async () => {
    const { reader, client } = await readerOf(await agentOf(server.teams.sales))
    const { id } = await conversationOf(
      server,
      await write(server, newCustomer(), 'quiero comprar'),
    )
    const pool = createPool(server.database.connectionString, { maxConnections: 12 })
    const inserted: string[] = []
    const writeSome = async (): Promise<void> => {
      for (let index = 0; index < 20; index++) {
        const connection = await pool.connect()
        await connection.query('BEGIN')
        const { rows } = await connection.query(
          `INSERT INTO messages (conversation_id, direction, sender_type, content_text)
           VALUES ($1, 'inbound', 'customer', 'x') RETURNING id`,
          [id],
        )
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 15))
        await connection.query('COMMIT')
        connection.release()
        inserted.push(rows[0].id as string)
      }
    }
    const writing = Promise.all(Array.from({ length: 12 }, writeSome))
    // The line breaks again and again while they write.
    for (let index = 0; index < 6; index++) {
      await new Promise((resolve) => setTimeout(resolve, 60))
      reader.stop()
      reader.follow()
    }
    await writing
    await eventually(() => {
      const seen = new Set(reader.rows('message'))
      expect(inserted.filter((message) => !seen.has(message))).toEqual([])
    })
    await pool.end()
    reader.stop()
    client.close()
  })

  test('holds back for who reads slowly, and brings them up again from the database', async () => {
    const lines: WebSocket[] = []
    const Line = function (url: string): WebSocket {
      const line = new WebSocket(url)
      lines.push(line)
      return line
    }
    const person = await agentOf(server.teams.sales)
    const signedIn = await server.signIn(person)
    const client = connect(server.url, signedIn.accessToken, signedIn.sessionId, '', {
      WebSocket: Object.assign(Line, WebSocket) as unknown as typeof globalThis.WebSocket,
    })
    const { cursor } = await client.trpc.sync.bootstrap.query({ page: null })
    const reader = await new Reader(client, cursor as string).follow().live()
    const { id } = await conversationOf(
      server,
      await write(server, newCustomer(), 'quiero comprar'),
    )
    await eventually(() => expect(reader.sees(id)).toBe(true))
    const other = await readerOf(person)

    for (const line of lines) line.pause()
    // More than the buffers of any system hold, and more changes than a process remembers.
    let written = 0
    for (let batch = 0; batch < 80; batch++) {
      const { rowCount } = await server.database.pool.query(
        `INSERT INTO messages (conversation_id, direction, sender_type, content_text)
         SELECT $1, 'inbound', 'customer', repeat('larga ', CASE WHEN n < 10 THEN 3000 ELSE 1 END)
         FROM generate_series(1, 110) AS n`,
        [id],
      )
      await server.database.pool.query(`NOTIFY parley_feed`)
      written += rowCount ?? 0
      await eventually(() => expect(other.reader.rows('message').length).toBe(written))
    }
    expect(reader.rows('message').length).toBeLessThan(written)
    for (const line of lines) line.resume()
    await eventually(() => expect(reader.rows('message').length).toBe(written + 1))
    const metrics = await (await fetch(server.metricsUrl)).text()
    expect(metrics).toMatch(/^parley_feed_readers_behind_total [1-9]/m)
    expect(reader.messages.filter(({ type }) => type === 'live')).toHaveLength(1)
    for (const one of [reader, other.reader]) one.stop()
    for (const one of [client, signedIn, other.client]) one.close()
  }, 60_000)

  test('resumes at its place: nothing missed, and nothing again once what is held back has been given', async () => {
    const person = await agentOf(server.teams.sales)
    const { reader, client } = await readerOf(person)
    // Their own coming is held for a second, and whoever left before that would begin before it again.
    await eventually(() => expect(reader.rows('presence')).toContain(person.id))
    const before = await conversationOf(
      server,
      await write(server, newCustomer(), 'quiero comprar'),
    )
    const versionsIn = (some: Reader) =>
      some.puts('conversation').flatMap((row) => (row.id === before.id ? [row.version] : []))
    await eventually(async () => {
      const { rows } = await server.database.pool.query<Record<string, unknown>>(
        `SELECT status, version::int,
                (SELECT MAX(transaction)::text FROM changes WHERE entity_id = c.id) AS transaction
         FROM conversations c WHERE id = $1`,
        [before.id],
      )
      expect(rows).toMatchObject([{ status: 'queued', version: versionsIn(reader).at(-1) }])
      const place = parseCursor(reader.cursor)?.transaction ?? 0n
      expect(place >= BigInt(rows[0]?.['transaction'] as string)).toBe(true)
    })
    reader.stop()
    const given = versionsIn(reader).at(-1) as number
    const missed = await conversationOf(
      server,
      await write(server, newCustomer(), 'precio por favor'),
    )
    const resumed = new Reader(client, reader.cursor).follow()
    await eventually(() => expect(resumed.sees(missed.id)).toBe(true))
    // It may have changed since; as it was it does not come again.
    expect(versionsIn(resumed).filter((version) => version <= given)).toEqual([])
    resumed.stop()
    client.close()
  })

  test('refuses a place it does not know with a reset, and names why', async () => {
    const client = await server.signIn(await agentOf(server.teams.sales))
    const { cursor } = await client.trpc.sync.bootstrap.query({ page: null })
    const [epoch, transaction] = (cursor as string).split(':') as [string, string]
    const resetFor = async (place: string): Promise<string | null> => {
      const reader = new Reader(client, place).follow()
      await eventually(() => expect(reader.messages.length).toBeGreaterThan(0))
      reader.stop()
      const [first] = reader.messages
      return first?.type === 'reset' ? first.reason : null
    }
    expect(await resetFor(`${newId()}:${transaction}:1`)).toBe('new_epoch')
    expect(await resetFor(`${epoch}:${BigInt(transaction) + 100000n}:1`)).toBe('unknown_cursor')
    await server.database.pool.query(`UPDATE feed_state SET horizon = $1::xid8`, [transaction])
    expect(await resetFor(`${epoch}:${BigInt(transaction) - 1n}:1`)).toBe('cursor_too_old')
    await server.database.pool.query(`UPDATE feed_state SET horizon = '0'`)
    client.close()
  })

  test('tells a person which of their own intents took effect, and nobody else', async () => {
    const person = await agentOf(server.teams.sales)
    const { reader, client } = await readerOf(person)
    const other = await readerOf(await agentOf(server.teams.sales))
    const { id } = await conversationOf(
      server,
      await write(server, newCustomer(), 'quiero comprar'),
    )
    const intentId = newId()
    await client.trpc.conversations.claim.mutate({ intentId, conversationId: id })
    const acknowledged = ({ items }: Reader): string[] =>
      items.flatMap((item) => (item.op === 'acknowledge' ? [item.intentId] : []))
    await eventually(() => expect(acknowledged(reader)).toEqual([intentId]))
    await eventually(() => expect(other.reader.sees(id)).toBe(true))
    expect(acknowledged(other.reader)).toEqual([])
    for (const { reader: some, client: line } of [{ reader, client }, other]) {
      some.stop()
      line.close()
    }
  })
})

describe('visibility', () => {
  test('is one’s teams; a transfer away removes, a transfer in brings all that was said', async () => {
    const seller = await readerOf(await agentOf(server.teams.sales))
    const supporter = await readerOf(await agentOf(server.teams.support))
    const supervisor = await readerOf(await server.addPerson({ role: 'supervisor', teamIds: [] }))
    const customer = newCustomer()
    const { id } = await conversationOf(server, await write(server, customer, 'quiero comprar'))
    await write(server, customer, 'y además')
    await eventually(() => {
      expect(seller.reader.sees(id)).toBe(true)
      expect(seller.reader.rows('message')).toHaveLength(2)
      expect(supervisor.reader.sees(id)).toBe(true)
    })
    expect(supporter.reader.sees(id)).toBe(false)
    expect(supporter.reader.puts('message')).toEqual([])

    await admin.trpc.conversations.transfer.mutate({
      intentId: newId(),
      conversationId: id,
      to: { kind: 'team', teamId: server.teams.support },
    })
    await eventually(() => {
      expect(seller.reader.sees(id)).toBe(false)
      expect(supporter.reader.sees(id)).toBe(true)
      expect(supporter.reader.rows('message')).toHaveLength(2)
      expect(supporter.reader.rows('customer')).toHaveLength(1)
    })
    await write(server, customer, 'esto ya no es de ventas')
    await eventually(() => expect(supporter.reader.rows('message')).toHaveLength(3))
    expect(seller.reader.rows('message')).toHaveLength(2)
    for (const { reader, client } of [seller, supporter, supervisor]) {
      reader.stop()
      client.close()
    }
  })

  test('follows a change of teams at once', async () => {
    const person = await agentOf(server.teams.sales)
    const { reader, client } = await readerOf(person)
    await admin.trpc.people.setTeams.mutate({ userId: person.id, teamIds: [server.teams.support] })
    await eventually(() => {
      const access = reader.items.filter((item) => item.op === 'access').at(-1)
      expect(access).toMatchObject({ teamIds: [server.teams.support] })
    })
    const sale = await conversationOf(server, await write(server, newCustomer(), 'quiero comprar'))
    const problem = await conversationOf(
      server,
      await write(server, newCustomer(), 'tengo un error'),
    )
    await eventually(() => expect(reader.sees(problem.id)).toBe(true))
    expect(reader.sees(sale.id)).toBe(false)
    reader.stop()
    client.close()
  })

  test('of the initial load is the same, page by page', async () => {
    const person = await agentOf(server.teams.support)
    const client = await server.signIn(person)
    const items = await bootstrapAll(client)
    const { rows } = await server.database.pool.query<{ id: string; team_id: string | null }>(
      'SELECT id, team_id FROM conversations',
    )
    const mine = rows.filter(({ team_id }) => team_id === server.teams.support).map(({ id }) => id)
    const loaded = items.flatMap((item) =>
      item.op === 'put' && item.kind === 'conversation' ? [item.row.id] : [],
    )
    expect(loaded.toSorted()).toEqual(mine.toSorted())
    const conversations = new Set(loaded)
    for (const item of items) {
      if (item.op === 'put' && item.kind === 'message')
        expect(conversations).toContain(item.row.conversationId)
    }
    client.close()
  })
})

describe('presence', () => {
  test('comes with the connection and is shown to their team', async () => {
    const watcher = await readerOf(await agentOf(server.teams.sales))
    const person = await agentOf(server.teams.sales)
    const { reader, client } = await readerOf(person)
    await eventually(() => {
      const shown = watcher.reader.items.flatMap((item) =>
        item.op === 'put' && item.kind === 'presence' && item.row.id === person.id
          ? [item.row.status]
          : [],
      )
      expect(shown.at(-1)).toBe('online')
    })
    reader.stop()
    client.close()
    watcher.reader.stop()
    watcher.client.close()
  })
})

test('what one server process takes in, another is woken for and delivers like the first', async () => {
  const other = await server.startAnother()
  const person = await agentOf(server.teams.sales)
  const here = await signIn(server.url, person)
  const there = await signIn(other.url, person)
  const { cursor } = await here.trpc.sync.bootstrap.query({ page: null })
  const own = await new Reader(here, cursor as string).follow().live()
  const others = await new Reader(there, cursor as string).follow().live()
  const listening = await server.database.pool.connect()
  await listening.query('LISTEN parley_feed')
  const woken = once(listening, 'notification')

  const took = { own: 0, others: 0 }
  for (let turn = 0; turn < 6; turn++) {
    const began = performance.now()
    const { id } = await conversationOf(
      server,
      await write(server, newCustomer(), 'quiero comprar'),
    )
    const until = async (reader: Reader): Promise<number> => {
      await eventually(() => expect(reader.sees(id)).toBe(true))
      return performance.now() - began
    }
    const [ownMs, othersMs] = await Promise.all([until(own), until(others)])
    took.own += ownMs
    took.others += othersMs
  }
  await woken
  // By its sweep alone it would be half a second later each time.
  expect(took.others).toBeLessThan(2.5 * took.own)
  listening.release(true)
  own.stop()
  others.stop()
  here.close()
  there.close()
  await other.stop()
})

test('a server that stops takes nothing with it: what it accepted is there after the restart', async () => {
  const ids = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      write(server, newCustomer(), `quiero comprar ${index}`),
    ),
  )
  await server.restart()
  for (const id of ids) {
    const conversation = await conversationOf(server, id)
    expect((await stateOf(server, conversation.id)).team_id).toBe(server.teams.sales)
  }
})
