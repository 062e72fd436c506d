import { expect, it } from 'vitest'

import { conversationRefusal } from './refusals.ts'

const conflict = (details: Record<string, unknown>) =>
  conversationRefusal({ code: 'conflict', details })

it('says what somebody else did with it; who assigned it to themselves claimed it', () => {
  const action = 'conversation.assigned'
  expect(conflict({ action, by: 'p1', assignedTo: 'p1' })).toEqual({ did: 'conflict.claimed' })
  expect(conflict({ action, by: 'p1', assignedTo: 'p2' })).toEqual({ did: 'conflict.assigned' })
  expect(conflict({ action: 'conversation.closed' })).toEqual({ did: 'conflict.closed' })
})

it('says what stands in the way where nobody in particular did anything', () => {
  expect(conflict({ action: 'already_open' })).toEqual({ title: 'error.conflict.alreadyOpen' })
})

it('names the business’s own phone where an answer has no other name', () => {
  const outdated = (by: string | null) =>
    conversationRefusal({ code: 'reply_outdated', details: { by } })
  expect(outdated(null)).toEqual({ title: 'error.reply_outdated.fromPhone' })
  expect(outdated('p1')).toBeNull()
})

it('leaves the rest to what is said of every refusal', () => {
  expect(conflict({ action: 'something new' })).toBeNull()
  expect(conversationRefusal({ code: 'forbidden', details: { action: 'claim' } })).toBeNull()
})
