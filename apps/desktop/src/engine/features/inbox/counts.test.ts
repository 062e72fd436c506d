import {
  type ConversationRow,
  type InboxList,
  type InboxView,
  type MessageRow,
} from '@parley/contracts'
import { type Role } from '@parley/domain'
import { describe, expect, test } from 'vitest'

import { openCache, put } from '../../testing/open-cache.ts'
import { conversation, customer, message, readMark, someId, team } from '../../testing/rows.ts'
import { markRead, readSeq } from '../reads/index.ts'
import { readWallboard } from '../wallboard/wallboard.ts'
import { countInbox } from './count-inbox.ts'
import { listInbox } from './list-inbox.ts'

const TEAMS = ['sales', 'support', 'billing']
const PEOPLE = ['me', 'ana', null]
const STATES = [
  'new',
  'triage',
  'queued',
  'assigned',
  'pending_agent',
  'pending_customer',
  'closed',
] as const
const WHOLE = { filter: '', order: 'queue', nowMs: 0 } as const

/** What is so, kept beside the cache in the plainest way. */
interface Known {
  rows: Map<string, ConversationRow>
  messages: MessageRow[]
  refused: Set<string>
  marks: Map<string, { turn: number; seq: number }>
}

describe('every number that is shown', () => {
  test.each(['agent', 'team_lead', 'supervisor'] as const)(
    'is that of the rows it speaks of, whatever has happened: %s',
    (role) => walk(role, 150),
  )

  test('of the queue is one in the rail, over the list, at its section and on the wallboard', () => {
    const { cache, apply } = openCache({ role: 'team_lead', teamIds: ['sales'] })
    const waiting = Array.from({ length: 5 }, () => conversation())
    const taken = conversation({ assignedTo: 'ana', status: 'assigned' })
    apply(put('team', team('sales')), ...[...waiting, taken].map((row) => put('conversation', row)))
    // One of them I could not claim: it stands in what I have to decide about, and waits for somebody still.
    refuse(cache, waiting[0]?.id ?? '')
    const list = listInbox(cache, { kind: 'team', teamId: 'sales' }, 50, WHOLE)
    const own = listInbox(cache, { kind: 'mine' }, 50, WHOLE)
    const queueIn = ({ sections }: InboxList) => sections.find(({ key }) => key === 'queue')
    expect([
      countInbox(cache, 0).teams['sales'],
      list.total,
      queueIn(list)?.total,
      queueIn(own)?.total,
      readWallboard(cache, 0).teams[0]?.queued,
    ]).toEqual([5, 5, 5, 5, 5])
    expect([countInbox(cache, 0).mine, own.total]).toEqual([1, 1])
    // Nothing stands in a list twice.
    expect(idsIn(own)).toHaveLength(5)
    expect(new Set(idsIn(own)).size).toBe(5)
  })
})

function walk(role: Role, steps: number): void {
  const teamIds = role === 'supervisor' ? [] : ['sales', 'support']
  const { cache, apply } = openCache({ role, teamIds })
  apply(...TEAMS.map((id) => put('team', team(id))))
  const known: Known = { rows: new Map(), messages: [], refused: new Set(), marks: new Map() }
  const random = seeded(role.length)
  const one = <Item>(items: readonly Item[]): Item => items[random(items.length)] as Item
  const ids = Array.from({ length: 10 }, someId)
  for (let step = 0; step < steps; step++) {
    const id = one(ids)
    const row = known.rows.get(id)
    const doing = random(7)
    if (row === undefined || doing === 0) {
      const status = one(STATES)
      const isOwned = ['assigned', 'pending_agent', 'pending_customer', 'closed'].includes(status)
      const next = conversation({
        id,
        version: (row?.version ?? 0) + step + 1,
        status,
        teamId: one(TEAMS),
        assignedTo: isOwned ? one(PEOPLE) : null,
        closedAt: status === 'closed' ? '2026-11-20T11:00:00.000Z' : null,
      })
      apply(put('conversation', next), put('customer', customer(next.customerId)))
      if (maySee(role, teamIds, next)) known.rows.set(id, next)
      else forget(known, id)
    } else if (doing <= 2) {
      const words = message(id, {
        direction: random(4) === 0 ? 'outbound' : 'inbound',
        contentType: random(4) === 0 ? 'reaction' : 'text',
      })
      apply(put('message', words))
      known.messages.push(words)
    } else if (doing === 3) {
      markRead(cache, id)
      const newest = Math.max(
        0,
        ...known.messages.flatMap((m) => (m.conversationId === id ? m.seq : [])),
      )
      raise(known, id, { turn: markAt(known, id).turn, seq: row.status === 'closed' ? 0 : newest })
    } else if (doing === 4) {
      const seqs = known.messages.flatMap((m) => (m.conversationId === id ? m.seq : []))
      const mark = { turn: random(3), seq: seqs.length === 0 ? 0 : one(seqs) }
      apply(put('read_mark', readMark(id, { ...mark, version: step + 1 })))
      raise(known, id, mark)
    } else if (doing === 5) {
      refuse(cache, id)
      known.refused.add(id)
    } else {
      cache.store.write(() => cache.store.run('DELETE FROM outbox WHERE conversation_id = ?', id))
      known.refused.delete(id)
    }
    agree(cache, known, teamIds, step)
  }
}

type Cache = ReturnType<typeof openCache>['cache']

/** Everything that is shown, against what is so. */
function agree(cache: Cache, known: Known, teamIds: readonly string[], step: number): void {
  const rows = [...known.rows.values()]
  const count = (is: (row: ConversationRow) => boolean) => rows.filter(is).length
  const isOpen = ({ status }: ConversationRow) => status !== 'closed'
  const isOwned = ({ status }: ConversationRow) =>
    status === 'assigned' || status === 'pending_agent' || status === 'pending_customer'
  const isMine = (row: ConversationRow) => row.assignedTo === 'me' && isOwned(row)
  const unread = (row: ConversationRow) =>
    row.assignedTo === 'me' && isOpen(row)
      ? known.messages.filter(
          (m) =>
            m.conversationId === row.id &&
            m.direction === 'inbound' &&
            m.contentType === 'text' &&
            m.seq > markAt(known, row.id).seq,
        ).length
      : 0
  const queued = (teamId: string) =>
    count((row) => row.teamId === teamId && row.status === 'queued')
  const expected = {
    mine: count((row) => isMine(row) || known.refused.has(row.id)),
    open: count(isOpen),
    unread: count((row) => unread(row) > 0),
    teams: Object.fromEntries(TEAMS.map((id) => [id, queued(id)]).filter(([, some]) => some !== 0)),
  }
  const { due: _due, ...counted } = countInbox(cache, 0)
  expect([step, counted]).toEqual([step, expected])
  for (const { teamId, queued: waiting } of readWallboard(cache, 0).teams) {
    expect([step, teamId, waiting]).toEqual([step, teamId, queued(teamId)])
  }
  const views: [InboxView, number][] = [
    [{ kind: 'mine' }, expected.mine],
    [{ kind: 'open' }, expected.open],
    [{ kind: 'closed' }, count((row) => !isOpen(row))],
    ...TEAMS.map((teamId): [InboxView, number] => [{ kind: 'team', teamId }, queued(teamId)]),
  ]
  for (const [view, total] of views) {
    const list = listInbox(cache, view, 50, WHOLE)
    expect([step, view, list.total]).toEqual([step, view, total])
    const shown = list.sections.flatMap((section) => section.rows)
    expect(new Set(shown.map(({ id }) => id)).size).toBe(shown.length)
    for (const { key, teamId, total: inSection, rows: inRows } of list.sections) {
      if (key === 'queue' && teamId !== null) expect(inSection).toBe(queued(teamId))
      else expect(inSection).toBe(inRows.length)
    }
    for (const row of shown) {
      const is = known.rows.get(row.id) as ConversationRow
      expect([step, row.id, row.unread]).toEqual([step, row.id, unread(is)])
    }
  }
  const own = listInbox(cache, { kind: 'mine' }, 50, WHOLE).sections
  expect(own.filter(({ key }) => key === 'queue').map(({ teamId }) => teamId)).toEqual(teamIds)
  for (const { id } of rows) expect(readSeq(cache, id)).toBe(markAt(known, id).seq)
}

const idsIn = ({ sections }: InboxList) => sections.flatMap(({ rows }) => rows.map(({ id }) => id))

function refuse(cache: Cache, conversationId: string): void {
  cache.store.write(() =>
    cache.store.run(
      `INSERT INTO outbox (intent_id, kind, conversation_id, customer_name, payload, created_at, state)
       VALUES (?, 'retry', ?, '', '{"kind":"retry","messageId":"m"}', '', 'refused')`,
      someId(),
      conversationId,
    ),
  )
}

function maySee(role: Role, teamIds: readonly string[], row: ConversationRow): boolean {
  return role === 'supervisor' || row.assignedTo === 'me' || teamIds.includes(row.teamId ?? '')
}

/** It leaves with its messages; how far I have read outlives it, and so does what was refused. */
function forget(known: Known, id: string): void {
  known.rows.delete(id)
  known.messages = known.messages.filter(({ conversationId }) => conversationId !== id)
}

const markAt = ({ marks }: Known, id: string) => marks.get(id) ?? { turn: 0, seq: 0 }

function raise(known: Known, id: string, mark: { turn: number; seq: number }): void {
  const before = markAt(known, id)
  if (mark.turn > before.turn || (mark.turn === before.turn && mark.seq > before.seq)) {
    known.marks.set(id, mark)
  }
}

/** The same numbers each time: a linear congruence. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
