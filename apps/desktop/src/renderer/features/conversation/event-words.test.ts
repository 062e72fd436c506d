import type { EventRow } from '@parley/contracts'
import { describe, expect, it } from 'vitest'

import { eventSentence } from './event-words.ts'

const sentence = (event: Partial<EventRow>) =>
  eventSentence({
    event: { metadata: {}, oldValue: null, newValue: null, actorId: null, ...event } as EventRow,
    nameOf: (id) => `the ${id}`,
    myId: 'me',
    words: { priority: (value) => value, closeReason: (value) => value },
  })
const transferred = (actorId: string, to: string) =>
  sentence({ type: 'conversation.transferred', actorId, newValue: { assigned_to: to } })

describe('a transfer', () => {
  it('names who gave and who has it now', () => {
    expect(transferred('lead', 'me').id).toBe('event.transferredToMe')
    expect(transferred('me', 'bruno')).toEqual({
      id: 'event.transferredByMe',
      values: { target: 'the bruno' },
    })
    expect(transferred('lead', 'bruno')).toEqual({
      id: 'event.transferred',
      values: { who: 'the lead', target: 'the bruno' },
    })
  })

  it('to oneself is a take-over', () => {
    expect(transferred('me', 'me').id).toBe('event.tookOverByMe')
    expect(transferred('lead', 'lead')).toEqual({
      id: 'event.tookOver',
      values: { who: 'the lead' },
    })
  })
})
