import { type FeedItem, TAG_COLORS } from '@parley/contracts'
import { type Role } from '@parley/domain'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { codeOf, conversationOf, newCustomer, write } from '../../testing/conversations.ts'
import {
  eventually,
  newId,
  startTestServer,
  type TestClient,
  type TestServer,
} from '../../testing/test-server.ts'

let server: TestServer
let admin: TestClient
const clients: TestClient[] = []
const [BLUE, GREY] = TAG_COLORS

beforeAll(async () => {
  server = await startTestServer()
  admin = await signIn('admin')
})
afterAll(async () => {
  for (const client of clients) client.close()
  await server.stop()
})

/** Without capacity, so that routing leaves the queue alone. */
async function signIn(role: Role, ...teamIds: string[]): Promise<TestClient> {
  const client = await server.signIn(await server.addPerson({ role, teamIds, capacity: 0 }))
  clients.push(client)
  return client
}

let names = 0
async function newTag(teamId: string | null = null): Promise<string> {
  const id = newId()
  await admin.trpc.tags.create.mutate({ id, name: `Tag ${++names}`, color: BLUE, teamId })
  return id
}

/** Owned by this person. */
async function ownConversation(client: TestClient): Promise<string> {
  const { id } = await conversationOf(server, await write(server, newCustomer(), 'quiero comprar'))
  await client.trpc.conversations.claim.mutate({ intentId: newId(), conversationId: id })
  return id
}

async function tagsOf(conversationId: string): Promise<string[]> {
  const { rows } = await server.database.pool.query<{ tag_id: string }>(
    'SELECT tag_id FROM conversation_tags WHERE conversation_id = $1 ORDER BY created_at',
    [conversationId],
  )
  return rows.map(({ tag_id }) => tag_id)
}

async function tagRow(conversationId: string): Promise<{ id: string; version: number }> {
  const { rows } = await server.database.pool.query<{ id: string; version: string }>(
    'SELECT id, version FROM conversation_tags WHERE conversation_id = $1',
    [conversationId],
  )
  return { id: rows[0]?.id ?? '', version: Number(rows[0]?.version) }
}

async function eventsOf(conversationId: string): Promise<string[]> {
  const { rows } = await server.database.pool.query<{ event_type: string }>(
    `SELECT event_type FROM conversation_events
     WHERE conversation_id = $1 AND event_type LIKE '%tagged' ORDER BY seq`,
    [conversationId],
  )
  return rows.map(({ event_type }) => event_type)
}

describe('tags', () => {
  test('are made by whom the table says: a team’s by its lead, everybody’s by who reaches all', async () => {
    const { sales, support } = server.teams
    const makes = async (client: TestClient, teamId: string | null) =>
      codeOf(
        client.trpc.tags.create.mutate({
          id: newId(),
          name: `Made ${++names}`,
          color: GREY,
          teamId,
        }),
      )
    const agent = await signIn('agent', sales)
    const lead = await signIn('team_lead', sales)
    const supervisor = await signIn('supervisor')
    expect(await makes(agent, sales)).toBe('forbidden')
    expect(await makes(lead, sales)).toBe('no failure')
    expect(await makes(lead, support)).toBe('forbidden')
    expect(await makes(lead, null)).toBe('forbidden')
    expect(await makes(supervisor, null)).toBe('no failure')
    expect(await makes(supervisor, newId())).toBe('not_found')

    const ofAll = await newTag()
    const fields = { id: ofAll, name: `Mine ${++names}`, color: GREY, teamId: sales, basedOn: 1 }
    expect(await codeOf(lead.trpc.tags.save.mutate(fields))).toBe('forbidden')
    expect(await codeOf(lead.trpc.tags.remove.mutate({ id: ofAll }))).toBe('forbidden')
  })

  test('have names of their own, whatever the case, also where two are made at once', async () => {
    const create = (name: string) =>
      admin.trpc.tags.create.mutate({ id: newId(), name, color: GREY, teamId: null })
    const codes = await Promise.all(
      ['Factura', 'factura', ' FACTURA '].map((n) => codeOf(create(n))),
    )
    expect(codes.toSorted()).toEqual(['invalid_input', 'invalid_input', 'no failure'])
    for (const bad of ['', '   ', 'x'.repeat(101), 'nul\u0000', '\u200B', 'a\u202Eb']) {
      expect(await codeOf(create(bad))).toBe('invalid_input')
    }
    const other = await newTag()
    const renamed = { id: other, color: GREY, teamId: null, basedOn: 1 }
    await expect(
      admin.trpc.tags.save.mutate({ ...renamed, name: 'FACTURA' }),
    ).rejects.toMatchObject({ data: { app: { details: { field: 'name', problem: 'taken' } } } })
    const both = await Promise.all(
      [await newTag(), await newTag()].map((id) =>
        codeOf(admin.trpc.tags.save.mutate({ ...renamed, id, name: `Both ${names}` })),
      ),
    )
    expect(both.toSorted()).toEqual(['invalid_input', 'no failure'])
    // Its own name in another spelling is nobody else's.
    await admin.trpc.tags.save.mutate({ ...renamed, name: 'TAG  of its own' })
  })

  test('asked for twice are made once; of two who save the second is told', async () => {
    const tag = { id: newId(), name: `Twice ${++names}`, color: BLUE, teamId: null } as const
    const made = await admin.trpc.tags.create.mutate(tag)
    expect(await admin.trpc.tags.create.mutate(tag)).toEqual(made)
    const saves = await Promise.all(
      ['a', 'b'].map((letter) =>
        codeOf(
          admin.trpc.tags.save.mutate({ ...tag, name: `Saved ${letter}${names}`, basedOn: 1 }),
        ),
      ),
    )
    expect(saves.toSorted()).toEqual(['conflict', 'no failure'])
  })

  test('that are removed go from every conversation; a second time is no failure', async () => {
    const agent = await signIn('agent', server.teams.sales)
    const conversationId = await ownConversation(agent)
    const tagId = await newTag()
    await agent.trpc.tags.add.mutate({ intentId: newId(), conversationId, tagId })
    const told = () =>
      server.database.pool.query('SELECT 1 FROM changes WHERE entity = $1', ['conversation_tag'])
    const { rowCount: before } = await told()
    await admin.trpc.tags.remove.mutate({ id: tagId })
    await admin.trpc.tags.remove.mutate({ id: tagId })
    expect(await tagsOf(conversationId)).toEqual([])
    // One change says it, on however many conversations it was.
    expect((await told()).rowCount).toBe(before)
    expect(
      await codeOf(agent.trpc.tags.add.mutate({ intentId: newId(), conversationId, tagId })),
    ).toBe('not_found')
  })
})

describe('a conversation', () => {
  test('gets a tag once, however often and by however many it is put on', async () => {
    const agent = await signIn('agent', server.teams.sales)
    const conversationId = await ownConversation(agent)
    const tagId = await newTag()
    const intent = { intentId: newId(), conversationId, tagId }
    const others = Array.from({ length: 5 }, () => ({ ...intent, intentId: newId() }))
    await Promise.all([intent, intent, ...others].map((input) => agent.trpc.tags.add.mutate(input)))
    expect(await tagsOf(conversationId)).toEqual([tagId])
    expect(await eventsOf(conversationId)).toEqual(['conversation.tagged'])
    const { conversationTag } = await agent.trpc.tags.add.mutate(intent)
    expect(conversationTag).toMatchObject({ conversationId, tagId, version: 6 })
  })

  test('keeps what was added again since its remover looked: adding wins', async () => {
    const lead = await signIn('team_lead', server.teams.sales)
    const conversationId = await ownConversation(lead)
    const tagId = await newTag()
    const add = async () =>
      (await lead.trpc.tags.add.mutate({ intentId: newId(), conversationId, tagId }))
        .conversationTag
    const drop = async (seen: { id: string; version: number } | null) =>
      (await lead.trpc.tags.drop.mutate({ intentId: newId(), conversationId, tagId, seen }))
        .conversationTag
    const first = await add()
    if (first === null) throw new Error('nothing was added')
    const second = await add()
    // Made without knowledge of the second.
    expect(await drop(first)).toEqual(second)
    expect(await drop(second)).toBeNull()
    expect(await drop(second)).toBeNull()
    // Put on anew it is another one: who had seen the old one takes nothing off.
    const third = await add()
    expect(await drop({ id: first.id, version: 99 })).toEqual(third)
    expect(await eventsOf(conversationId)).toEqual([
      'conversation.tagged',
      'conversation.untagged',
      'conversation.tagged',
    ])
    // Who saw only their own wish takes off what they added, and nobody else's.
    expect(await drop(null)).toBeNull()
    await admin.trpc.tags.add.mutate({ intentId: newId(), conversationId, tagId })
    expect(await drop(null)).toMatchObject({ tagId })
  })

  test('keeps a colleague’s tag that somebody adds and drops without having seen it', async () => {
    const [lead, colleague] = [
      await signIn('team_lead', server.teams.sales),
      await signIn('team_lead', server.teams.sales),
    ]
    const conversationId = await ownConversation(lead)
    const tagId = await newTag()
    const of = () => ({ intentId: newId(), conversationId, tagId })
    await colleague.trpc.tags.add.mutate(of())
    await lead.trpc.tags.add.mutate(of())
    await lead.trpc.tags.drop.mutate({ ...of(), seen: null })
    expect(await tagsOf(conversationId)).toEqual([tagId])
  })

  test('loses what its person dropped, added and dropped before the server heard of any of it', async () => {
    const agent = await signIn('agent', server.teams.sales)
    const conversationId = await ownConversation(agent)
    const tagId = await newTag()
    const of = () => ({ intentId: newId(), conversationId, tagId })
    const { conversationTag: seen } = await agent.trpc.tags.add.mutate(of())
    await agent.trpc.tags.drop.mutate({ ...of(), seen })
    await agent.trpc.tags.add.mutate(of())
    await agent.trpc.tags.drop.mutate({ ...of(), seen: null })
    expect(await tagsOf(conversationId)).toEqual([])
  })

  test('has so many tags at most', async () => {
    const agent = await signIn('agent', server.teams.sales)
    const conversationId = await ownConversation(agent)
    await server.database.pool.query(
      `WITH made AS (INSERT INTO tags (name) SELECT 'Many ' || n FROM generate_series(1, 50) n RETURNING id)
       INSERT INTO conversation_tags (conversation_id, tag_id) SELECT $1, id FROM made`,
      [conversationId],
    )
    const add = { intentId: newId(), conversationId, tagId: await newTag() }
    expect(await codeOf(agent.trpc.tags.add.mutate(add))).toBe('invalid_input')
    expect(await tagsOf(conversationId)).toHaveLength(50)
  })

  test('is tagged by who answers for it, with its own team’s tags and everybody’s', async () => {
    const { sales, support } = server.teams
    const owner = await signIn('agent', sales)
    const colleague = await signIn('agent', sales)
    const stranger = await signIn('agent', support)
    const conversationId = await ownConversation(owner)
    const add = (client: TestClient, tagId: string) =>
      codeOf(client.trpc.tags.add.mutate({ intentId: newId(), conversationId, tagId }))
    const [ofAll, ofSales, ofSupport] = [await newTag(), await newTag(sales), await newTag(support)]
    expect(await add(owner, ofAll)).toBe('no failure')
    expect(await add(owner, ofSales)).toBe('no failure')
    expect(await add(owner, ofSupport)).toBe('not_found')
    expect(await add(colleague, ofAll)).toBe('forbidden')
    expect(await add(stranger, ofAll)).toBe('not_found')
    const drop = { intentId: newId(), conversationId, tagId: ofAll, seen: null }
    expect(await codeOf(colleague.trpc.tags.drop.mutate(drop))).toBe('forbidden')
    expect(await tagsOf(conversationId)).toEqual([ofAll, ofSales])
  })

  test('is closed only with a tag where its team asks for one', async () => {
    const teamId = server.teams.sales
    const lead = await signIn('team_lead', teamId)
    const agent = await signIn('agent', teamId)
    const rule = (client: TestClient, requiredOnClose: boolean) =>
      client.trpc.tags.setRule.mutate({ teamId, requiredOnClose })
    expect(await codeOf(rule(agent, true))).toBe('forbidden')
    await rule(lead, true)
    const conversationId = await ownConversation(agent)
    const close = () =>
      agent.trpc.conversations.close.mutate({
        intentId: newId(),
        conversationId,
        reason: 'resolved',
      })
    await expect(close()).rejects.toMatchObject({
      data: { app: { code: 'required', details: { what: 'tags' } } },
    })
    await agent.trpc.tags.add.mutate({
      intentId: newId(),
      conversationId,
      tagId: await newTag(),
    })
    expect((await close()).conversation?.status).toBe('closed')
    // Nor does it lose its last one afterwards.
    const [tagId] = await tagsOf(conversationId)
    await expect(
      lead.trpc.tags.drop.mutate({
        intentId: newId(),
        conversationId,
        tagId: tagId ?? '',
        seen: await tagRow(conversationId),
      }),
    ).rejects.toMatchObject({ data: { app: { code: 'required' } } })
    // Who was faster is said before what is missing.
    expect(await codeOf(close())).toBe('conflict')
    await rule(lead, false)
    const untagged = await ownConversation(agent)
    await agent.trpc.conversations.close.mutate({
      intentId: newId(),
      conversationId: untagged,
      reason: 'resolved',
    })
  })
})

describe('workstations', () => {
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
    const subscription = client.trpc.sync.feed.subscribe(
      { cursor },
      { onData: ({ data }) => data.type === 'batch' && items.push(...data.batch.items) },
    )
    const last = (id: string) =>
      items.findLast((item) => ('row' in item ? item.row.id : 'id' in item && item.id) === id)?.op
    return { items, last, stop: () => subscription.unsubscribe() }
  }

  test('begin with the tags there are, and are told of each change', async () => {
    const agent = await signIn('agent', server.teams.sales)
    const conversationId = await ownConversation(agent)
    const [before, later] = [await newTag(), newId()]
    const { conversationTag } = await agent.trpc.tags.add.mutate({
      intentId: newId(),
      conversationId,
      tagId: before,
    })
    if (conversationTag === null) throw new Error('nothing was added')
    const feed = await follow(agent)
    expect(feed.last(before)).toBe('put')
    expect(feed.last(conversationTag.id)).toBe('put')

    await admin.trpc.tags.create.mutate({
      id: later,
      name: `Later ${++names}`,
      color: GREY,
      teamId: null,
    })
    await eventually(() => expect(feed.last(later)).toBe('put'))
    await agent.trpc.tags.drop.mutate({
      intentId: newId(),
      conversationId,
      tagId: before,
      seen: conversationTag,
    })
    await eventually(() => expect(feed.last(conversationTag.id)).toBe('remove'))
    feed.stop()
  })

  test('get a conversation’s tags with it when it comes to their team, and none of others’', async () => {
    const { sales, support } = server.teams
    const owner = await signIn('agent', sales)
    const stranger = await signIn('agent', support)
    const conversationId = await ownConversation(owner)
    const feed = await follow(stranger)
    const { conversationTag } = await owner.trpc.tags.add.mutate({
      intentId: newId(),
      conversationId,
      tagId: await newTag(),
    })
    if (conversationTag === null) throw new Error('nothing was added')
    const marker = await newTag()
    await eventually(() => expect(feed.last(marker)).toBe('put'))
    expect(feed.last(conversationTag.id)).toBeUndefined()
    await owner.trpc.conversations.transfer.mutate({
      intentId: newId(),
      conversationId,
      to: { kind: 'team', teamId: support },
    })
    await eventually(() => expect(feed.last(conversationTag.id)).toBe('put'))
    feed.stop()
  })
})
