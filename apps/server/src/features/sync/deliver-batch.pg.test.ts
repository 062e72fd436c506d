import { type FeedItem } from '@parley/contracts'
import { type Actor } from '@parley/domain'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { KINDS } from '../../features.ts'
import { type Queryable } from '../../platform/database.ts'
import { createBareServices, type BareServices } from '../../testing/bare-services.ts'
import { eventually } from '../../testing/test-server.ts'
import { concerns, itemsFor, loadBatch } from './deliver-batch.ts'
import { currentPosition, readChanges, type Change } from './feed.queries.ts'
import { Kinds } from './kinds.ts'
import { after, type Position } from './position.ts'

let services: BareServices
let ours: string
let theirs: string
let agent: Actor
let position: Position
const kinds = new Kinds(KINDS)

beforeAll(async () => {
  services = await createBareServices()
})
afterAll(() => services.database.drop())
beforeEach(async () => {
  ours = await services.addTeam()
  theirs = await services.addTeam()
  const userId = await services.addPerson('agent', 'online', [ours])
  agent = { userId, role: 'agent', teamIds: [ours] }
})

async function conversationWithMessage(): Promise<string> {
  const { id } = await services.addConversation({
    team_id: ours,
    status: 'queued',
    queued_at: new Date(),
  })
  await services.rows(
    `INSERT INTO messages (conversation_id, direction, sender_type, content_text, sent_at)
     VALUES ($1, 'inbound', 'customer', 'hola', NOW())`,
    [id],
  )
  return id
}

/** Everything up to now is somebody else's affair. */
async function beginHere(): Promise<void> {
  await eventually(async () => {
    const begin = { ...(await currentPosition(services.db)), number: 0n }
    const { hasUnreadable } = await readChanges(services.db, begin, 500)
    if (hasUnreadable) throw new Error('a writer is still open')
    position = begin
  })
}

/** The next so many changes, as soon as they may be read. */
async function next(count: number): Promise<Change[]> {
  return eventually(async () => {
    const { changes } = await readChanges(services.db, position, 500)
    if (changes.length < count) throw new Error('not readable yet')
    expect(changes).toHaveLength(count)
    position = after(position, changes)
    return changes
  })
}

const moveTo = (id: string, teamId: string) =>
  services.rows('UPDATE conversations SET team_id = $2 WHERE id = $1', [id, teamId])

const deliver = async (changes: Change[], db: Queryable = services.db): Promise<FeedItem[]> =>
  itemsFor(await loadBatch(db, kinds, changes), agent)

const said = (items: FeedItem[]): string[] =>
  items.map((item) => ('kind' in item ? `${item.op} ${item.kind}` : item.op))

test('a conversation that leaves and is back before the feed is looked at again brings all that was said', async () => {
  const id = await conversationWithMessage()
  await beginHere()
  await services.rows(`UPDATE conversations SET priority = 'high' WHERE id = $1`, [id])
  const before = await next(1)
  // What is read is read now: the conversation has left since.
  await moveTo(id, theirs)
  expect(said(await deliver(before))).toEqual(['remove conversation'])
  await moveTo(id, ours)
  const items = said(await deliver(await next(2)))
  expect(items).toContain('put conversation')
  expect(items).toContain('put message')
})

test('a conversation that was seen all the time brings nothing again', async () => {
  const id = await conversationWithMessage()
  await beginHere()
  await services.rows(`UPDATE conversations SET priority = 'high' WHERE id = $1`, [id])
  await services.rows(`UPDATE conversations SET priority = 'low' WHERE id = $1`, [id])
  expect(said(await deliver(await next(2)))).toEqual(['put conversation'])
})

test('an event says as much to each as they may read, as news and on arrival', async () => {
  const id = await conversationWithMessage()
  await beginHere()
  const explanation = {
    chosenBecause: 'least_loaded',
    eligible: [
      { userId: agent.userId, load: 2, capacity: 5 },
      { userId: 'bea', load: 4, capacity: 5 },
    ],
    ineligible: [{ userId: 'carla', because: 'at_capacity' }],
  }
  await services.rows(
    `INSERT INTO conversation_events (conversation_id, event_type, actor_type, metadata)
     VALUES ($1, 'conversation.assigned', 'system', $2)`,
    [id, JSON.stringify({ explanation })],
  )
  const told = (items: FeedItem[]) =>
    items.flatMap((item) =>
      item.op === 'put' && item.kind === 'event' ? [item.row.metadata['explanation']] : [],
    )
  const own = { chosenBecause: 'least_loaded', eligible: [explanation.eligible[0]] }
  const lead: Actor = { ...agent, role: 'team_lead' }
  const batch = await loadBatch(services.db, kinds, await next(1))
  expect(told(await itemsFor(batch, agent))).toEqual([own])
  expect(told(await itemsFor(batch, lead))).toEqual([explanation])
  await moveTo(id, theirs)
  await moveTo(id, ours)
  const back = await loadBatch(services.db, kinds, await next(2))
  expect(told(await itemsFor(back, lead))).toEqual([explanation])
  expect(told(await itemsFor(back, agent))).toEqual([own])
})

test('what hangs on many conversations that come at once is read at once', async () => {
  await beginHere()
  const ids = await Promise.all(Array.from({ length: 120 }, conversationWithMessage))
  const changes = await next(240)
  let reads = 0
  const counted: Queryable = {
    ...services.db,
    one: (statement) => services.db.one(statement),
    maybe: (statement) => services.db.maybe(statement),
    run: (statement) => services.db.run(statement),
    many(statement) {
      reads++
      return services.db.many(statement)
    },
  }
  const batch = await loadBatch(counted, kinds, changes)
  const colleague = { ...agent, userId: crypto.randomUUID() }
  const all = await Promise.all([itemsFor(batch, agent), itemsFor(batch, colleague)])
  for (const items of all) {
    const spokenOf = new Set(
      items.flatMap((item) =>
        item.op === 'put' && item.kind === 'message' ? [item.row.conversationId] : [],
      ),
    )
    expect(spokenOf.size).toBe(ids.length)
  }
  expect(reads).toBeLessThan(20)
})

test('whom a batch brings nothing is known without asking for its rows, of every kind of change and for every role', async () => {
  const id = await conversationWithMessage()
  const elsewhere = await services.addPerson('agent', 'online', [theirs])
  const actors: Actor[] = [
    agent,
    { ...agent, userId: crypto.randomUUID(), role: 'team_lead' },
    { userId: elsewhere, role: 'agent', teamIds: [theirs] },
    { userId: crypto.randomUUID(), role: 'agent', teamIds: [] },
    { userId: crypto.randomUUID(), role: 'supervisor', teamIds: [] },
  ]
  const happenings: Record<string, () => Promise<unknown>> = {
    'a message': () =>
      services.rows(
        `INSERT INTO messages (conversation_id, direction, sender_type, content_text, sent_at)
         VALUES ($1, 'inbound', 'customer', '¿hola?', NOW())`,
        [id],
      ),
    'it changes': () =>
      services.rows(`UPDATE conversations SET priority = 'high' WHERE id = $1`, [id]),
    'it leaves': () => moveTo(id, theirs),
    'it is closed there': () =>
      services.rows(`UPDATE conversations SET status = 'closed', closed_at = NOW() WHERE id = $1`, [
        id,
      ]),
    'a person of the others': () =>
      services.rows(`UPDATE users SET full_name = 'Otra' WHERE id = $1`, [elsewhere]),
  }
  const concerned: Record<string, boolean[]> = {}
  for (const [name, happen] of Object.entries(happenings)) {
    await beginHere()
    await happen()
    const changes = await eventually(async () => {
      const read = await readChanges(services.db, position, 500)
      if (read.changes.length === 0 || read.hasUnreadable) throw new Error('not readable yet')
      return read.changes
    })
    const batch = await loadBatch(services.db, kinds, changes)
    concerned[name] = actors.map((actor) => concerns(batch, actor))
    const brought = await Promise.all(actors.map((actor) => itemsFor(batch, actor)))
    expect([name, brought.map((items) => items.length > 0)]).toEqual([name, concerned[name]])
  }
  expect(concerned).toEqual({
    'a message': [true, true, false, false, true],
    'it changes': [true, true, false, false, true],
    'it leaves': [true, true, true, false, true],
    'it is closed there': [false, false, true, false, true],
    'a person of the others': [true, true, true, true, true],
  })
})
