import type { MessageRow, OutboxView, ThreadEntry } from '@parley/contracts'
import { describe, expect, it } from 'vitest'

import { othersAfter, threadItems } from './thread-items.ts'

const NOON = new Date(2026, 10, 23, 12).getTime()
let seq = 0

function message(
  minutes: number,
  from: 'customer' | 'me' | 'Rodrigo',
  more: Partial<MessageRow> = {},
): ThreadEntry {
  seq += 1
  const at = new Date(NOON + minutes * 60_000).toISOString()
  const row = {
    id: `m${seq}`,
    seq,
    direction: from === 'customer' ? 'inbound' : 'outbound',
    senderType: from === 'customer' ? 'customer' : 'agent',
    senderId: from === 'customer' ? null : from,
    sentAt: at,
    ...more,
  } as MessageRow
  return {
    type: 'message',
    key: row.id,
    at,
    message: row,
    authorName: from === 'Rodrigo' ? from : null,
    isMine: from === 'me',
    outbox: null,
    quoted: null,
  }
}
const event = (minutes: number, type: string, metadata: object = {}): ThreadEntry =>
  ({
    type: 'event',
    key: `${type} ${minutes}`,
    at: new Date(NOON + minutes * 60_000).toISOString(),
    event: { type, metadata },
    names: {},
  }) as unknown as ThreadEntry

const kinds = (items: ReturnType<typeof threadItems>) =>
  items.map((item) =>
    item.kind === 'message' ? (item.isFirstOfRun ? 'first' : 'next') : item.kind,
  )

describe('runs', () => {
  it('join what one person wrote within five minutes', () => {
    const items = threadItems(
      [message(0, 'customer'), message(2, 'customer'), message(8, 'customer'), message(9, 'me')],
      0,
      [],
    )
    expect(kinds(items)).toEqual(['day', 'first', 'next', 'first', 'first'])
  })

  it('part at another author of the same side, who is named once', () => {
    const items = threadItems(
      [message(0, 'me'), message(1, 'Rodrigo'), message(2, 'Rodrigo')],
      0,
      [],
    )
    expect(kinds(items)).toEqual(['day', 'first', 'first', 'next'])
    expect(items.map((item) => item.kind === 'message' && item.showsAuthor)).toEqual([
      false,
      false,
      true,
      false,
    ])
  })

  it('part at what happened in between', () => {
    const items = threadItems(
      [message(0, 'me'), event(1, 'conversation.assigned'), message(2, 'me')],
      0,
      [],
    )
    expect(kinds(items)).toEqual(['day', 'first', 'event', 'first'])
  })
})

describe('days', () => {
  it('begin with their line, and with a run of their own', () => {
    const items = threadItems(
      [message(11 * 60 + 58, 'customer'), message(12 * 60 + 1, 'customer')],
      0,
      [],
    )
    expect(kinds(items)).toEqual(['day', 'first', 'day', 'first'])
  })
})

describe('the first day that was read', () => {
  it('has no line while there may be more of it above', () => {
    const items = threadItems(
      [message(0, 'customer'), message(12 * 60 + 1, 'customer')],
      0,
      [],
      true,
    )
    expect(kinds(items)).toEqual(['first', 'day', 'first'])
  })
})

describe('the line "new since"', () => {
  it("stands before the first of the customer's that had not been seen, with the time of what had", () => {
    const seen = message(0, 'customer')
    const answer = message(1, 'me')
    const fresh = message(2, 'customer')
    const items = threadItems([seen, answer, fresh], seq - 1, [])
    expect(kinds(items)).toEqual(['day', 'first', 'first', 'new_since', 'first'])
    expect(items[3]).toMatchObject({ at: Date.parse(answer.at) })
  })

  it('is not drawn for one who had seen nothing, nor where nothing is new', () => {
    expect(kinds(threadItems([message(0, 'customer')], 0, []))).toEqual(['day', 'first'])
    expect(kinds(threadItems([message(0, 'customer')], seq, []))).toEqual(['day', 'first'])
  })

  it('is not drawn for what colleagues wrote', () => {
    const before = message(0, 'customer')
    expect(kinds(threadItems([before, message(1, 'Rodrigo')], seq - 1, []))).toEqual([
      'day',
      'first',
      'first',
    ])
  })
})

describe('what is not shown', () => {
  it('is the change of state that a message itself says', () => {
    expect(
      kinds(
        threadItems(
          [message(0, 'me'), event(0, 'conversation.status_changed'), message(1, 'me')],
          0,
          [],
        ),
      ),
    ).toEqual(['day', 'first', 'next'])
  })
})

describe('an answer that did not arrive', () => {
  it('is said, since the message alone does not say that the customer waits again', () => {
    const failed = event(0, 'conversation.status_changed', { reason: 'answer_failed' })
    expect(kinds(threadItems([message(0, 'me'), failed], 0, []))).toEqual(['day', 'first', 'event'])
  })
})

describe('refused intents', () => {
  it('stand at the end', () => {
    const intent = { intentId: 'i1' } as OutboxView
    expect(kinds(threadItems([message(0, 'customer')], 0, [intent]))).toEqual([
      'day',
      'first',
      'refused',
    ])
  })
})

describe('what came below a reader', () => {
  it('counts the messages of others', () => {
    const first = message(0, 'customer')
    const items = threadItems(
      [first, message(1, 'customer'), message(2, 'me'), message(3, 'Rodrigo')],
      0,
      [],
    )
    expect(othersAfter(items, first.key)).toBe(2)
    expect(othersAfter(items, null)).toBe(0)
    expect(othersAfter(items, 'gone')).toBe(0)
  })
})
