import { CLOSED_DAYS, type InboxSection, type InboxView } from '@parley/contracts'
import { type Actor } from '@parley/domain'

import { fragment, type Fragment } from '../../platform/sql.ts'

/**
 * The sections of each list, as conditions over `conversations c`: those of the workstation's own lists, in the same
 * orders, but for what waits on a device, of which nothing is known here.
 */
export interface Section {
  key: InboxSection['key']
  teamId: string | null
  /** Whether its conversations are the list's own, which the list's number counts. */
  isCounted: boolean
  where: Fragment
  order: Order
}

/**
 * What puts conversations in an order: columns from the first to the last, each with its type. One that falls is the
 * first; the others rise.
 */
export interface Order {
  keys: readonly { by: Fragment; type: 'int' | 'timestamptz' | 'uuid' }[]
  falls: boolean
}

const RANK = {
  by: fragment`(CASE c.priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 WHEN 'normal' THEN 2 ELSE 3 END)`,
  type: 'int',
} as const
const DUE = { by: fragment`COALESCE(c.next_due_at, 'infinity')`, type: 'timestamptz' } as const
const WAITING = {
  by: fragment`COALESCE(c.waiting_since, c.queued_at, 'infinity')`,
  type: 'timestamptz',
} as const
const SAID = {
  by: fragment`COALESCE(c.last_message_at, '-infinity')`,
  type: 'timestamptz',
} as const
const CLOSED = { by: fragment`c.closed_at`, type: 'timestamptz' } as const
const ID = { by: fragment`c.id`, type: 'uuid' } as const

const URGENCY: Order = { keys: [RANK, DUE, WAITING, ID], falls: false }
const DUE_FIRST: Order = { keys: [DUE, RANK, WAITING, ID], falls: false }
const NEWEST_WORDS: Order = { keys: [SAID, ID], falls: true }
const NEWEST_CLOSED: Order = { keys: [CLOSED, ID], falls: true }

const OWNED = fragment`c.status IN ('assigned', 'pending_agent', 'pending_customer')`

export function sectionsOf(actor: Actor, view: InboxView, order: 'queue' | 'due'): Section[] {
  const sections = sectionsByUrgency(actor, view)
  return order === 'due' ? sections.map((section) => ({ ...section, order: DUE_FIRST })) : sections
}

function sectionsByUrgency(actor: Actor, view: InboxView): Section[] {
  const section = (key: Section['key'], where: Fragment, more: Partial<Section> = {}): Section => ({
    key,
    teamId: null,
    isCounted: true,
    where,
    order: URGENCY,
    ...more,
  })
  const queueOf = (teamId: string, isCounted: boolean): Section =>
    section('queue', fragment`c.team_id = ${teamId}::uuid AND c.status = 'queued'`, {
      teamId,
      isCounted,
    })
  const mine = fragment`c.assigned_to = ${actor.userId}::uuid`
  switch (view.kind) {
    case 'mine':
      return [
        section('awaiting_me', fragment`${mine} AND c.status IN ('assigned', 'pending_agent')`),
        section('awaiting_customer', fragment`${mine} AND c.status = 'pending_customer'`, {
          order: NEWEST_WORDS,
        }),
        ...actor.teamIds.map((teamId) => queueOf(teamId, false)),
      ]
    case 'team':
      return [
        queueOf(view.teamId, true),
        section('assigned', fragment`c.team_id = ${view.teamId}::uuid AND ${OWNED}`, {
          isCounted: false,
        }),
      ]
    case 'open':
      return [
        section('queue', fragment`c.status IN ('new', 'triage', 'queued')`),
        section('assigned', OWNED),
      ]
    case 'closed':
      return [
        section(
          'closed',
          fragment`c.status = 'closed' AND c.closed_at > NOW() - make_interval(days => ${CLOSED_DAYS})`,
          { order: NEWEST_CLOSED },
        ),
      ]
  }
}

/** `ORDER BY` of it. */
export function inOrder({ keys, falls }: Order): Fragment {
  return keys
    .map(({ by }, index) => (falls && index === 0 ? fragment`${by} DESC` : by))
    .reduce((whole, key) => fragment`${whole}, ${key}`)
}

/** A place in the order, written so that it can be read again exactly: instants to the microsecond. */
export function placeIn({ keys }: Order): Fragment {
  const texts = keys.map(({ by }) => fragment`(${by})::text`)
  return fragment`ARRAY[${texts.reduce((whole, text) => fragment`${whole}, ${text}`)}]`
}

/** What comes after a place. */
export function afterPlace({ keys, falls }: Order, place: readonly string[]): Fragment {
  const [first, second] = keys
  if (falls && first !== undefined && second !== undefined) {
    const [at, id] = [fragment`${place[0]}::timestamptz`, fragment`${place[1]}::uuid`]
    // The first condition is the one that an index can begin by.
    return fragment`${first.by} <= ${at} AND (${first.by} < ${at} OR ${second.by} > ${id})`
  }
  const list = (parts: readonly Fragment[]): Fragment =>
    parts.reduce((whole, part) => fragment`${whole}, ${part}`)
  const there = keys.map(({ type }, index) => {
    const value = place[index]
    if (type === 'int') return fragment`${value}::int`
    return type === 'uuid' ? fragment`${value}::uuid` : fragment`${value}::timestamptz`
  })
  return fragment`(${list(keys.map(({ by }) => by))}) > (${list(there)})`
}
