import { describe, expect, it } from 'vitest'

import { lifecycleEvents } from './lifecycle-events.ts'
import { eventContext } from './testing/event-context.ts'

const transferred = (actorId: string, to: string) =>
  lifecycleEvents['conversation.transferred'].sentence(
    eventContext({ actorId, newValue: { assigned_to: to } }),
  )

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

describe('an end', () => {
  it('names its reason, as it came where it is none of ours', () => {
    const closed = (reason: string) =>
      lifecycleEvents['conversation.closed'].sentence(
        eventContext({ actorId: 'bruno', metadata: { close_reason: reason } }),
      ).values
    expect(closed('resolved')).toEqual({ who: 'the bruno', reason: 'resuelta' })
    expect(closed('merged')).toEqual({ who: 'the bruno', reason: 'merged' })
  })
})
