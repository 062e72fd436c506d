import { randomUUID } from 'node:crypto'

import { type InboxView } from '@parley/contracts'
import { type Actor, type Role } from '@parley/domain'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { KINDS, OPERATORS } from '../../features.ts'
import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import { createBareServices, type BareServices } from '../../testing/bare-services.ts'
import { FeedHub } from '../sync/index.ts'
import { countInbox, countOpen } from './counts.ts'
import { readListPage } from './list-page.ts'
import { readWallboard } from './wallboard.ts'

/** What is so, in the plainest way; its places are minutes from now. */
interface Known {
  id: string
  team: string | null
  owner: string | null
  status: string
  priority: string
  due: number | null
  warns: number | null
  escalates: number | null
  waiting: number
  said: number
  closed: number | null
  unread: boolean
  tagged: boolean
}

const STATES = ['new', 'queued', 'assigned', 'pending_agent', 'pending_customer', 'closed']
const OWNED = new Set(['assigned', 'pending_agent', 'pending_customer'])
const PRIORITIES = ['urgent', 'high', 'normal', 'low']

let bare: BareServices
let services: Services
let feed: FeedHub
let now: Date
const teams: string[] = []
const people = {} as Record<Role, Actor>
const known: Known[] = []

beforeAll(async () => {
  bare = await createBareServices()
  services = { ...bare, operators: OPERATORS }
  feed = await FeedHub.start(services, KINDS)
  now = services.clock.now()
  for (let n = 0; n < 3; n++) teams.push(await bare.addTeam())
  const [first, second] = teams as [string, string, string]
  for (const [role, teamIds] of [
    ['agent', [first]],
    ['team_lead', [first, second]],
    ['supervisor', []],
    ['admin', []],
  ] as const) {
    people[role] = { userId: await bare.addPerson(role, 'online', [...teamIds]), role, teamIds }
  }
  const [tag] = await bare.rows<{ id: string }>(
    `INSERT INTO tags (name) VALUES ('Pago') RETURNING id`,
  )
  const [policy] = await bare.rows<{ id: string }>(
    `INSERT INTO sla_policies (team_id, priority, frt_target_seconds, resolution_target_seconds)
     VALUES ($1, 'normal', 60, 600) RETURNING id`,
    [first],
  )
  for (let n = 0; n < 160; n++) known.push(await make(n, tag?.id as string, policy?.id as string))
})
afterAll(async () => {
  await feed.stop()
  await bare.database.drop()
})

/** The same each time: a linear congruence. */
let state = 7
function below(most: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return Math.floor((state / 2 ** 32) * most)
}
const one = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item

async function make(n: number, tagId: string, policyId: string): Promise<Known> {
  const status = one(STATES)
  const isClosed = status === 'closed'
  const team = status === 'queued' || below(5) > 0 ? one(teams) : null
  const owners = [people.agent.userId, people.team_lead.userId]
  const owner = OWNED.has(status) ? one(owners) : isClosed && below(2) > 0 ? one(owners) : null
  const due = isClosed || below(3) === 0 ? null : below(120) - 60
  const escalates = isClosed || below(2) === 0 ? null : below(120) - 60
  const row: Known = {
    id: '',
    team,
    owner,
    status,
    priority: one(PRIORITIES),
    due,
    warns: due === null || below(3) === 0 ? null : due - below(40),
    escalates,
    waiting: -below(600),
    // Two at one time, so that the id has to decide.
    said: -below(20),
    closed: isClosed ? -below(40) : null,
    unread: below(2) === 0,
    tagged: below(4) === 0,
  }
  const at = (minutes: number | null): Date | null =>
    minutes === null ? null : new Date(now.getTime() + minutes * 60_000)
  const dues = [due, escalates].filter((minutes) => minutes !== null)
  const made = await bare.addConversation({
    team_id: team,
    assigned_to: owner,
    status,
    priority: row.priority,
    next_due_at: dues.length === 0 ? null : at(Math.min(...dues)),
    waiting_since: at(row.waiting),
    queued_at: at(row.waiting),
    last_message_at: at(row.said),
    closed_at: at(row.closed),
  })
  row.id = made.id
  const clock = (name: string, warns: number | null, dueAt: number) =>
    bare.rows(
      `INSERT INTO sla_timers (conversation_id, clock, sla_policy_id, state, started_at, target_seconds, warns_at, due_at)
       VALUES ($1, $2, $3, 'running', NOW(), 60, $4, $5)`,
      [row.id, name, policyId, at(warns), at(dueAt)],
    )
  if (due !== null) await clock('first_response', row.warns, due)
  if (escalates !== null) await clock('escalation', null, escalates)
  if (row.tagged) {
    await bare.rows('INSERT INTO conversation_tags (conversation_id, tag_id) VALUES ($1, $2)', [
      row.id,
      tagId,
    ])
  }
  if (row.unread) {
    const quiet = n % 9 === 0
    if (quiet) row.unread = false
    await bare.rows(
      `INSERT INTO messages (conversation_id, direction, sender_type, content_type, content_text, status, sent_at, is_quiet)
       VALUES ($1, 'inbound', 'customer', 'text', 'hola', 'delivered', NOW(), $2)`,
      [row.id, quiet],
    )
    if (n % 4 === 0 && owner !== null) {
      row.unread = false
      await bare.rows(
        `INSERT INTO read_marks (user_id, conversation_id, seq)
         SELECT $1, $2, MAX(seq) FROM messages WHERE conversation_id = $2`,
        [owner, row.id],
      )
    }
  }
  return row
}

const sees = ({ role, userId, teamIds }: Actor, { team, owner }: Known): boolean =>
  role === 'supervisor' ||
  role === 'admin' ||
  owner === userId ||
  (team !== null && teamIds.includes(team))
const promiseWarns = ({ due, warns }: Known): number => (due === null ? Infinity : (warns ?? due))
const firstDue = ({ due, escalates }: Known): number =>
  Math.min(due ?? Infinity, escalates ?? Infinity)

type Key = (row: Known) => number | string
const rank: Key = ({ priority }) => PRIORITIES.indexOf(priority)
const URGENCY: Key[] = [rank, firstDue, ({ waiting }) => waiting, ({ id }) => id]
const DUE_FIRST: Key[] = [firstDue, rank, ({ waiting }) => waiting, ({ id }) => id]

function inOrder(rows: readonly Known[], keys: readonly Key[]): string[] {
  return rows
    .toSorted((a, b) => {
      for (const key of keys) {
        if (key(a) < key(b)) return -1
        if (key(a) > key(b)) return 1
      }
      return 0
    })
    .map(({ id }) => id)
}

/** Sections as the workstation's own selections have them: `engine/features/inbox/selections.ts`. */
function expected(
  actor: Actor,
  view: InboxView,
  keep: (row: Known) => boolean,
  order: 'queue' | 'due',
) {
  const rows = known.filter((row) => sees(actor, row) && keep(row))
  const by = (keys: Key[]): Key[] => (order === 'due' ? DUE_FIRST : keys)
  const section = (
    key: string,
    teamId: string | null,
    is: (row: Known) => boolean,
    keys = URGENCY,
  ) => ({
    key,
    teamId,
    ids: inOrder(rows.filter(is), by(keys)),
  })
  const queue = (teamId: string) =>
    section('queue', teamId, (row) => row.team === teamId && row.status === 'queued')
  const mine = (row: Known) => row.owner === actor.userId
  switch (view.kind) {
    case 'mine':
      return [
        section(
          'awaiting_me',
          null,
          (row) => mine(row) && ['assigned', 'pending_agent'].includes(row.status),
        ),
        section(
          'awaiting_customer',
          null,
          (row) => mine(row) && row.status === 'pending_customer',
          [({ said }) => -said, ({ id }) => id],
        ),
        ...actor.teamIds.map(queue),
      ]
    case 'team':
      return [
        queue(view.teamId),
        section('assigned', null, (row) => row.team === view.teamId && OWNED.has(row.status)),
      ]
    case 'open':
      return [
        section('queue', null, ({ status }) => status === 'new' || status === 'queued'),
        section('assigned', null, ({ status }) => OWNED.has(status)),
      ]
    case 'closed':
      return [
        section('closed', null, ({ status }) => status === 'closed', [
          ({ closed }) => -(closed ?? 0),
          ({ id }) => id,
        ]),
      ]
  }
}

const page = (
  actor: Actor,
  view: InboxView,
  more: Partial<Parameters<typeof readListPage>[3]> = {},
) =>
  readListPage(services, feed, actor, {
    view,
    filter: '',
    order: 'queue',
    limit: 200,
    after: null,
    ...more,
  })

const views = (): InboxView[] => [
  { kind: 'mine' },
  { kind: 'open' },
  { kind: 'closed' },
  ...teams.map((teamId): InboxView => ({ kind: 'team', teamId })),
]
const FILTERS: [string, (row: Known) => boolean][] = [
  ['', () => true],
  ['due:overdue', (row) => firstDue(row) <= 0],
  ['due:warning', (row) => Math.min(promiseWarns(row), row.escalates ?? Infinity) <= 0],
  ['tag:pago', ({ tagged }) => tagged],
  ['tag:pa due:overdue', (row) => row.tagged && firstDue(row) <= 0],
]

describe.each(['agent', 'team_lead', 'supervisor', 'admin'] as const)('a list of %s', (role) => {
  test('has what the workstation would show of everything, in its order, with its number', async () => {
    const actor = people[role]
    for (const view of views()) {
      for (const [filter, keep] of FILTERS) {
        for (const order of ['queue', 'due'] as const) {
          const { sections, total, items } = await page(actor, view, { filter, order })
          const all = expected(actor, view, keep, order).filter(
            ({ key, ids }) => ids.length > 0 || key === 'queue',
          )
          expect([
            role,
            view,
            filter,
            sections.map(({ key, teamId, ids }) => ({ key, teamId, ids })),
          ]).toEqual([role, view, filter, all])
          for (const section of sections)
            expect(section).toMatchObject({ total: section.ids.length, next: null })
          const counted =
            view.kind === 'mine' || view.kind === 'team'
              ? sections.filter(({ key }) =>
                  view.kind === 'mine' ? key !== 'queue' : key === 'queue',
                )
              : sections
          expect(total).toBe(counted.reduce((sum, { ids }) => sum + ids.length, 0))
          const rows = items.flatMap((item) =>
            item.op === 'put' && item.kind === 'conversation' ? [item] : [],
          )
          expect(rows.map(({ row }) => row.id).toSorted()).toEqual(
            [...new Set(sections.flatMap(({ ids }) => ids))].toSorted(),
          )
          expect(rows.every(({ whole }) => whole === undefined)).toBe(true)
        }
      }
    }
  })

  test('goes on page by page where it ended, and each conversation comes once', async () => {
    const actor = people[role]
    for (const view of views()) {
      for (const order of ['queue', 'due'] as const) {
        for (const section of expected(actor, view, () => true, order)) {
          const ids: string[] = []
          let after: string | null = null
          do {
            const { sections }: Awaited<ReturnType<typeof page>> = await page(actor, view, {
              order,
              limit: 3,
              after,
            })
            const here = sections.find(
              ({ key, teamId }) => key === section.key && teamId === section.teamId,
            )
            if (after !== null) expect(sections).toHaveLength(1)
            ids.push(...(here?.ids ?? []))
            after = here?.next ?? null
          } while (after !== null)
          expect([view, order, ids]).toEqual([view, order, section.ids])
        }
      }
    }
  })

  test('has numbers, and a wallboard, as the workstation would count everything', async () => {
    const actor = people[role]
    const open = known.filter((row) => sees(actor, row) && row.status !== 'closed')
    const counted = await countOpen(services.db, actor, now)
    const inbox = await countInbox(services.db, actor, counted)
    const queued = (teamId: string) =>
      open.filter((row) => row.team === teamId && row.status === 'queued')
    const withQueue = teams.filter((teamId) => queued(teamId).length > 0)
    const own = open.filter((row) => row.owner === actor.userId && OWNED.has(row.status))
    expect(inbox).toEqual({
      mine: own.length,
      open: open.length,
      unread: own.filter(({ unread }) => unread).length,
      teams: Object.fromEntries(withQueue.map((teamId) => [teamId, queued(teamId).length])),
      due: Object.fromEntries(
        withQueue.flatMap((teamId) => {
          const rows = queued(teamId)
          if (!rows.some((row) => promiseWarns(row) <= 0)) return []
          return [[teamId, rows.some(({ due }) => (due ?? Infinity) <= 0) ? 'overdue' : 'warning']]
        }),
      ),
    })
    const wallboard = await readWallboard(services, feed, actor, counted, now)
    const watches = (team: string | null): boolean =>
      role === 'supervisor' ||
      role === 'admin' ||
      (role === 'team_lead' && team !== null && actor.teamIds.includes(team))
    const watched = open.filter(({ team }) => watches(team))
    const overdue = watched.filter(({ due }) => (due ?? Infinity) <= 0)
    const warned = watched.filter((row) => promiseWarns(row) <= 0 && (row.due ?? Infinity) > 0)
    expect(wallboard.dueTotal).toEqual({ overdue: overdue.length, warning: warned.length })
    expect(wallboard.due.map(({ conversationId }) => conversationId)).toEqual(
      inOrder([...overdue, ...warned], [({ due }) => due ?? Infinity, ({ id }) => id]),
    )
    const shown = wallboard.teams.filter(({ teamId }) => teams.includes(teamId))
    expect(shown.map(({ teamId }) => teamId).toSorted()).toEqual(teams.filter(watches).toSorted())
    for (const team of shown) {
      const ofTeam = open.filter((row) => row.team === team.teamId)
      const load = (userId: string) =>
        known
          .filter(({ owner, status }) => owner === userId && OWNED.has(status))
          .reduce((sum, { status }) => sum + (status === 'pending_customer' ? 0.25 : 1), 0)
      const members = Object.values(people).filter(({ teamIds }) => teamIds.includes(team.teamId))
      expect(team).toMatchObject({
        queued: queued(team.teamId).length,
        overdue: ofTeam.filter(({ due }) => (due ?? Infinity) <= 0).length,
        warning: ofTeam.filter((row) => promiseWarns(row) <= 0 && (row.due ?? Infinity) > 0).length,
        escalated: ofTeam.filter(({ escalates }) => (escalates ?? Infinity) <= 0).length,
        members: members.length,
        online: members.length,
        load: members.reduce((sum, { userId }) => sum + load(userId), 0),
      })
    }
  })
})

test('a filter that nobody knows, and a place that was never handed out, are refused', async () => {
  const refused = async (asked: Promise<unknown>): Promise<unknown> =>
    asked.then(
      () => 'answered',
      (error: unknown) => (error instanceof Failure ? error.code : String(error)),
    )
  for (const filter of ['due:soon', 'overdue', 'nobody:knows due:overdue', `tag:`, `'; --`]) {
    expect([filter, await refused(page(people.agent, { kind: 'open' }, { filter }))]).toEqual([
      filter,
      'invalid_input',
    ])
  }
  const id = randomUUID()
  for (const after of [
    '',
    'null',
    '{}',
    '[]',
    '["queue",null]',
    '["queue",null,"0","infinity","infinity"]',
    `["nothing",null,"0","infinity","infinity","${id}"]`,
    `["queue","${id}","0","infinity","infinity","${id}"]`,
    `["queue",null,"x","infinity","infinity","${id}"]`,
    `["queue",null,"0","2026-02-31 00:00:00+00","infinity","${id}"]`,
    `["queue",null,"0","0000-01-01 00:00:00+00","infinity","${id}"]`,
    `["queue",null,"0","2026-01-01 25:00:00+00","infinity","${id}"]`,
    `["queue",null,"0","infinity","infinity","${id}'"]`,
    `["queue",null,"0","${id}","infinity","infinity"]`,
    `["queue",null,"0",["infinity"],"infinity","${id}"]`,
  ]) {
    expect([after, await refused(page(people.agent, { kind: 'open' }, { after }))]).toEqual([
      after,
      'invalid_input',
    ])
  }
  const written = `["queue",null,"0","2026-01-01 10:00:00.123456+00","-infinity","${id}"]`
  expect(await refused(page(people.agent, { kind: 'open' }, { after: written }))).toBe('answered')
})

test('of another team nothing is listed, whatever view is asked for', async () => {
  const [, , other] = teams as [string, string, string]
  const { sections, items } = await page(people.agent, { kind: 'team', teamId: other })
  const own = known.filter(
    ({ team, owner, status }) =>
      team === other && owner === people.agent.userId && OWNED.has(status),
  )
  expect(sections.flatMap(({ ids }) => ids).toSorted()).toEqual(own.map(({ id }) => id).toSorted())
  expect(
    items.flatMap((item) => (item.op === 'put' && item.kind === 'message' ? [item] : [])),
  ).toEqual([])
})

test('a list of more than ten thousand has the number that the rail has', async () => {
  const [team] = teams as [string, string, string]
  await bare.rows(
    `WITH one AS (SELECT customer_id, channel, channel_account_id FROM conversations LIMIT 1),
       customer AS (INSERT INTO customers (id, channel, external_id, name)
         SELECT new_id(), 'whatsapp', gen_random_uuid(), 'Muchos' FROM generate_series(1, 10100) RETURNING id)
     INSERT INTO conversations (id, customer_id, channel, channel_account_id, team_id, status, queued_at, waiting_since)
     SELECT new_id(), customer.id, one.channel, one.channel_account_id, $1, 'queued', NOW(), NOW() FROM customer, one`,
    [team],
  )
  const counted = await countInbox(
    services.db,
    people.supervisor,
    await countOpen(services.db, people.supervisor, now),
  )
  const { total } = await page(people.supervisor, { kind: 'open' })
  expect(total).toBe(counted.open)
})
