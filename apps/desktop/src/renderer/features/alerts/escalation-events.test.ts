import { describe, expect, it } from 'vitest'

import { eventContext } from '../conversation/testing/event-context.ts'
import { escalationEvents } from './escalation-events.ts'

describe('what becomes of a broken promise', () => {
  it('says to whom it was escalated: oneself, a person and how many more, or the level', () => {
    const escalated = (metadata: Record<string, unknown>) =>
      escalationEvents['sla.escalated'].sentence(eventContext({ metadata }))
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
      escalationEvents['sla.escalation_acknowledged'].sentence(eventContext({ actorId }))
    expect(acknowledged('me').id).toBe('event.acknowledgedByMe')
    expect(acknowledged('bruno')).toEqual({
      id: 'event.acknowledged',
      values: { who: 'the bruno' },
    })
  })
})
