import { type FeedItem, type ReadMark, type ReadMarkRow } from '@parley/contracts'
import { type Role } from '@parley/domain'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import {
  codeOf,
  conversationOf,
  newCustomer,
  write,
  type TestCustomer,
} from '../../testing/conversations.ts'
import {
  eventually,
  newId,
  startTestServer,
  type TestClient,
  type TestPerson,
  type TestServer,
} from '../../testing/test-server.ts'

let server: TestServer
const clients: TestClient[] = []

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(async () => {
  for (const client of clients) client.close()
  await server.stop()
})

/** Without capacity, so that routing leaves the queue alone. */
const person = (role: Role, ...teamIds: string[]): Promise<TestPerson> =>
  server.addPerson({ role, teamIds, capacity: 0 })

/** A device of theirs. */
async function signIn(who: TestPerson): Promise<TestClient> {
  const client = await server.signIn(who)
  clients.push(client)
  return client
}

interface Written {
  conversationId: string
  customer: TestCustomer
  /** Of the customer's messages, in their order. */
  seqs: number[]
}

async function written(words: number): Promise<Written> {
  const customer = newCustomer()
  const { id } = await conversationOf(server, await write(server, customer, 'quiero comprar'))
  for (let more = 1; more < words; more++) await write(server, customer, `y otra cosa ${more}`)
  return { conversationId: id, customer, seqs: await seqsOf(id, words) }
}

async function seqsOf(conversationId: string, count: number): Promise<number[]> {
  return eventually(async () => {
    const { rows } = await server.database.pool.query<{ seq: string }>(
      'SELECT seq FROM messages WHERE conversation_id = $1 ORDER BY seq',
      [conversationId],
    )
    expect(rows).toHaveLength(count)
    return rows.map(({ seq }) => Number(seq))
  })
}

const mark = async (client: TestClient, ...marks: ReadMark[]) =>
  (await client.trpc.reads.mark.mutate({ marks })).marks

const said = (rows: readonly ReadMarkRow[]) => rows.map(({ turn, seq }) => [turn, seq])

async function stored(who: TestPerson, conversationId: string): Promise<[number, number] | null> {
  const { rows } = await server.database.pool.query<{ turn: number; seq: string }>(
    'SELECT turn, seq FROM read_marks WHERE user_id = $1 AND conversation_id = $2',
    [who.id, conversationId],
  )
  const [row] = rows
  return row === undefined ? null : [row.turn, Number(row.seq)]
}

/** What a device has from its beginning, and is told. */
async function follow(client: TestClient) {
  const items: FeedItem[] = []
  let page: string | null = null
  let cursor = ''
  do {
    const answer: Awaited<ReturnType<typeof client.trpc.sync.bootstrap.query>> =
      await client.trpc.sync.bootstrap.query({ page })
    items.push(...answer.items)
    cursor = answer.cursor ?? cursor
    page = answer.nextPage
  } while (page !== null)
  client.trpc.sync.feed.subscribe(
    { cursor },
    { onData: ({ data }) => data.type === 'batch' && items.push(...data.batch.items) },
  )
  const marks = (): ReadMarkRow[] =>
    items.flatMap((item) => (item.op === 'put' && item.kind === 'read_mark' ? [item.row] : []))
  return {
    marks,
    /** As it was told last. */
    of: (conversationId: string) => {
      const row = marks().findLast((one) => one.conversationId === conversationId)
      return row === undefined ? null : [row.turn, row.seq]
    },
  }
}

describe('what somebody has read', () => {
  test('is read on their other device, and at their next sign-in', async () => {
    const who = await person('agent', server.teams.sales)
    const { conversationId, seqs } = await written(2)
    const [here, there] = [await signIn(who), await follow(await signIn(who))]
    await mark(here, { conversationId, turn: 0, seq: seqs[1] as number })
    await eventually(() => expect(there.of(conversationId)).toEqual([0, seqs[1]]))
    expect((await follow(await signIn(who))).of(conversationId)).toEqual([0, seqs[1]])
  })

  test('is nobody else’s to know', async () => {
    const [who, colleague] = [
      await person('agent', server.teams.sales),
      await person('admin', server.teams.sales),
    ]
    const { conversationId, seqs } = await written(1)
    const other = await follow(await signIn(colleague))
    const here = await signIn(who)
    await mark(here, { conversationId, turn: 0, seq: seqs[0] as number })
    // What comes after it in the feed has come.
    const theirs = await signIn(colleague)
    await mark(theirs, { conversationId, turn: 0, seq: seqs[0] as number })
    await eventually(() => expect(other.marks()).toHaveLength(1))
    expect(other.marks().map(({ userId }) => userId)).toEqual([colleague.id])
  })

  test('only ever grows, whatever comes late, twice or in another order', async () => {
    const who = await person('agent', server.teams.sales)
    const { conversationId, seqs } = await written(3)
    const [first, second, third] = seqs as [number, number, number]
    const here = await signIn(who)
    const at = (turn: number, seq: number) => mark(here, { conversationId, turn, seq })
    expect(said(await at(0, second))).toEqual([[0, second]])
    expect(said(await at(0, first))).toEqual([[0, second]])
    expect(said(await at(0, second))).toEqual([[0, second]])
    // Marked unread, which only what knows of it reads again.
    expect(said(await at(1, first))).toEqual([[1, first]])
    expect(said(await at(0, third))).toEqual([[1, first]])
    expect(said(await at(1, third))).toEqual([[1, third]])
    const { rows } = await server.database.pool.query(
      'SELECT version FROM read_marks WHERE user_id = $1',
      [who.id],
    )
    // What changes nothing is no news to anybody.
    expect(rows).toEqual([{ version: '3' }])
  })

  test('is the same at the end in every order of what two devices did, at once, too', async () => {
    const { conversationId, seqs } = await written(3)
    const [first, second, third] = seqs as [number, number, number]
    const done: [number, number][] = [
      [0, second],
      [1, first],
      [0, third],
      [1, second],
    ]
    for (const order of permutations(done)) {
      const who = await person('agent', server.teams.sales)
      const [here, there] = [await signIn(who), await signIn(who)]
      const told = order.map(([turn, seq], index) =>
        mark(index % 2 === 0 ? here : there, { conversationId, turn, seq }),
      )
      await Promise.all(told)
      expect(await stored(who, conversationId)).toEqual([1, second])
    }
  })

  test('takes many conversations at once, each of them twice and in any order, from two devices', async () => {
    const who = await person('agent', server.teams.sales)
    const all = await Promise.all(Array.from({ length: 8 }, () => written(1)))
    const marks = all.map(({ conversationId, seqs }) => ({
      conversationId,
      turn: 0,
      seq: seqs[0] as number,
    }))
    const [here, there] = [await signIn(who), await signIn(who)]
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        index % 2 === 0
          ? mark(here, ...marks, ...marks)
          : mark(there, ...marks.toReversed(), ...marks),
      ),
    )
    for (const answer of answers) expect(answer).toHaveLength(8)
  })

  test('is no further than there are messages, and bounded in what one call says', async () => {
    const who = await person('agent', server.teams.sales)
    const { conversationId, seqs } = await written(1)
    const here = await signIn(who)
    const far = { conversationId, turn: 0, seq: Number.MAX_SAFE_INTEGER }
    expect(said(await mark(here, far))).toEqual([[0, seqs[0]]])
    expect(await codeOf(mark(here, ...Array.from({ length: 201 }, () => far)))).toBe(
      'invalid_input',
    )
    expect(await codeOf(mark(here, { ...far, turn: -1 }))).toBe('invalid_input')
    expect(await codeOf(mark(here, { ...far, turn: 2 ** 40 }))).toBe('invalid_input')
  })

  test('is of what they may see, and stands where it was closed before the server heard of it', async () => {
    const [stranger, agent] = [
      await person('agent', server.teams.support),
      await person('agent', server.teams.sales),
    ]
    const { conversationId, seqs } = await written(1)
    const one = { conversationId, turn: 0, seq: seqs[0] as number }
    const [theirs, here] = [await signIn(stranger), await signIn(agent)]
    expect(await mark(theirs, one, { ...one, conversationId: newId() })).toEqual([])
    expect(await stored(stranger, conversationId)).toBeNull()
    await here.trpc.conversations.claim.mutate({ intentId: newId(), conversationId })
    await here.trpc.conversations.close.mutate({
      intentId: newId(),
      conversationId,
      reason: 'resolved',
    })
    expect(said(await mark(here, one))).toEqual([[0, one.seq]])
    expect(await stored(agent, conversationId)).toEqual([0, one.seq])
  })
})

describe('who answers', () => {
  test('has read what they answer, and nothing that came meanwhile', async () => {
    const who = await person('agent', server.teams.sales)
    const { conversationId, seqs } = await written(2)
    const [here, there] = [await signIn(who), await follow(await signIn(who))]
    await here.trpc.conversations.claim.mutate({ intentId: newId(), conversationId })
    // To own it is not to have read it.
    expect(await stored(who, conversationId)).toBeNull()
    const id = newId()
    const reply = { id, conversationId, text: 'hola', lastSeenSeq: seqs[0] as number }
    await here.trpc.messages.send.mutate(reply)
    await here.trpc.messages.send.mutate(reply)
    expect(await stored(who, conversationId)).toEqual([0, seqs[0]])
    await eventually(() => expect(there.of(conversationId)).toEqual([0, seqs[0]]))
  })

  test('has read what they had marked unread', async () => {
    const who = await person('agent', server.teams.sales)
    const { conversationId, seqs } = await written(2)
    const here = await signIn(who)
    await here.trpc.conversations.claim.mutate({ intentId: newId(), conversationId })
    await mark(here, { conversationId, turn: 3, seq: seqs[0] as number })
    const reply = { conversationId, text: 'hola', lastSeenSeq: seqs[1] as number }
    await here.trpc.messages.send.mutate({ ...reply, id: newId() })
    expect(await stored(who, conversationId)).toEqual([3, seqs[1]])
  })
})

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  )
}
