import { type InboxList, type InboxRow, type InboxView } from '@parley/contracts'

import { compareKeys, DUE_FIRST, NEWEST_CLOSED, NEWEST_WORDS, URGENCY, type Keys } from './order.ts'
import {
  answerTo,
  assertWithin,
  complain,
  complainOf,
  instant,
  listInput,
  plain,
  type Sight,
} from './sight.ts'
import { type TrueConversation } from './truth.ts'

interface Section {
  key: string
  teamId: string | null
  isCounted: boolean
  /** In its order; what is refused stands above queues, and is counted in them. */
  must: TrueConversation[]
  may: TrueConversation[]
  besides: ReadonlySet<string>
}

const OWNED = new Set(['assigned', 'pending_agent', 'pending_customer'])
const AWAITING_AGENT = new Set(['assigned', 'pending_agent'])
const UNASSIGNED = new Set(['new', 'triage', 'queued'])
const NOTHING: ReadonlySet<string> = new Set()

type IsOne = (one: TrueConversation) => boolean

export function sectionsOf(
  { truth, refused }: Sight,
  view: InboxView,
  order: Keys | null,
): Section[] {
  const section = (
    key: string,
    of: IsOne,
    {
      keys = URGENCY,
      teamId = null,
      isCounted = true,
      besides = NOTHING,
      isSure = of,
    }: {
      keys?: Keys
      teamId?: string | null
      isCounted?: boolean
      besides?: ReadonlySet<string>
      isSure?: IsOne
    } = {},
  ): Section => {
    const sorted = truth.conversations
      .filter(of)
      .toSorted((a, b) => compareKeys((order ?? keys)(a), (order ?? keys)(b)))
    return { key, teamId, isCounted, must: sorted.filter(isSure), may: sorted, besides }
  }
  const isMine: IsOne = (one) => one.assigned_to === truth.myId && !refused.has(one.id)
  const queued =
    (teamId: string): IsOne =>
    (one) =>
      one.team_id === teamId && one.status === 'queued'
  switch (view.kind) {
    case 'mine':
      return [
        section('to_decide', ({ id }) => refused.has(id)),
        section('awaiting_me', (one) => isMine(one) && AWAITING_AGENT.has(one.status)),
        section('awaiting_customer', (one) => isMine(one) && one.status === 'pending_customer', {
          keys: NEWEST_WORDS,
        }),
        ...truth.teamIds.map((teamId) =>
          section('queue', queued(teamId), { teamId, isCounted: false, besides: refused }),
        ),
      ]
    case 'team': {
      const { teamId } = view
      return [
        section('queue', queued(teamId), { teamId }),
        section('assigned', (one) => one.team_id === teamId && OWNED.has(one.status), {
          isCounted: false,
        }),
      ]
    }
    case 'open':
      return [
        section('queue', ({ status }) => UNASSIGNED.has(status)),
        section('assigned', ({ status }) => OWNED.has(status)),
      ]
    case 'closed':
      return [
        section('closed', ({ status }) => status === 'closed', {
          keys: NEWEST_CLOSED,
          isSure: ({ is_kept: isKept }) => isKept,
        }),
      ]
  }
}

export function compareList(
  sight: Sight,
  view: InboxView,
  more: { order?: 'due'; filter?: string } = {},
  among: IsOne = () => true,
): void {
  const { world, coverage, isWhole, blurred } = sight
  const list = answerTo<InboxList>(sight, 'inbox.list', listInput(view, more))
  if (list === null) return
  const named = { ...view, ...more, kind: undefined }
  const details = world.describe(named).replaceAll(/[{}]/g, '')
  const where = `the list ${view.kind}${details === '' ? '' : ` ${details}`}`
  const reaches = view.kind === 'closed' ? coverage.closedSince === null : coverage.open
  const isSaid = reaches || isWhole
  if (isSaid && list.isPartial) complain(sight, `${where} says that it is partial`)
  const expected = sectionsOf(sight, view, more.order === 'due' ? DUE_FIRST : null)
  let total = { least: 0, most: 0 }
  for (const section of expected) {
    const must = section.must.filter(among)
    const may = section.may.filter(among)
    const here = list.sections.find(
      ({ key, teamId }) => key === section.key && teamId === section.teamId,
    )
    const name = `${where}, ${section.key}${section.teamId === null ? '' : ` of ${world.describe(section.teamId)}`},`
    compareSection(sight, name, { ...section, must, may }, here?.rows ?? [], isNeeded(sight, view))
    const range = { least: must.length, most: may.length }
    const unsure = may.filter(({ id }) => blurred.has(id)).length
    if (isSaid) assertWithin(sight, `${name} has a total of`, here?.total ?? 0, range, blurred.size)
    if (section.isCounted) {
      total = { least: total.least + range.least, most: total.most + range.most }
    }
    if ((here?.rows.length ?? 0) > (here?.total ?? 0) + unsure)
      complain(sight, `${name} shows more than it says`)
  }
  for (const { key, teamId, rows } of list.sections) {
    const isKnown = expected.some((one) => one.key === key && one.teamId === teamId)
    if (!isKnown && rows.length > 0) complain(sight, `${where} has a section ${key}`)
  }
  if (isSaid) assertWithin(sight, `${where} has a total of`, list.total, total, blurred.size)
}

/** Whether a row has to be there: all, once the server was asked; until then, and where little can be held, what is here. */
function isNeeded({ world, coverage, held, isWhole }: Sight, view: InboxView): IsOne {
  if (view.kind === 'closed') {
    return ({ id }) => held.has(id) || isWhole || coverage.closedSince === null
  }
  // What the server adds to what is open goes again where that is more than may be held.
  return ({ id }) => held.has(id) || coverage.open || (isWhole && !world.isCacheTight)
}

function compareSection(
  sight: Sight,
  name: string,
  { must, may, besides }: Section,
  rows: readonly InboxRow[],
  isNeeded: IsOne,
): void {
  const { world, truth, blurred } = sight
  const shown = new Set(rows.map(({ id }) => id))
  const possible = new Map(may.map((one) => [one.id, one]))
  const visible = new Set(truth.conversations.map(({ id }) => id))
  for (const row of rows) {
    const one = possible.get(row.id)
    if (blurred.has(row.id)) continue
    if (!visible.has(row.id)) {
      complain(sight, `${name} shows ${world.describe(row.id)}, which it may not see`)
    } else if (one === undefined || besides.has(row.id)) {
      complain(sight, `${name} shows ${world.describe(row.id)}, which is none of it`)
    } else {
      compareRow(sight, name, row, one)
    }
  }
  for (const one of must) {
    if (shown.has(one.id) || besides.has(one.id) || blurred.has(one.id)) continue
    if (isNeeded(one)) complainOf(sight, one.id, `${name} does not show ${world.describe(one.id)}`)
  }
  const order = rows.map(({ id }) => id).filter((id) => possible.has(id) && !blurred.has(id))
  const right = may.map(({ id }) => id).filter((id) => shown.has(id) && !blurred.has(id))
  if (order.join() !== right.join()) {
    complain(
      sight,
      `${name} is in the order ${world.describe(order)} and not ${world.describe(right)}`,
    )
  }
}

function compareRow(sight: Sight, name: string, row: InboxRow, one: TrueConversation): void {
  const { world, truth } = sight
  const isOwnOpen = one.assigned_to === truth.myId && one.status !== 'closed'
  const pairs: Record<string, [unknown, unknown]> = {
    title: [plain(row.title), one.title],
    status: [row.status, one.status],
    priority: [row.priority, one.priority],
    team: [row.teamId, one.team_id],
    owner: [row.assignedTo, one.assigned_to],
    unread: [row.unread, isOwnOpen ? one.unread : 0],
    'waiting since': [instant(row.waitingSince), one.waiting_since],
    'last message at': [instant(row.lastMessageAt), one.last_message_at],
    'closed at': [instant(row.closedAt), one.closed_at],
    tags: [row.tagIds.toSorted().join(), one.tag_ids.toSorted().join()],
    clock: [
      row.clock && `${row.clock.state} ${instant(row.clock.dueAt)}`,
      one.clock && `${one.clock.state} ${one.clock.due_at}`,
    ],
    preview: [previewSaid(row.preview), previewOf(sight, one)],
  }
  for (const [what, [here, there]] of Object.entries(pairs)) {
    if (here === there) continue
    complainOf(
      sight,
      row.id,
      `${name} shows ${world.describe(row.id)} with another ${what}: ${String(here)}, and it is ${String(there)}`,
    )
  }
}

function previewSaid({ mark, contentType, text, by }: InboxRow['preview']): string {
  const author = by.kind === 'colleague' ? plain(by.name) : by.kind
  // Why it was refused, and what, is in the outbox.
  if (mark === 'refused') return 'refused'
  return [mark ?? 'no mark', contentType, text, author].join(', ')
}

/** One mark: refused, draft, or the last message's own. */
function previewOf(
  { refused, drafts, truth, world }: Sight,
  { id, last }: TrueConversation,
): string {
  if (refused.has(id)) return 'refused'
  const draft = drafts.get(id)?.trim() ?? ''
  if (draft !== '') return ['draft', 'text', draft, 'me'].join(', ')
  if (last === null) return ['no mark', 'text', '', 'system'].join(', ')
  const { direction, status, content_type: type, text, sender_type: of, sender_id: by } = last
  const colleague = world.people.find((person) => person.id === by)?.name ?? ''
  const author = of !== 'agent' ? of : by === truth.myId ? 'me' : colleague
  return [direction === 'outbound' ? status : 'no mark', type, text ?? '', author].join(', ')
}
