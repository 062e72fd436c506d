import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  CONVERSATION_STATES,
  LIFECYCLE_EVENTS,
  OWNED_STATES,
  transition,
  undoneTo,
  type ConversationState,
  type LifecycleEvent,
} from './lifecycle.ts'

const anyEvents = fc.array(fc.constantFrom(...LIFECYCLE_EVENTS), { maxLength: 60 })

/** The states a conversation goes through; refused events leave it where it is. */
function walk(events: readonly (typeof LIFECYCLE_EVENTS)[number][]): ConversationState[] {
  const states: ConversationState[] = ['new']
  for (const event of events) {
    const current = states.at(-1) as ConversationState
    states.push(transition(current, event) ?? current)
  }
  return states
}

describe('over any sequence of events', () => {
  test('a conversation is always in a known state', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        for (const state of walk(events)) expect(CONVERSATION_STATES).toContain(state)
      }),
    )
  })

  test('it never returns to new or triage once it has left them', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const states = walk(events)
        const left = states.findIndex((state) => state !== 'new' && state !== 'triage')
        if (left === -1) return
        expect(states.slice(left)).not.toContain('new')
        expect(states.slice(left)).not.toContain('triage')
      }),
    )
  })

  test('only a reopening, or undoing the close, leads out of closed', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const states = walk(events)
        events.forEach((event, index) => {
          if (states[index] !== 'closed' || states[index + 1] === 'closed') return
          expect(event).toMatch(/^(reopened|undone)_to_/)
        })
      }),
    )
  })

  test('nobody answers a conversation that has no owner', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const states = walk(events)
        events.forEach((event, index) => {
          const before = states[index] as ConversationState
          if (event !== 'agent_replied' || transition(before, event) === null) return
          expect(OWNED_STATES.has(before)).toBe(true)
        })
      }),
    )
  })

  test('a customer’s words never change whose it is, nor close or reopen it', () => {
    for (const state of CONVERSATION_STATES) {
      const next = transition(state, 'customer_wrote')
      if (state === 'closed') expect(next).toBeNull()
      else expect(OWNED_STATES.has(next as ConversationState)).toBe(OWNED_STATES.has(state))
    }
  })
})

const OPEN_AFTER_TRIAGE = ['queued', 'assigned', 'pending_customer', 'pending_agent'] as const

test('what is undone leads back to how it stood, and never to before triage', () => {
  for (const from of [...OPEN_AFTER_TRIAGE, 'closed'] as const) {
    for (const to of OPEN_AFTER_TRIAGE) {
      expect(transition(from, undoneTo(to) as LifecycleEvent)).toBe(to)
    }
  }
  for (const state of ['new', 'triage', 'closed'] as const) expect(undoneTo(state)).toBeNull()
})

test('the table is the one of the product’s behaviour', () => {
  const rows = CONVERSATION_STATES.flatMap((from) =>
    LIFECYCLE_EVENTS.filter((event) => !event.startsWith('undone_')).flatMap((event) => {
      const to = transition(from, event)
      return to === null ? [] : [`${from} + ${event} = ${to}`]
    }),
  )
  expect(rows).toEqual([
    'new + triage_began = triage',
    'new + assigned_by_person = assigned',
    'new + customer_wrote = new',
    'new + closed = closed',
    'triage + triaged = queued',
    'triage + assigned_by_person = assigned',
    'triage + customer_wrote = triage',
    'triage + closed = closed',
    'queued + assigned_by_person = assigned',
    'queued + agent_chosen = assigned',
    'queued + moved_to_team = queued',
    'queued + customer_wrote = queued',
    'queued + closed = closed',
    'assigned + customer_wrote = assigned',
    'assigned + agent_replied = pending_customer',
    'assigned + transferred_to_agent = assigned',
    'assigned + returned_to_queue = queued',
    'assigned + closed = closed',
    'pending_customer + customer_wrote = pending_agent',
    'pending_customer + agent_replied = pending_customer',
    'pending_customer + answer_failed = pending_agent',
    'pending_customer + transferred_to_agent = assigned',
    'pending_customer + returned_to_queue = queued',
    'pending_customer + closed = closed',
    'pending_agent + customer_wrote = pending_agent',
    'pending_agent + agent_replied = pending_customer',
    'pending_agent + transferred_to_agent = assigned',
    'pending_agent + returned_to_queue = queued',
    'pending_agent + closed = closed',
    'closed + reopened_to_agent = assigned',
    'closed + reopened_to_queue = queued',
  ])
})
