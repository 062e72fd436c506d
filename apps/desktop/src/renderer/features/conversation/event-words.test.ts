import type { EventRow } from '@parley/contracts'
import { describe, expect, it } from 'vitest'

import { eventSentence } from './event-words.ts'

const sentence = (event: Partial<EventRow>) =>
  eventSentence({
    event: { metadata: {}, oldValue: null, newValue: null, actorId: null, ...event } as EventRow,
    nameOf: (id) => `the ${id}`,
    myId: 'me',
    words: {
      priority: (value) => value,
      clock: (value: string) => value,
      closeReason: (value) => value,
    },
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

describe('what becomes of a promise', () => {
  it('names the clock and its target, as far as they are told', () => {
    const breached = (metadata: Record<string, unknown>) =>
      sentence({ type: 'sla.breached', metadata })
    expect(breached({ clock: 'resolution', target_seconds: 28_800 })).toEqual({
      id: 'event.breachedTarget',
      values: { clock: 'resolution', target: '8 h 00' },
    })
    expect(breached({ clock: 'resolution' }).id).toBe('event.breached')
  })

  it('says to whom it was escalated: oneself, a person and how many more, or the level', () => {
    const escalated = (metadata: Record<string, unknown>) =>
      sentence({ type: 'sla.escalated', metadata })
    expect(escalated({ level: 1, to: ['bruno'] })).toEqual({
      id: 'event.escalated',
      values: { name: 'the bruno', count: 0 },
    })
    expect(escalated({ level: 2, to: ['bruno', 'me', 'ana'] })).toEqual({
      id: 'event.escalatedToMe',
      values: { count: 2 },
    })
    expect(escalated({ level: 1, to: 'bruno' }).id).toBe('event.escalated')
    expect([1, 2, 3].map((level) => escalated({ level }).id)).toEqual([
      'event.escalatedTo.lead',
      'event.escalatedTo.supervisors',
      'event.escalatedTo.admins',
    ])
  })

  it('names who acknowledged', () => {
    const acknowledged = (actorId: string) =>
      sentence({ type: 'sla.escalation_acknowledged', actorId })
    expect(acknowledged('me').id).toBe('event.acknowledgedByMe')
    expect(acknowledged('bruno')).toEqual({
      id: 'event.acknowledged',
      values: { who: 'the bruno' },
    })
  })
})

describe('another priority', () => {
  it('names who set it', () => {
    const changed = (actorId: string | null) =>
      sentence({ type: 'conversation.priority_changed', actorId, newValue: { priority: 'high' } })
    expect(changed(null)).toEqual({ id: 'event.priority', values: { priority: 'high' } })
    expect(changed('me').id).toBe('event.priorityByMe')
    expect(changed('bruno').values).toEqual({ who: 'the bruno', priority: 'high' })
  })
})
