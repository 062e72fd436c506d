import { describe, expect, test } from 'vitest'

import { openCache, openOutbox, put } from '../../testing/open-cache.ts'
import { clock, conversation, message } from '../../testing/rows.ts'
import { readConversation } from '../conversations/conversation-view.ts'
import { listInbox, type InboxChoice } from '../inbox/list-inbox.ts'

const at = (time: string): string => `2026-11-20T${time}.000Z`
const nowMs = (time: string): number => Date.parse(at(time))
/** Warns at 10:08, is due at 10:10. */
const QUICK = clock()
const SLOW = clock({ name: 'resolution', warnsAt: at('11:30:00'), dueAt: at('12:00:00') })
const ESCALATION = clock({ name: 'escalation', warnsAt: null, dueAt: at('10:05:00') })
const PAUSED = clock({ name: 'resolution', state: 'paused', warnsAt: null, dueAt: null })

describe('the inbox', () => {
  const choice = (given: Partial<InboxChoice>): InboxChoice => ({
    filter: '',
    order: 'queue',
    nowMs: nowMs('10:09:00'),
    ...given,
  })

  test('shows of each the clock that is due first, else one that stands still', () => {
    const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
    const rows = [[SLOW, QUICK], [PAUSED], [clock({ state: 'stopped', dueAt: null })], []].map(
      (clocks) => conversation({ clocks }),
    )
    apply(...rows.map((row) => put('conversation', row)))
    const { sections } = listInbox(cache, { kind: 'open' }, 10, choice({}))
    const shown = new Map(sections.flatMap((section) => section.rows).map((row) => [row.id, row]))
    expect(rows.map(({ id }) => shown.get(id)?.clock)).toEqual([QUICK, PAUSED, null, null])
  })

  test('can be narrowed to what warns or is overdue, and put in the order of due instants', () => {
    const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
    const calm = conversation({ clocks: [SLOW], priority: 'urgent' })
    const warning = conversation({ clocks: [QUICK, SLOW] })
    const overdue = conversation({ clocks: [ESCALATION], priority: 'low' })
    const none = conversation({ priority: 'urgent' })
    const closed = conversation({ clocks: [QUICK], status: 'closed' })
    apply(...[calm, warning, overdue, none, closed].map((row) => put('conversation', row)))
    const ids = (given: Partial<InboxChoice>) =>
      listInbox(cache, { kind: 'open' }, 10, choice(given)).sections.flatMap(({ rows, total }) => {
        expect(total).toBe(rows.length)
        return rows.map(({ id }) => id)
      })
    expect(ids({})).toEqual([calm.id, none.id, warning.id, overdue.id])
    expect(ids({ order: 'due' })).toEqual([overdue.id, warning.id, calm.id, none.id])
    expect(ids({ filter: 'due:warning' })).toEqual([warning.id, overdue.id])
    expect(ids({ filter: 'due:overdue' })).toEqual([overdue.id])
    const { sections } = listInbox(cache, { kind: 'closed' }, 10, choice({ filter: 'due:warning' }))
    expect(sections).toEqual([])
    for (const filter of ['due:soon', 'overdue', 'due:warning nobody:knows']) {
      expect(() => ids({ filter })).toThrow('invalid_input')
    }
  })
})

describe('a conversation', () => {
  test('has all its clocks, running ones first, and its priority where this person may set it', () => {
    const { cache, apply } = openCache({ role: 'agent', teamIds: ['sales'] })
    const outbox = openOutbox(cache)
    const met = clock({ state: 'stopped', dueAt: null, warnsAt: null, tookSeconds: 30 })
    const row = conversation({
      clocks: [met, PAUSED, SLOW, ESCALATION],
      assignedTo: 'me',
      status: 'assigned',
    })
    apply(put('conversation', row), put('message', message(row.id)))
    expect(readConversation(cache, outbox, row.id)).toMatchObject({
      clocks: [ESCALATION, SLOW, PAUSED, met],
      abilities: { setPriority: true },
    })
    outbox.add('01890a5d-ac96-774b-bcce-b302099a8057', row.id, {
      kind: 'set_priority',
      priority: 'urgent',
    })
    expect(readConversation(cache, outbox, row.id)?.row.priority).toBe('urgent')
    const colleagues = conversation({ assignedTo: 'somebody', status: 'assigned' })
    apply(put('conversation', colleagues))
    expect(readConversation(cache, outbox, colleagues.id)?.abilities.setPriority).toBe(false)
  })
})
