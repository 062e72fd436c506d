import { describe, expect, it } from 'vitest'

import { createFactReader, type ChangeRow } from './story-feed.ts'
import { createStoryteller, duration, type Fact } from './story.ts'

const at = (ms: number): Date => new Date(new Date(2026, 10, 23, 12, 3, 4, 120).getTime() + ms)
const fact = (kind: Fact['kind'], ms: number, more: Partial<Fact> = {}): Fact => ({
  conversationId: 'c1',
  customer: 'Lucía Barrientos',
  kind,
  at: at(ms),
  ...more,
})
const WHOLE = [
  fact('arrived', 0),
  fact('triaged', 12, { who: 'Customer Service' }),
  fact('assigned', 33, { who: 'Mariana Solís' }),
  fact('answered', 4233),
  fact('sent', 4300),
  fact('delivered', 4383),
  fact('read', 5400),
]

describe('the story', () => {
  it('tells the first conversations step by step, and then as a whole', () => {
    const teller = createStoryteller(1)
    expect(WHOLE.flatMap((one) => teller.tell(one))).toEqual([
      '12:03:04.120  Lucía Barrientos        arrived',
      '12:03:04.132  Lucía Barrientos        triaged to Customer Service +12 ms',
      '12:03:04.153  Lucía Barrientos        assigned to Mariana Solís +21 ms',
      '12:03:08.353  Lucía Barrientos        answered +4.2 s',
      '12:03:08.503  Lucía Barrientos        delivered +150 ms',
      '12:03:09.520  Lucía Barrientos        read +1.0 s',
      '12:03:04.120  Lucía Barrientos        arrived → triaged to Customer Service +12 ms → assigned to Mariana Solís +21 ms → answered +4.2 s → delivered +150 ms → read +1.0 s',
    ])
  })

  it('tells later ones in one line, and of each only the first round', () => {
    const teller = createStoryteller(0)
    const lines = [...WHOLE, fact('answered', 9000), fact('read', 9500)].flatMap((one) =>
      teller.tell(one),
    )
    expect(lines).toHaveLength(1)
    expect(teller.summary(at(10_000))).toBe(
      '12:03:14.120  1 conversation, 2 answers, 2 read, 0 closed, first answer after 4.2 s (median), nobody waits for a first answer',
    )
  })

  it('says who waits, and what failed', () => {
    const teller = createStoryteller(0)
    teller.tell(fact('arrived', 0))
    teller.tell(fact('returned', 60_000, { conversationId: 'c2' }))
    expect(teller.summary(at(125_000))).toContain(
      '2 wait for a first answer, the longest 2 min 5 s',
    )
    teller.tell(fact('answered', 130_000))
    expect(teller.tell(fact('failed', 131_000))).toEqual([
      expect.stringContaining('could not be delivered'),
    ])
  })

  it('writes durations for people', () => {
    expect([999, 1000, 59_900, 61_000, 3_700_000].map(duration)).toEqual([
      '999 ms',
      '1.0 s',
      '59.9 s',
      '1 min 1 s',
      '1 h 1 min',
    ])
  })
})

const change = (version: number, status: ChangeRow['status'], current: number): ChangeRow => ({
  transaction: '1',
  number: String(version),
  created_at: at(version),
  conversation_id: 'c1',
  customer: 'Lucía',
  message_id: 'm1',
  direction: 'outbound',
  version: String(version),
  current_version: String(current),
  status,
  event_type: null,
  person: null,
  team: null,
})

describe('facts from the feed', () => {
  it('find every step of a message that has already gone all the way', () => {
    const read = createFactReader()
    const kinds = [1, 3, 4, 5].map((version) => read(change(version, 'read', 5))?.kind)
    expect(kinds).toEqual(['answered', 'sent', 'delivered', 'read'])
  })

  it('follow one as it goes, leave out what was skipped, and take nothing for a step that is none', () => {
    const read = createFactReader()
    expect(read(change(1, 'pending', 1))?.kind).toBe('answered')
    expect(read(change(2, 'pending', 2))).toBeNull()
    expect(read(change(3, 'read', 3))?.kind).toBe('read')
    expect(read(change(4, 'read', 4))).toBeNull()
  })

  it('ignore messages from before, and those of customers', () => {
    const read = createFactReader()
    expect(read(change(4, 'read', 4))).toBeNull()
    expect(read({ ...change(1, 'delivered', 1), direction: 'inbound' })).toBeNull()
  })
})
