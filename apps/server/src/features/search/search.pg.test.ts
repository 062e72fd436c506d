import { type Actor } from '@parley/domain'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { KINDS, OPERATORS } from '../../features.ts'
import { type Services } from '../../platform/services.ts'
import { createBareServices, type BareServices } from '../../testing/bare-services.ts'
import { eventually } from '../../testing/test-server.ts'
import { FeedHub } from '../sync/index.ts'
import { indexPortion } from './index-words.ts'
import { search } from './search.ts'

let bare: BareServices
let services: Services
let feed: FeedHub
let team: string
let agent: Actor

beforeAll(async () => {
  bare = await createBareServices()
  services = { ...bare, operators: OPERATORS }
  feed = await FeedHub.start(services, KINDS)
  team = await bare.addTeam()
  const userId = await bare.addPerson('agent', 'online', [team])
  agent = { userId, role: 'agent', teamIds: [team] }
})
afterAll(async () => {
  await feed.stop()
  await bare.database.drop()
})

/** Everything that can be read by now. */
async function index(): Promise<void> {
  while ((await indexPortion(bare.db)) !== 'all');
}

/** Everything that was said: what other tests have open in the same cluster may hold it back for a moment. */
async function indexed(): Promise<void> {
  await eventually(async () => {
    await index()
    const left = await bare.rows(
      `SELECT FROM changes, search_progress
       WHERE (transaction, number) > (split_part(cursor, ':', 2)::xid8, split_part(cursor, ':', 3)::bigint) LIMIT 1`,
    )
    expect(left).toHaveLength(0)
  })
}

async function say(conversationId: string, text: string): Promise<string> {
  const [row] = await bare.rows<{ id: string }>(
    `INSERT INTO messages (conversation_id, direction, sender_type, content_type, content_text, status, sent_at)
     VALUES ($1, 'inbound', 'customer', 'text', $2, 'delivered', NOW()) RETURNING id`,
    [conversationId, text],
  )
  return (row as { id: string }).id
}

async function conversation(fields: Record<string, unknown> = {}): Promise<string> {
  const { id } = await bare.addConversation({ team_id: team, ...fields })
  return id
}

const find = (text: string, actor = agent, limit = 20) => search(services, feed, actor, text, limit)
const messagesOf = async (text: string, actor = agent) =>
  (await find(text, actor)).hits.flatMap(({ messageId }) => messageId ?? [])

describe('words', () => {
  /** As the workstation's own search: `engine/features/search/search.test.ts` has the same. */
  test.each([
    ['北京', '我在北京大学读书', '北京'],
    ['👍', 'ok 👍🏽 gracias', '👍🏽'],
    ['हिन्दी', 'मुझे हिन्दी आती है', 'हिन्दी'],
    ['5512345678', 'mi cel es 55 1234-5678, gracias', '55 1234-5678'],
    ['MX202600417', 'folio MX-2026-00417', 'MX-2026-00417'],
    ['c++', 'casa en C++', 'C++'],
    ['confir', 'No me deja confirmar', 'confirmar'],
    ['CÓDIGO deja', 'No me deja ver el codigo', 'deja'],
  ])('finds %s in «%s»', async (typed, text, marked) => {
    const id = await say(await conversation(), text)
    const other = await say(await conversation(), 'casa, coche y perro')
    await indexed()
    const { hits, items } = await find(typed)
    expect(hits.map(({ messageId }) => messageId)).toContain(id)
    expect(hits.map(({ messageId }) => messageId)).not.toContain(other)
    const hit = hits.find(({ messageId }) => messageId === id)
    expect(hit?.snippet).toContainEqual({ text: marked, match: true })
    expect(items).toContainEqual(
      expect.objectContaining({
        kind: 'conversation',
        row: expect.objectContaining({ id: hit?.conversationId }),
      }),
    )
    // What was edited, given up or is gone is not found by what it was.
    await bare.rows(`UPDATE messages SET content_text = 'otra cosa' WHERE id = $1`, [id])
    await indexed()
    expect(await messagesOf(typed)).not.toContain(id)
    expect(await messagesOf('otra cosa')).toContain(id)
    await bare.rows('UPDATE messages SET discarded_at = NOW() WHERE id = $1', [id])
    await indexed()
    expect(await messagesOf('otra cosa')).not.toContain(id)
    await bare.rows('DELETE FROM messages WHERE id = $1', [other])
    expect(await bare.rows('SELECT FROM message_search WHERE message_id = $1', [other])).toEqual([])
  })

  test('are found by their stems in Spanish and English, and nothing typed is an operator of the database', async () => {
    const spanish = await say(await conversation(), 'Los reembolsos tardan')
    const english = await say(await conversation(), 'my refunds are delayed')
    await indexed()
    expect(await messagesOf('reembolso tarda')).toContain(spanish)
    expect(await messagesOf('delays refund')).toContain(english)
    for (const text of [
      `'`,
      '\\',
      'a:* | b',
      `x' & 'y`,
      '"',
      '!',
      '<->',
      ':*',
      `reembolso')`,
      '%',
      '_',
    ]) {
      await expect(find(text)).resolves.toMatchObject({ isComplete: true })
    }
    expect((await find('')).hits).toEqual([])
  })

  test('come newest first, over every bucket, and no more than asked for', async () => {
    const id = await conversation()
    const said: string[] = []
    for (let n = 0; n < 30; n++) {
      said.push(await say(id, `frecuente ${n}`))
      if (n % 7 === 3) {
        await bare.rows(`SELECT setval('messages_seq_seq', nextval('messages_seq_seq') + 50000)`)
      }
    }
    await indexed()
    const newest = said.toReversed()
    expect(await messagesOf('frecuente')).toEqual(newest.slice(0, 20))
    expect((await find('frecuente', agent, 100)).hits.map(({ messageId }) => messageId)).toEqual(
      newest,
    )
    expect(await messagesOf('frecuente 2')).toContain(said[2])
  })
})

describe('who looks', () => {
  test('finds what they may see alone, as it is now, whatever the index still says', async () => {
    const elsewhere = await bare.addTeam()
    const lead: Actor = {
      ...agent,
      userId: await bare.addPerson('team_lead', 'online', [elsewhere]),
      role: 'team_lead',
      teamIds: [elsewhere],
    }
    const supervisor: Actor = {
      userId: await bare.addPerson('supervisor', 'online'),
      role: 'supervisor',
      teamIds: [],
    }
    const id = await conversation({ team_id: elsewhere })
    const secret = await say(id, 'secretísimo')
    const mine = await conversation({
      team_id: elsewhere,
      status: 'assigned',
      assigned_to: agent.userId,
    })
    const own = await say(mine, 'secretísimo también')
    await indexed()
    expect(await messagesOf('secretisimo')).toEqual([own])
    expect(await messagesOf('secretisimo', lead)).toEqual([own, secret])
    expect(await messagesOf('secretisimo', supervisor)).toEqual([own, secret])
    await bare.rows('UPDATE conversations SET team_id = $2 WHERE id = $1', [id, team])
    // Before the index knows of it: nobody sees what is not theirs any more.
    expect(await messagesOf('secretisimo', lead)).toEqual([own])
    await indexed()
    expect(await messagesOf('secretisimo')).toEqual([own, secret])
    expect(await messagesOf('secretisimo', { ...lead, userId: supervisor.userId })).toEqual([own])
  })

  test('finds customers by names of any script, and by numbers however they are written', async () => {
    const customers = ['Héctor Quintanilla', '李小龙', 'मोहन', 'Ana 🌵']
    const ids: string[] = []
    for (const [index, name] of customers.entries()) {
      const { id, customerId } = await bare.addConversation({ team_id: team })
      ids.push(id)
      await bare.rows('UPDATE customers SET name = $2 WHERE id = $1', [customerId, name])
      await bare.rows(
        `INSERT INTO customer_identities (customer_id, channel, kind, external_id) VALUES ($1, 'whatsapp', 'phone', $2)`,
        [customerId, `+521555012345${index}`],
      )
    }
    await indexed()
    const found = async (text: string) =>
      (await find(text)).hits.flatMap(({ conversationId, messageId }) =>
        messageId === null ? [conversationId] : [],
      )
    expect(await found('hector')).toEqual([ids[0]])
    expect(await found('QUINTA')).toEqual([ids[0]])
    expect(await found('quint hec')).toEqual([ids[0]])
    expect(await found('he')).toEqual([ids[0]])
    expect(await found('李')).toEqual([ids[1]])
    expect(await found('小龙')).toEqual([ids[1]])
    expect(await found('मोहन')).toEqual([ids[2]])
    expect(await found('🌵')).toEqual([ids[3]])
    for (const typed of ['+52 1 55 5012 345', '55 5012-345', '5550123453', '525550123453']) {
      expect([typed, await found(typed)]).toEqual([typed, expect.arrayContaining([ids[3]])])
    }
    const stranger: Actor = {
      ...agent,
      userId: await bare.addPerson('agent', 'online'),
      teamIds: [],
    }
    expect((await find('hector', stranger)).hits).toEqual([])
    // «%» and «_» are no letters here.
    expect(await found('h%r')).toEqual([])
  })

  test('finds the customers in reach among thousands who are called alike, and says where it has not looked at all', async () => {
    const others = (count: number) =>
      bare.rows(
        `WITH customer AS (INSERT INTO customers (id, channel, external_id, name)
           SELECT new_id(), 'whatsapp', gen_random_uuid(), 'Guadalupe Hernández' FROM generate_series(1, $1) RETURNING id)
         INSERT INTO customer_search (customer_id, words) SELECT id, ' guadalupe hernandez' FROM customer`,
        [count],
      )
    await others(2500)
    const { id, customerId } = await bare.addConversation({ team_id: team })
    await bare.rows(`UPDATE customers SET name = 'Guadalupe Hernández' WHERE id = $1`, [customerId])
    await indexed()
    const { hits, isComplete } = await find('Guadalupe Hernández')
    expect(hits.map(({ conversationId }) => conversationId)).toEqual([id])
    expect(isComplete).toBe(true)
    await others(14_000)
    expect((await find('Guadalupe Hernández')).isComplete).toBe(false)
  })

  test('shows what was sent last first, whenever it came', async () => {
    const id = await conversation()
    const said = async (minute: number): Promise<string> => {
      const message = await say(id, 'tamarindo')
      await bare.rows(
        `UPDATE messages SET sent_at = '2026-11-01T10:00:00Z'::timestamptz + make_interval(mins => $2) WHERE id = $1`,
        [message, minute],
      )
      return message
    }
    const [second, last, first] = [await said(2), await said(3), await said(1)]
    await indexed()
    const { hits } = await find('tamarindo')
    expect(hits.map(({ messageId }) => messageId)).toEqual([last, second, first])
  })

  test('finds who has just written for the first time, before triage has found a team for them', async () => {
    await indexed()
    const { id, customerId } = await bare.addConversation()
    // As they come: with their name, of which the feed tells nothing.
    await bare.rows('ALTER TABLE customers DISABLE TRIGGER USER')
    await bare.rows(`UPDATE customers SET name = 'Xóchitl Tlatoani' WHERE id = $1`, [customerId])
    await bare.rows('ALTER TABLE customers ENABLE TRIGGER USER')
    await indexed()
    const supervisor: Actor = {
      userId: await bare.addPerson('supervisor', 'online'),
      role: 'supervisor',
      teamIds: [],
    }
    const { hits } = await find('xochitl', supervisor)
    expect(hits.map(({ conversationId }) => conversationId)).toEqual([id])
  })

  test('is narrowed by operators, which without words list what they leave, the newest first', async () => {
    const [tag] = await bare.rows<{ id: string }>(
      `INSERT INTO tags (name) VALUES ('Devolución') RETURNING id`,
    )
    const [first, second] = [
      await conversation({ last_message_at: '2026-01-01' }),
      await conversation({ last_message_at: '2026-01-02' }),
    ]
    for (const id of [first, second]) {
      await bare.rows('INSERT INTO conversation_tags (conversation_id, tag_id) VALUES ($1, $2)', [
        id,
        tag?.id,
      ])
    }
    const late = await conversation({ next_due_at: '2020-01-01' })
    const [said, other] = [await say(first, 'etiqueta'), await say(late, 'etiqueta')]
    await indexed()
    const conversations = async (text: string) =>
      (await find(text)).hits.map(({ conversationId }) => conversationId)
    expect(await conversations('tag:devolucion')).toEqual([second, first])
    expect(await conversations('tag:devo')).toEqual([second, first])
    expect(await conversations('tag:nadie')).toEqual([])
    expect(await messagesOf('etiqueta tag:devolucion')).toEqual([said])
    expect(await messagesOf('etiqueta due:overdue')).toEqual([other])
    expect(await conversations('due:overdue')).toEqual([late])
    expect(await conversations('due:warning')).toEqual([])
    // Nobody knows these: they are words like any other.
    const word = await say(first, 'due codigo')
    await indexed()
    expect(await messagesOf('due:codigo')).toEqual([word])
  })
})

describe('the index', () => {
  test('is the same however often it is made, and made anew after a restore', async () => {
    const id = await say(await conversation(), 'irrepetible')
    await indexed()
    const state = () => bare.rows('SELECT * FROM message_search ORDER BY message_id')
    const before = await state()
    await bare.rows(`UPDATE feed_state SET epoch = gen_random_uuid()`)
    await bare.rows('DELETE FROM message_search WHERE message_id = $1', [id])
    await indexed()
    expect(await state()).toEqual(before)
    await bare.rows('UPDATE search_progress SET cursor = NULL')
    await indexed()
    expect(await state()).toEqual(before)
  })

  test('is filled by one at a time, and nothing is missed by two', async () => {
    const ids: string[] = []
    const into = await conversation()
    for (let n = 0; n < 40; n++) ids.push(await say(into, `simultáneo ${n}`))
    const fill = async () => {
      for (let turn = 0; turn < 20; turn++) await indexPortion(bare.db)
    }
    await Promise.all([fill(), fill(), fill()])
    await indexed()
    const { hits } = await find('simultaneo', agent, 100)
    expect(hits.map(({ messageId }) => messageId)).toEqual(ids.toReversed())
  })

  test('is filled in small parts, whatever a conversation holds: long words, none, and then a new team', async () => {
    const into = await conversation()
    const long = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        say(
          into,
          `extenso ${Array.from({ length: 1500 }, (_, at) => `palabra${n}x${at}`).join(' ')}`,
        ),
      ),
    )
    const brief = await Promise.all(
      Array.from({ length: 60 }, (_, n) => say(into, n % 7 === 0 ? '' : `breve extenso ${n}`)),
    )
    await bare.rows('DELETE FROM messages WHERE id = $1', [brief[1]])
    await indexed()
    const found = async () => (await find('extenso', agent, 200)).hits.length
    expect(await found()).toBe(long.length + 50)
    const other = await bare.addTeam()
    await bare.rows('UPDATE conversations SET team_id = $1 WHERE id = $2', [other, into])
    await indexed()
    expect(await found()).toBe(0)
    expect((await find('extenso', { ...agent, teamIds: [other] }, 200)).hits).toHaveLength(
      long.length + 50,
    )
  })

  test('says at once what it has, and what is said while an older writer is open is found when that has ended', async () => {
    const into = await conversation()
    const writer = await bare.database.pool.connect()
    await writer.query('BEGIN')
    const held = await writer.query<{ id: string }>(
      `INSERT INTO messages (conversation_id, direction, sender_type, content_type, content_text, status, sent_at)
       VALUES ($1, 'inbound', 'customer', 'text', 'tardío', 'delivered', NOW()) RETURNING id`,
      [into],
    )
    const after = await say(into, 'tardío después')
    await index()
    await writer.query('COMMIT')
    writer.release()
    await indexed()
    expect((await messagesOf('tardio')).toSorted()).toEqual([after, held.rows[0]?.id].toSorted())
  })
})
