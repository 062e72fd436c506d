import type { Topic } from '@parley/contracts'
import { describe, expect, it } from 'vitest'

import { type StaleWhen, isStale } from './changes.ts'

const stale = (when: StaleWhen, conversationIds: string[] | null, topics: Topic[] = []) =>
  isStale(when, { conversationIds, topics }, 'c1')

describe('an answer is stale', () => {
  it('by a kind of rows that it is made of', () => {
    expect(stale({ topics: ['person', 'team'] }, [], ['team'])).toBe(true)
    expect(stale({ topics: ['person', 'team'] }, ['c1'], ['offer'])).toBe(false)
    expect(stale({}, null, ['team'])).toBe(false)
  })

  it('by any conversation, or by the one that was asked for', () => {
    expect(stale({ conversations: 'any' }, ['c2'])).toBe(true)
    expect(stale({ conversations: 'any' }, [])).toBe(false)
    expect(stale({ conversations: 'same' }, ['c2'])).toBe(false)
    expect(stale({ conversations: 'same' }, ['c2', 'c1'])).toBe(true)
    expect(stale({ conversations: 'same' }, null)).toBe(true)
  })
})
