import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type FeedItem, type PutItem } from '@parley/contracts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { Outbox } from './outbox/outbox.ts'
import { Cache } from './store/cache.ts'
import { Store, UnusableCache } from './store/store.ts'
import { conversation, customer, message, offer, someId } from './testing/rows.ts'
import { readConversation, readThread } from './views/conversation.ts'
import { countInbox, listInbox } from './views/inbox.ts'
import { listOffers } from './views/offers.ts'
import { search } from './views/search.ts'

const ME = 'me'
const KEY = 'ab'.repeat(32)
const EPOCH = '11111111-1111-4111-8111-111111111111'
const cursor = (number: number): string => `${EPOCH}:${number}:1`

let folder: string
let file: string
let cache: Cache
let outbox: Outbox

function open(): void {
  cache = new Cache(Store.open(file, KEY), ME)
  outbox = new Outbox(cache, { changed: () => {} })
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-engine-'))
  file = join(folder, 'cache.db')
  open()
  cache.setAccess({ role: 'agent', teamIds: ['sales'] })
})
afterEach(() => {
  cache.store.close()
  rmSync(folder, { recursive: true, force: true })
})

const put = <Kind extends PutItem['kind']>(
  kind: Kind,
  row: Extract<PutItem, { kind: Kind }>['row'],
): PutItem => ({ op: 'put', kind, row }) as PutItem
const QUEUE_ORDER = { only: 'all', order: 'queue', nowMs: 0 } as const
const apply = (...items: FeedItem[]) => cache.applyBatch(items, cursor(1))

describe('the file', () => {
  test('holds nothing that can be read without the key', () => {
    const row = conversation({ assignedTo: ME, status: 'assigned' })
    apply(
      put('conversation', row),
      put('message', message(row.id, { text: 'palabras muy secretas' })),
    )
    cache.store.close()
    const bytes = readFileSync(file)
    expect(bytes.includes('SQLite format 3')).toBe(false)
    expect(bytes.includes('palabras')).toBe(false)
    expect(() => Store.open(file, 'cd'.repeat(32))).toThrow(UnusableCache)
    open()
    expect(search(cache, 'secretas', 5)).toHaveLength(1)
  })

  test('of a newer workstation is refused, not overwritten', () => {
    cache.store.run('PRAGMA user_version = 99')
    cache.store.close()
    expect(() => Store.open(file, KEY)).toThrow(/newer workstation/)
    rmSync(file)
    open()
  })
})

describe('a batch', () => {
  test('and its cursor are there together after a restart', () => {
    const row = conversation()
    cache.applyBatch([put('conversation', row)], cursor(7))
    cache.store.close()
    open()
    expect(cache.cursor).toBe(cursor(7))
    expect(cache.conversation(row.id)).toEqual(row)
  })

  test('applied twice, or late, changes nothing: only higher versions count', () => {
    const row = conversation({ version: 5, priority: 'high' })
    apply(put('conversation', row))
    apply(put('conversation', { ...row, version: 4, priority: 'low' }))
    apply(put('conversation', { ...row, version: 5, priority: 'low' }))
    expect(cache.conversation(row.id)?.priority).toBe('high')
    apply(put('conversation', { ...row, version: 6, priority: 'urgent' }))
    expect(cache.conversation(row.id)?.priority).toBe('urgent')
  })

  test('that fails in the middle leaves nothing of itself', () => {
    const row = conversation()
    const broken = {
      op: 'put',
      kind: 'message',
      row: { ...message(row.id), sentAt: null },
    } as unknown as FeedItem
    expect(() => cache.applyBatch([put('conversation', row), broken], cursor(9))).toThrow()
    expect(cache.conversation(row.id)).toBeNull()
    expect(cache.cursor).toBeNull()
  })
})

describe('losing access', () => {
  test('removes the conversation and all that hangs on it, and keeps one’s own words', () => {
    const row = conversation({ assignedTo: ME, status: 'assigned' })
    apply(
      put('customer', customer(row.customerId)),
      put('conversation', row),
      put('message', message(row.id, { text: 'adiós' })),
    )
    cache.store.run(`INSERT INTO drafts VALUES (?, 'mi borrador', '')`, row.id)
    outbox.add(someId(), row.id, {
      kind: 'reply',
      text: 'no enviada',
      lastSeenSeq: null,
      despiteNewerReply: false,
    })
    apply({ op: 'remove', kind: 'conversation', id: row.id })
    expect(readConversation(cache, outbox, row.id)).toBeNull()
    expect(search(cache, 'adiós', 5)).toEqual([])
    expect(search(cache, 'Héctor', 5)).toEqual([])
    expect(outbox.list().map(({ text }) => text)).toEqual(['no enviada'])
    expect(cache.store.all('SELECT text FROM drafts')).toEqual([{ text: 'mi borrador' }])
  })

  test('by a version that is not mine any more is noticed at once', () => {
    const row = conversation({ assignedTo: ME, status: 'assigned' })
    apply(put('conversation', row))
    apply(put('conversation', { ...row, version: 2, teamId: 'support', assignedTo: 'somebody' }))
    expect(cache.conversation(row.id)).toBeNull()
  })

  test('by a change of teams removes what was only the team’s', () => {
    const mine = conversation({ assignedTo: ME, status: 'assigned' })
    const ours = conversation()
    apply(put('conversation', mine), put('conversation', ours))
    const applied = apply({ op: 'access', role: 'agent', teamIds: ['support'] })
    expect(applied.gainedAccess).toBe(true)
    expect(cache.conversation(ours.id)).toBeNull()
    expect(cache.conversation(mine.id)).not.toBeNull()
  })
})

describe('the outbox', () => {
  test('shows at once what was done, and survives a stop in the middle of sending', () => {
    const row = conversation({ assignedTo: ME, status: 'assigned' })
    apply(put('conversation', row), put('message', message(row.id)))
    const intentId = someId()
    outbox.add(intentId, row.id, {
      kind: 'reply',
      text: 'voy',
      lastSeenSeq: 1,
      despiteNewerReply: false,
    })
    cache.store.run(`UPDATE outbox SET state = 'sending'`)
    cache.store.close()
    open()
    expect(outbox.list()).toMatchObject([{ intentId, state: 'waiting', text: 'voy' }])
    expect(cache.effective(row.id)?.status).toBe('pending_customer')
    const thread = readThread(cache, row.id, null, 50)
    expect(thread.entries.at(-1)).toMatchObject({ outbox: 'waiting', message: { text: 'voy' } })
    expect(
      listInbox(cache, { kind: 'mine' }, 10, QUEUE_ORDER).sections[0]?.rows[0]?.preview.mark,
    ).toBe('pending')
  })

  test('lets go of what the feed acknowledges, by the intent or by the message itself', () => {
    const row = conversation({ assignedTo: ME, status: 'assigned' })
    apply(put('conversation', row))
    const [claim, reply] = [someId(), someId()]
    outbox.add(claim, row.id, { kind: 'close', reason: 'resolved' })
    outbox.add(reply, row.id, {
      kind: 'reply',
      text: 'voy',
      lastSeenSeq: null,
      despiteNewerReply: false,
    })
    apply({ op: 'acknowledge', intentId: claim })
    expect(outbox.list().map(({ intentId }) => intentId)).toEqual([reply])
    apply(
      put(
        'message',
        message(row.id, {
          id: reply,
          direction: 'outbound',
          senderType: 'agent',
          senderId: ME,
          text: 'voy',
        }),
      ),
    )
    expect(outbox.list()).toEqual([])
    expect(
      readThread(cache, row.id, null, 50).entries.filter(({ type }) => type === 'message'),
    ).toHaveLength(1)
  })

  test('keeps what was refused, undoes its effect, and asks the person', () => {
    const row = conversation({ assignedTo: ME, status: 'assigned' })
    apply(put('conversation', row))
    const intentId = someId()
    outbox.add(intentId, row.id, { kind: 'close', reason: 'resolved' })
    expect(cache.effective(row.id)?.status).toBe('closed')
    cache.store.run(
      `UPDATE outbox SET state = 'refused', refusal = '{"code":"conflict","details":{}}'`,
    )
    cache.refreshEffective(row.id)
    expect(cache.effective(row.id)?.status).toBe('assigned')
    expect(countInbox(cache, Date.now()).toDecide).toBe(1)
    expect(listInbox(cache, { kind: 'mine' }, 10, QUEUE_ORDER).sections[0]).toMatchObject({
      key: 'to_decide',
      total: 1,
    })
    outbox.discard(intentId)
    expect(countInbox(cache, Date.now()).toDecide).toBe(0)
  })
})

describe('news', () => {
  test('is what became mine by somebody else, and what customers of mine wrote', () => {
    const mine = conversation({ assignedTo: ME, status: 'assigned' })
    expect(apply(put('conversation', mine)).assigned).toEqual([mine.id])
    expect(apply(put('message', message(mine.id))).written).toEqual([mine.id])
    const reaction = message(mine.id, { contentType: 'reaction' })
    expect(apply(put('message', reaction)).written).toEqual([])
    const queued = conversation()
    apply(put('conversation', queued))
    expect(apply(put('message', message(queued.id))).written).toEqual([])
    outbox.add(someId(), queued.id, { kind: 'claim' })
    const claimed = { ...queued, version: 2, status: 'assigned' as const, assignedTo: ME }
    expect(apply(put('conversation', claimed)).assigned).toEqual([])
  })
})

describe('the thread', () => {
  test('is in the customer’s order, then the server’s, page by page without gap or repetition', () => {
    const row = conversation()
    const at = (minute: number): string =>
      `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z`
    const messages = Array.from({ length: 55 }, (_, index) =>
      message(row.id, { sentAt: at(index % 10), text: `m${index}` }),
    )
    apply(put('conversation', row), ...messages.map((one) => put('message', one)))
    const expected = [...messages].toSorted((a, b) =>
      a.sentAt === b.sentAt ? a.seq - b.seq : a.sentAt < b.sentAt ? -1 : 1,
    )
    const shown: string[] = []
    let before: string | null = null
    do {
      const page: ReturnType<typeof readThread> = readThread(cache, row.id, before, 20)
      const texts = page.entries.flatMap((entry) =>
        entry.type === 'message' ? [entry.message.text as string] : [],
      )
      shown.unshift(...texts)
      before = texts.length === 20 ? (page.entries[0]?.key ?? null) : null
    } while (before !== null)
    expect(shown).toEqual(expected.map(({ text }) => text))
  })
})

describe('search', () => {
  test('finds words without their accents, unfinished ones, names and numbers, and takes no operators', () => {
    const row = conversation()
    apply(
      put('customer', customer(row.customerId)),
      put('conversation', row),
      put('message', message(row.id, { text: 'No me deja confirmar el código' })),
    )
    const found = (text: string): number => search(cache, text, 10).length
    expect([
      found('codigo'),
      found('confir'),
      found('CÓDIGO confirmar'),
      found('hector'),
      found('0123456'),
    ]).toEqual([1, 1, 1, 1, 1])
    expect([found('nada'), found('"'), found('a OR b*)('), found('')]).toEqual([0, 0, 0, 0])
    expect(search(cache, 'codigo', 1)[0]?.snippet).toContainEqual({ text: 'código', match: true })
  })
})

describe('offers', () => {
  const NOW = Date.parse('2026-11-20T10:00:10.000Z')
  const shown = () => listOffers(cache, NOW).map(({ id }) => id)

  test('show who asks what and why, the one that ends first first', () => {
    const row = conversation({ priority: 'urgent' })
    apply(
      put('customer', customer(row.customerId)),
      put('conversation', row),
      put('message', message(row.id, { text: 'no me llegó' })),
      put('message', message(row.id, { text: 'voy', direction: 'outbound' })),
    )
    const later = offer(row.id, { expiresAt: '2026-11-20T10:00:40.000Z' })
    const sooner = offer(row.id)
    expect(apply(put('offer', later), put('offer', sooner))).toMatchObject({
      offers: true,
      offered: [later, sooner],
    })
    expect(listOffers(cache, NOW)).toMatchObject([
      {
        id: sooner.id,
        title: 'Héctor Quintanilla',
        priority: 'urgent',
        preview: { contentType: 'text', text: 'no me llegó' },
        explanation: { chosenBecause: 'least_loaded' },
      },
      { id: later.id },
    ])
  })

  test('go when they are decided, and nothing late brings them back', () => {
    const row = conversation()
    const open = offer(row.id)
    const decided = { ...open, version: 2, outcome: 'withdrawn' as const }
    apply(put('conversation', row), put('offer', open))
    expect(shown()).toEqual([open.id])
    expect(apply(put('offer', decided))).toMatchObject({ offers: true, offersOver: [open.id] })
    expect(shown()).toEqual([])
    expect(apply(put('offer', open))).toMatchObject({ offers: false, offered: [] })
    expect(shown()).toEqual([])
  })

  test('decided here stay so until the feed says otherwise', () => {
    const row = conversation()
    const open = offer(row.id)
    apply(put('conversation', row), put('offer', open))
    expect(cache.decideOffer(open.id, 'refused')).toMatchObject({ offersOver: [open.id] })
    apply(put('offer', open))
    expect(shown()).toEqual([])
    expect(cache.decideOffer(open.id, 'accepted')).toMatchObject({ offers: false })
  })

  test('are none after their time, without their conversation, or for somebody else', () => {
    const row = conversation()
    apply(
      put('conversation', row),
      put('offer', offer(row.id, { expiresAt: '2026-11-20T10:00:10.000Z' })),
      put('offer', offer(row.id, { userId: 'somebody' })),
      put('offer', offer(someId())),
    )
    expect(shown()).toEqual([])
  })

  test('that a fresh load does not bring are gone', () => {
    const row = conversation()
    const [gone, still] = [offer(row.id), offer(row.id)]
    apply(put('conversation', row), put('offer', gone), put('offer', still))
    cache.applyBootstrapPage([put('conversation', row), put('offer', still)], 1)
    cache.finishBootstrap(1, cursor(2))
    expect(shown()).toEqual([still.id])
  })
})
