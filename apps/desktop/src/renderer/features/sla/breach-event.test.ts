import { expect, it } from 'vitest'

import { eventContext } from '../conversation/testing/event-context.ts'
import { breachEvent } from './breach-event.ts'

it('a breach names the clock and its target, as far as they are told', () => {
  const breached = (metadata: Record<string, unknown>) =>
    breachEvent.sentence(eventContext({ metadata }))
  expect(breached({ clock: 'resolution', target_seconds: 28_800 })).toEqual({
    id: 'event.breachedTarget',
    values: { clock: 'Resolución', target: '8 h 00' },
  })
  expect(breached({ clock: 'resolution' }).id).toBe('event.breached')
})
