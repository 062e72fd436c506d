import { describe, expect, test } from 'vitest'

import { openCache, put } from '../../testing/open-cache.ts'
import { conversation, message } from '../../testing/rows.ts'
import { readThread } from './thread.ts'

describe('the thread', () => {
  test('is in the customer’s order, then the server’s, page by page without gap or repetition', () => {
    const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
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
