import { describe, expect, test } from 'vitest'

import { openCache, put } from '../../testing/open-cache.ts'
import { clock, conversation, customer, person, presence, team } from '../../testing/rows.ts'
import { countInbox } from '../inbox/count-inbox.ts'
import { readWallboard } from './wallboard.ts'

const at = (time: string): string => `2026-11-20T${time}.000Z`
const nowMs = (time: string): number => Date.parse(at(time))
/** Warns at 10:08, is due at 10:10. */
const QUICK = clock()
const SLOW = clock({ name: 'resolution', warnsAt: at('11:30:00'), dueAt: at('12:00:00') })
const ESCALATION = clock({ name: 'escalation', warnsAt: null, dueAt: at('10:05:00') })
const PAUSED = clock({ name: 'resolution', state: 'paused', warnsAt: null, dueAt: null })

describe('the wallboard', () => {
  function open(role: 'agent' | 'team_lead' | 'supervisor' = 'team_lead') {
    const opened = openCache({ role, teamIds: ['sales'] })
    opened.apply(
      put('team', team('sales')),
      put('team', team('support', { name: 'Soporte' })),
      put('team', team('gone', { isActive: false })),
    )
    return opened
  }

  test('counts a conversation by the worst of its promises, as the clocks stand now', () => {
    const { cache, apply } = open()
    const row = conversation({ clocks: [QUICK, SLOW, ESCALATION] })
    apply(put('conversation', row), put('customer', customer(row.customerId)))
    const counted = (time: string) => {
      const { teams, due, dueTotal } = readWallboard(cache, nowMs(time))
      const [sales] = teams
      return [sales?.warning, sales?.overdue, sales?.escalated, due.length, dueTotal]
    }
    expect(counted('09:09:59')).toEqual([0, 0, 0, 0, { overdue: 0, warning: 0 }])
    // On time: nothing to be done about it yet.
    expect(counted('10:07:59')).toEqual([0, 0, 1, 0, { overdue: 0, warning: 0 }])
    expect(counted('10:08:00')).toEqual([1, 0, 1, 1, { overdue: 0, warning: 1 }])
    expect(counted('10:10:00')).toEqual([0, 1, 1, 1, { overdue: 1, warning: 0 }])
    apply(put('conversation', { ...row, version: 2, clocks: [SLOW] }))
    expect(counted('10:10:00')).toEqual([0, 0, 0, 0, { overdue: 0, warning: 0 }])
    // Far from due and warning all the same.
    const early = { ...SLOW, warnsAt: at('10:00:00') }
    apply(put('conversation', { ...row, version: 3, clocks: [early] }))
    expect(counted('10:10:00')).toEqual([1, 0, 0, 1, { overdue: 0, warning: 1 }])
    apply(
      put('conversation', { ...row, version: 4, clocks: [{ ...PAUSED, dueAt: at('09:00:00') }] }),
    )
    expect(counted('10:10:00')).toEqual([0, 0, 0, 0, { overdue: 0, warning: 0 }])
  })

  test('marks a team’s queue with the worst that waits in it', () => {
    const { cache, apply } = open()
    const queued = conversation({ clocks: [QUICK, ESCALATION] })
    const owned = conversation({
      status: 'assigned',
      assignedTo: 'somebody',
      clocks: [{ ...QUICK, warnsAt: at('08:00:00'), dueAt: at('09:00:00') }],
    })
    apply(put('conversation', queued), put('customer', customer(queued.customerId)))
    apply(put('conversation', owned), put('customer', customer(owned.customerId)))
    const due = (time: string) => countInbox(cache, nowMs(time)).due[queued.teamId ?? '']
    expect(due('10:07:59')).toBeUndefined()
    expect(due('10:08:00')).toBe('warning')
    expect(due('10:10:00')).toBe('overdue')
  })

  test('says what is due in its order, never an escalation', () => {
    const { cache, apply } = open()
    const later = conversation({ clocks: [SLOW, ESCALATION], priority: 'urgent' })
    const sooner = conversation({ clocks: [ESCALATION, QUICK, SLOW] })
    const closed = conversation({ clocks: [QUICK], status: 'closed' })
    apply(
      ...[later, sooner, closed].map((row) => put('conversation', row)),
      put('customer', customer(sooner.customerId)),
    )
    expect(readWallboard(cache, nowMs('11:30:00')).due).toMatchObject([
      { conversationId: sooner.id, title: 'Héctor Quintanilla', clock: QUICK },
      { conversationId: later.id, clock: SLOW },
    ])
  })

  test('shows the queue and the people of each team', () => {
    const { cache, apply } = open()
    const [ana, leo] = [person(), person({ fullName: 'Leo' })]
    apply(
      put('person', ana),
      put('person', leo),
      put('presence', presence(ana.id)),
      put('presence', presence(leo.id, { status: 'away' })),
      put('person', person({ isActive: false })),
      put('conversation', conversation({ queuedAt: at('09:59:00') })),
      put('conversation', conversation({ queuedAt: at('09:50:00') })),
      put('conversation', conversation({ assignedTo: ana.id, status: 'assigned', queuedAt: null })),
    )
    expect(readWallboard(cache, nowMs('10:00:00')).teams).toEqual([
      {
        teamId: 'sales',
        queued: 2,
        oldestQueuedSince: at('09:50:00'),
        warning: 0,
        overdue: 0,
        escalated: 0,
        online: 1,
        members: 2,
        load: 1,
        capacity: 6,
      },
    ])
  })

  test('is of the teams that its reader watches', () => {
    const shown = (role: 'agent' | 'team_lead' | 'supervisor') => {
      const { cache, apply } = open(role)
      apply(
        put('conversation', conversation({ clocks: [QUICK] })),
        put('conversation', conversation({ clocks: [QUICK], teamId: 'support' })),
        put('conversation', conversation({ clocks: [QUICK], teamId: null })),
      )
      const { teams, due, dueTotal } = readWallboard(cache, nowMs('10:10:00'))
      return [teams.map(({ teamId }) => teamId), due.length, dueTotal.overdue]
    }
    expect(shown('agent')).toEqual([[], 0, 0])
    expect(shown('team_lead')).toEqual([['sales'], 1, 1])
    expect(shown('supervisor')).toEqual([['support', 'sales'], 3, 3])
  })
})
