import { expect, it } from 'vitest'

import { eventContext } from '../conversation/testing/event-context.ts'
import { priorityEvent } from './priority-event.ts'

it('another priority names who set it', () => {
  const changed = (actorId: string | null) =>
    priorityEvent.sentence(eventContext({ actorId, newValue: { priority: 'high' } }))
  expect(changed(null)).toEqual({ id: 'event.priority', values: { priority: 'alta' } })
  expect(changed('me').id).toBe('event.priorityByMe')
  expect(changed('bruno').values).toEqual({ who: 'the bruno', priority: 'alta' })
})
