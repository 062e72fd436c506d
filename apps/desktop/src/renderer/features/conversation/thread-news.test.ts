import type { ThreadEntry } from '@parley/contracts'
import { describe, expect, test } from 'vitest'

import { event, message, someId } from '../../../engine/testing/rows.ts'
import { threadItems } from './thread-items.ts'
import { threadNews } from './thread-news.ts'

const ME = someId()
const CONVERSATION = someId()
let seq = 0

function says(
  text: string,
  more: Partial<Extract<ThreadEntry, { type: 'message' }>> & { failed?: boolean } = {},
): Extract<ThreadEntry, { type: 'message' }> {
  seq += 1
  const { failed = false, isMine = false, ...rest } = more
  const row = message(CONVERSATION, {
    seq,
    text,
    direction: isMine ? 'outbound' : 'inbound',
    ...(isMine ? { status: failed ? ('failed' as const) : ('sent' as const) } : {}),
  })
  return {
    type: 'message',
    key: row.id,
    at: new Date(Date.UTC(2026, 10, 20, 12, seq)).toISOString(),
    message: row,
    quoted: null,
    authorName: null,
    isMine,
    outbox: null,
    ...rest,
  }
}

const items = (...entries: ThreadEntry[]) => threadItems(entries, 0, [], true)
const toldOf = (before: ThreadEntry[], after: ThreadEntry[]) =>
  threadNews(items(...before), items(...after), ME).map((news) =>
    news.kind === 'event' ? news.entry.event.type : `${news.kind}: ${news.entry.message.text}`,
  )

describe('what a screen reader says of the open thread', () => {
  const first = says('Hola')
  const second = says('¿Siguen ahí?')

  test('a message that arrives', () => {
    expect(toldOf([first], [first, second])).toEqual(['message: ¿Siguen ahí?'])
  })

  test('a message whose time is of before the last thing that happened', () => {
    const late = says('Se me olvidaba')
    expect(toldOf([first, second], [first, late, second])).toEqual(['message: Se me olvidaba'])
  })

  test('nothing of what is scrolled in above', () => {
    const old = Array.from({ length: 137 }, (_, n) => says(`antes ${n}`))
    expect(toldOf([first, second], [...old, first, second])).toEqual([])
  })

  test('nothing of what one has written oneself', () => {
    expect(toldOf([first], [first, says('Buenas tardes', { isMine: true })])).toEqual([])
  })

  test('that one’s own message failed, once', () => {
    const sent = says('Ya quedó', { isMine: true })
    const failed = { ...sent, message: { ...sent.message, status: 'failed' as const } }
    expect(toldOf([first, sent], [first, failed])).toEqual(['failed: Ya quedó'])
    expect(toldOf([first, failed], [first, failed])).toEqual([])
    expect(toldOf([first], [failed, first])).toEqual([])
  })

  test('what others do with the conversation, not what one does', () => {
    const moved = (actorId: string): ThreadEntry => {
      const row = event(CONVERSATION, { type: 'conversation.transferred', actorId })
      return { type: 'event', key: row.id, at: first.at, event: row, names: {} }
    }
    expect(toldOf([first], [first, moved(someId())])).toEqual(['conversation.transferred'])
    expect(toldOf([first], [first, moved(ME)])).toEqual([])
  })
})
