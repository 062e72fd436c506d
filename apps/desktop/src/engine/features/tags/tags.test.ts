import { type ConversationTagRow, type FeedItem, type TagRow } from '@parley/contracts'
import { type Role } from '@parley/domain'
import { describe, expect, test } from 'vitest'

import { REGISTRY } from '../../features.ts'
import { refusal, type ServerClient } from '../../session/server-client.ts'
import { cursor, listed, loadAfresh, openCache, openOutbox, put } from '../../testing/open-cache.ts'
import { conversation, someId, team } from '../../testing/rows.ts'
import { listInbox } from '../inbox/list-inbox.ts'
import { conversationTagOf, lastWish } from './kept-tags.ts'
import { tagOperator } from './tag-operator.ts'
import { shownTags } from './shown-tags.ts'

const tag = (name: string, given: Partial<TagRow> = {}): TagRow => ({
  id: someId(),
  version: 1,
  name,
  color: '#3B82F6',
  teamId: null,
  ...given,
})

const had = (conversationId: string, tagId: string, version = 1): ConversationTagRow => ({
  id: someId(),
  version,
  conversationId,
  tagId,
  addedBy: null,
  createdAt: '2026-11-20T10:00:00.000Z',
})

const REFUND = tag('Reembolso')
const CARD = tag('Tarjeta robada')
const ACCOUNT = tag('Cuenta')

function open(role: Role = 'agent') {
  const { cache, apply } = openCache({ role, teamIds: ['sales'] })
  const outbox = openOutbox(cache)
  const row = conversation({ assignedTo: 'me', status: 'assigned', teamId: 'sales' })
  apply(...[CARD, REFUND, ACCOUNT].map((one) => put('tag', one)), put('conversation', row))
  const wish = (kind: 'add_tag' | 'drop_tag', { id: tagId, name }: TagRow): string => {
    const isOwn = lastWish(cache, row.id, tagId) === 'add_tag'
    const seen = isOwn ? null : conversationTagOf(cache, row.id, tagId)
    return outbox.intend(
      row.id,
      kind === 'add_tag' ? { kind, tagId, name } : { kind, tagId, name, seen },
    ).intentId
  }
  return {
    cache,
    apply,
    outbox,
    row,
    add: (one: TagRow) => wish('add_tag', one),
    drop: (one: TagRow) => wish('drop_tag', one),
    shown: () => shownTags(cache, [row.id]).get(row.id) ?? [],
    found: (filter: string) =>
      listInbox(cache, { kind: 'open' }, 10, { filter, order: 'queue', nowMs: 0 }).sections.flatMap(
        ({ rows }) => rows.map(({ id }) => id),
      ),
  }
}

/** A line on which the server answers like this, one intent after the other. */
function lineThat(...answers: (() => unknown)[]): { client: ServerClient; asked: unknown[] } {
  const asked: unknown[] = []
  const mutate = async (input: unknown) => {
    asked.push(input)
    return answers.shift()?.()
  }
  const trpc = { tags: { add: { mutate }, drop: { mutate } } }
  const client = { ask: (request: (given: typeof trpc) => unknown) => request(trpc) }
  return { client: client as unknown as ServerClient, asked }
}

describe('a conversation’s tags', () => {
  test('are shown by name, in lists, too, and go with the tag or the conversation', () => {
    const { cache, apply, row, shown, found } = open()
    const [card, refund] = [had(row.id, CARD.id), had(row.id, REFUND.id)]
    const applied = apply(put('conversation_tag', card), put('conversation_tag', refund))
    expect([...applied.conversationIds]).toEqual([row.id])
    expect(shown()).toEqual([REFUND.id, CARD.id])
    const { sections } = listInbox(cache, { kind: 'open' }, 10, {
      filter: '',
      order: 'queue',
      nowMs: 0,
    })
    expect(sections.flatMap(({ rows }) => rows.map(({ tagIds }) => tagIds))).toEqual([
      [REFUND.id, CARD.id],
    ])
    apply({ op: 'remove', kind: 'tag', id: CARD.id })
    expect(shown()).toEqual([REFUND.id])
    apply({ op: 'remove', kind: 'conversation_tag', id: refund.id })
    expect([shown(), found('tag:reembolso')]).toEqual([[], []])
    apply(put('conversation_tag', had(row.id, ACCOUNT.id)), {
      op: 'remove',
      kind: 'conversation',
      id: row.id,
    })
    expect(cache.store.all('SELECT * FROM conversation_tags')).toEqual([])
    // A leftover of what this person does not see.
    apply(put('conversation_tag', had(row.id, ACCOUNT.id)))
    expect(cache.store.all('SELECT * FROM conversation_tags')).toEqual([])
  })

  test('are those that a fresh load brings', () => {
    const { cache, apply, row, shown } = open()
    const [card, refund] = [had(row.id, CARD.id), had(row.id, REFUND.id)]
    apply(put('conversation_tag', card), put('conversation_tag', refund))
    const fresh = [put('tag', CARD), put('conversation', row), put('conversation_tag', card)]
    loadAfresh(cache, cursor(9), ...fresh)
    expect(shown()).toEqual([CARD.id])
    expect(cache.store.all('SELECT id FROM tags')).toEqual([{ id: CARD.id }])
  })

  test('are changed at once, without a line; the last wish for a tag counts', () => {
    const { apply, row, outbox, add, drop, shown, found } = open()
    apply(put('conversation_tag', had(row.id, CARD.id)))
    const refund = add(REFUND)
    const card = drop(CARD)
    expect([shown(), found('tag:reembolso'), found('tag:tarjeta')]).toEqual([
      [REFUND.id],
      [row.id],
      [],
    ])
    drop(REFUND)
    expect(shown()).toEqual([])
    add(REFUND)
    expect(shown()).toEqual([REFUND.id])
    outbox.discard(card)
    expect(shown()).toEqual([REFUND.id, CARD.id])
    outbox.discard(refund)
    expect(shown()).toEqual([REFUND.id, CARD.id])
    expect(outbox.list().map(({ kind, text }) => [kind, text])).toEqual([
      ['drop_tag', 'Reembolso'],
      ['add_tag', 'Reembolso'],
    ])
  })

  test('are sent with what their remover saw, and stay or go as the server answers', async () => {
    const { apply, row, outbox, add, drop, shown } = open()
    const card = had(row.id, CARD.id, 3)
    const refund = had(row.id, REFUND.id)
    apply(put('conversation_tag', card))
    add(REFUND)
    drop(CARD)
    drop(REFUND)
    expect(shown()).toEqual([])
    const newer = { ...card, version: 4 }
    const { client, asked } = lineThat(
      () => ({ conversationTag: refund }),
      // Somebody has added it again meanwhile.
      () => ({ conversationTag: newer, droppedId: null }),
      () => ({ conversationTag: null, droppedId: refund.id }),
    )
    outbox.connect(client)
    await expect.poll(() => outbox.list()).toEqual([])
    expect(asked).toMatchObject([
      { conversationId: row.id, tagId: REFUND.id },
      { tagId: CARD.id, seen: { id: card.id, version: 3 } },
      { tagId: REFUND.id, seen: null },
    ])
    expect(shown()).toEqual([CARD.id])
  })

  test('put back and taken off again are taken off as this person’s own', () => {
    const { cache, apply, row, add, drop, shown } = open()
    apply(put('conversation_tag', had(row.id, CARD.id)))
    drop(CARD)
    add(CARD)
    drop(CARD)
    expect(shown()).toEqual([])
    const sent = cache.store.all<{ payload: string }>(
      'SELECT payload FROM outbox ORDER BY position',
    )
    expect(sent.map(({ payload }) => (JSON.parse(payload) as { seen?: unknown }).seen)).toEqual([
      expect.objectContaining({ version: 1 }),
      undefined,
      null,
    ])
  })

  test('that the server refuses to change are as they were', async () => {
    const { outbox, add, shown } = open()
    add(CARD)
    outbox.connect(
      lineThat(() => {
        throw refusal('not_found')
      }).client,
    )
    await expect.poll(() => outbox.list()).toMatchObject([{ state: 'refused' }])
    expect(shown()).toEqual([])
  })

  test('are changed by who answers for it only', () => {
    const { apply, outbox } = open()
    const theirs = conversation({ assignedTo: 'somebody', status: 'assigned', teamId: 'sales' })
    apply(put('conversation', theirs))
    const wish = { kind: 'add_tag', tagId: CARD.id, name: CARD.name } as const
    expect(() => outbox.intend(theirs.id, wish)).toThrow('forbidden')
    expect(() => outbox.intend(someId(), wish)).toThrow('not_found')
  })
})

describe('closing', () => {
  test('needs a tag where the conversation’s team asks for one; one that waits to be sent counts', () => {
    const { apply, outbox, row, add, drop } = open()
    const close = () => outbox.intend(row.id, { kind: 'close', reason: 'resolved' })
    const rule: FeedItem = put('tag_rule', { id: 'support', version: 1, requiredOnClose: true })
    apply(put('team', team('sales')), rule)
    outbox.discard(close().intentId)
    apply(put('tag_rule', { id: 'sales', version: 1, requiredOnClose: true }))
    expect(close).toThrow(refusal('required', { what: 'tags' }))
    const wish = add(CARD)
    outbox.discard(close().intentId)
    drop(CARD)
    expect(close).toThrow('required')
    expect(wish).not.toBe('')
    add(CARD)
    close()
    // Closed, it keeps its last one.
    expect(() => drop(CARD)).toThrow('required')
    apply(put('tag_rule', { id: 'sales', version: 2, requiredOnClose: false }))
    drop(CARD)
  })
})

describe('the operator', () => {
  test('finds by the name whatever its case and accents, by its beginning where no name is so', () => {
    const { cache, apply } = open()
    const wanted = (value: string) => {
      const condition = tagOperator(value, { cache, nowMs: 0 })
      return condition === null ? null : (JSON.parse(String(condition.parameters[0])) as string[])
    }
    apply(put('tag', tag('Cuenta nueva')), put('tag', tag('Devolución')))
    expect(wanted('CUENTA')).toEqual([ACCOUNT.id])
    expect(wanted('cuen')).toHaveLength(2)
    expect(wanted('devolucion')).toHaveLength(1)
    expect(wanted('nadie')).toEqual([])
    expect(wanted(' ')).toBeNull()
  })

  test('belongs to tags', () => {
    expect(REGISTRY.operators.has('tag')).toBe(true)
  })
})

test('a tag that an answer brings again is there still, though the last load did not bring it', () => {
  const { cache, apply, row, shown } = open()
  const refund = had(row.id, REFUND.id)
  apply(put('conversation_tag', refund))
  cache.beginLoad(cursor(5))
  cache.applyLoaded([CARD, REFUND, ACCOUNT].map((one) => put('tag', one)))
  cache.finishLoad(null)
  // Before the slices that take away what the load has ended.
  cache.applyItems([listed(row), put('conversation_tag', refund)])
  while (cache.tidy());
  expect(shown()).toEqual([REFUND.id])
})
