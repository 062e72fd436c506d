import {
  type DirectoryView,
  type EngineMethod,
  type InboxCounts,
  type InboxList,
  type InboxRow,
  type InboxView,
  type OutboxView,
  type Reach,
  type SearchHit,
  type SearchResult,
  type WallboardView,
} from '@parley/contracts'

import { MOST_HITS, SEARCHED } from './deeds.ts'
import { heldCoverage, heldRows } from './held-rows.ts'
import {
  conversationsOfCustomers,
  conversationsTagged,
  messagesWith,
  peopleInSight,
  truthFor,
  watchedTeams,
  type TrueConversation,
  type TrueHit,
  type Truth,
} from './truth.ts'
import { type Workstation } from './workstation.ts'
import { type World } from './world.ts'

/**
 * What each person is shown, compared with what the server's database says that they have to be shown: nothing that is
 * missing, nothing that they may not see. Everything is asked twice: what is here comes at once, and a second later what
 * the server has added to it.
 */

/** Clocks of workstations go by what answers took: what is due within so little is due or not. */
const BLURRED_MS = 8_000
/** As long as a cache remembers what the server has said beside it, and a little more. */
export const FORGOTTEN_MS = 31_000
/** Customers that a search names at most, and hits that it gives. */
const NAMED_MOST = 10

/** Each with what of its words is looked for; the rest of `SEARCHED` are operators. */
const NAME = 'Customer 1'

type Answers = ReadonlyMap<string, unknown>

interface Sight {
  world: World
  workstation: Workstation
  truth: Truth
  /** Ids of the conversations that the cache has. */
  held: ReadonlySet<string>
  coverage: ReturnType<typeof heldCoverage>
  /** Of conversations that something refused waits in. */
  refused: ReadonlySet<string>
  /** Shown with what waits behind that carried out, which the server knows nothing of. */
  blurred: ReadonlySet<string>
  drafts: ReadonlyMap<string, string>
  /** The server has been asked where the cache does not reach. */
  isWhole: boolean
  /** Of conversations that have been so for seconds: what is shown of them otherwise is not on its way. */
  lasting: ReadonlySet<string>
  /** What was visible then; null: nobody has looked. */
  seenBefore: ReadonlySet<string> | null
  answers: Answers
  faults: string[]
}

/** What was so of each person's conversations some seconds ago. */
export type Earlier = ReadonlyMap<Workstation, Truth>

/** So long nothing is on its way. */
export const LASTING_MS = 5_000

export async function truthNow(world: World): Promise<Earlier> {
  const truths = new Map<Workstation, Truth>()
  for (const one of world.workstations) truths.set(one, await truthFor(world, one))
  return truths
}

export async function compareShown(
  world: World,
  workstations: readonly Workstation[],
  earlier: Earlier,
): Promise<string[]> {
  const faults: string[] = []
  const looks = await looksOf(world)
  for (const isWhole of [false, true]) {
    for (const workstation of workstations) {
      const answers = new Map<string, unknown>()
      for (const { method, input } of looks) {
        answers.set(keyOf(method, input), await world.ask(workstation, method, input))
      }
      faults.push(...(await compareSight(world, workstation, answers, isWhole, earlier)))
    }
    if (!isWhole) await world.advance(1_000, 250)
  }
  return [...new Set(faults)]
}

const keyOf = (method: string, input: unknown): string => `${method} ${JSON.stringify(input)}`

const VIEWS: readonly InboxView[] = [{ kind: 'mine' }, { kind: 'open' }, { kind: 'closed' }]
const VIPS = 'tag:vip'

async function looksOf({ teams }: World): Promise<{ method: EngineMethod; input: unknown }[]> {
  const views = [...VIEWS, ...teams.map((teamId) => ({ kind: 'team', teamId }) as const)]
  return [
    ...SEARCHED.map((text) => ({
      method: 'search.query' as const,
      input: { text, limit: MOST_HITS },
    })),
    ...views.map((view) => ({ method: 'inbox.list' as const, input: listInput(view) })),
    { method: 'inbox.list', input: listInput({ kind: 'open' }, { order: 'due' }) },
    { method: 'inbox.list', input: listInput({ kind: 'open' }, { filter: VIPS }) },
    { method: 'inbox.counts', input: undefined },
    { method: 'wallboard.get', input: undefined },
    { method: 'directory.get', input: undefined },
  ]
}

const listInput = (view: InboxView, more: { order?: 'due'; filter?: string } = {}) => ({
  view,
  limit: 5000,
  ...more,
})

async function compareSight(
  world: World,
  workstation: Workstation,
  answers: Answers,
  isWhole: boolean,
  earlier: Earlier,
): Promise<string[]> {
  const truth = await truthFor(world, workstation)
  const known = earlier.get(workstation)
  const before = new Set(known?.conversations.map((one) => JSON.stringify(one)))
  const lasting = truth.conversations.filter((one) => before.has(JSON.stringify(one)))
  const outbox = (await world.ask<OutboxView[]>(workstation, 'outbox.list')) ?? []
  const drafts =
    workstation.read<{ id: string; text: string }>(
      'SELECT conversation_id AS id, text FROM drafts',
    ) ?? []
  const sight: Sight = {
    world,
    workstation,
    truth,
    held: new Set(heldRows(workstation, 'conversation')?.keys()),
    coverage: heldCoverage(workstation),
    refused: idsOf(outbox.filter(({ state }) => state === 'refused')),
    blurred: idsOf(outbox.filter(({ state }) => state !== 'refused')),
    drafts: new Map(drafts.map(({ id, text }) => [id, text])),
    isWhole,
    lasting: new Set(isWhole ? [] : lasting.map(({ id }) => id)),
    seenBefore: known === undefined ? null : new Set(known.conversations.map(({ id }) => id)),
    answers,
    faults: [],
  }
  for (const text of SEARCHED) await compareSearch(sight, text)
  for (const view of VIEWS) compareList(sight, view)
  for (const teamId of world.teams) compareList(sight, { kind: 'team', teamId })
  compareList(sight, { kind: 'open' }, { order: 'due' })
  const tagged = await conversationsTagged(world, workstation, 'vip')
  const vips = new Set(tagged.map((hit) => hit.conversation_id))
  compareList(sight, { kind: 'open' }, { filter: VIPS }, (one) => vips.has(one.id))
  compareCounts(sight)
  await compareWallboard(sight)
  await comparePeople(sight)
  return sight.faults
}

const idsOf = (outbox: readonly OutboxView[]): Set<string> =>
  new Set(outbox.map(({ conversationId }) => conversationId))

function complain({ workstation, faults, isWhole }: Sight, text: string): void {
  faults.push(`${workstation.name}: ${text}${isWhole ? '' : ', before the server is asked'}`)
}

/** The server's answer may mend it, and at the next look it would not be seen any more. */
function complainOf(sight: Sight, conversationId: string, text: string): void {
  complain(sight, text)
  if (sight.lasting.has(conversationId)) sight.world.findings.push(String(sight.faults.at(-1)))
}

function answerTo<Answer>(sight: Sight, method: string, input: unknown): Answer | null {
  const answer = (sight.answers.get(keyOf(method, input)) ?? null) as Answer | null
  if (answer === null) complain(sight, `${method} is not answered`)
  return answer
}

// Searches

async function compareSearch(sight: Sight, text: string): Promise<void> {
  const { world, truth, workstation, held, isWhole, blurred } = sight
  const result = answerTo<SearchResult>(sight, 'search.query', { text, limit: MOST_HITS })
  if (result === null) return
  const { must, may } = await hitsOf(sight, text)
  const where = `a search for ${text}`
  const shown = new Set(result.hits.map(nameOf))
  const known = new Set(may.map(trueName))
  const visible = new Set(truth.conversations.map(({ id }) => id))
  for (const hit of result.hits) {
    if (!visible.has(hit.conversationId)) {
      complain(sight, `${where} shows ${world.describe(hit.conversationId)}, which it may not see`)
      // As with what is shown wrong: the server's answer takes it away, and it was shown all the same.
      if (sight.seenBefore?.has(hit.conversationId) === false)
        world.findings.push(String(sight.faults.at(-1)))
    } else if (!known.has(nameOf(hit)) && !blurred.has(hit.conversationId)) {
      complain(sight, `${where} shows ${hitSaid(sight, hit)}, which is none of it`)
    }
  }
  const messages = heldRows(workstation, 'message')
  const isHere = ({ message_id: id, conversation_id: of }: TrueHit): boolean =>
    held.has(of) && (id === null || messages?.has(id) === true)
  // Where little can be held, what is open goes again as soon as the server has added it, and is shown no more.
  const open = new Set(
    truth.conversations.filter(({ status }) => status !== 'closed').map(({ id }) => id),
  )
  const isLeft = ({ conversation_id: of }: TrueHit): boolean =>
    !world.isCacheTight || held.has(of) || !open.has(of)
  for (const hit of must) {
    if (shown.has(trueName(hit)) || blurred.has(hit.conversation_id)) continue
    if (isWhole ? isLeft(hit) : isHere(hit))
      complainOf(sight, hit.conversation_id, `${where} does not show ${trueHitSaid(sight, hit)}`)
  }
  if (shown.size < result.hits.length) complain(sight, `${where} shows something twice`)
  if (isWhole && result.isPartial) complain(sight, `${where} says that it is partial`)
  const order = result.hits.map(({ messageId, at }) => [
    messageId === null ? 0 : 1,
    -(at === null ? 0 : Date.parse(at)),
  ])
  // What the server adds, or has added a while ago, stands behind what is here.
  const steps = order.filter(
    (one, place) => place > 0 && compareKeys(order[place - 1] ?? [], one) > 0,
  )
  if (steps.length > 1 && must.length === may.length)
    complain(sight, `${where} does not show the newest first`)
  for (const hit of result.hits) {
    if (hit.messageId !== null && !hit.snippet.some(({ match }) => match))
      complain(sight, `${where} does not show where ${hitSaid(sight, hit)} has it`)
  }
}

/** What has to be found, and what may. */
async function hitsOf(sight: Sight, text: string): Promise<{ must: TrueHit[]; may: TrueHit[] }> {
  const { world, workstation, truth, held, isWhole } = sight
  if (text.startsWith('tag:'))
    return all(await conversationsTagged(world, workstation, text.slice(4)))
  if (text === 'due:overdue') {
    const due = (atMs: number): TrueHit[] =>
      truth.conversations
        .filter(({ due_at: dueAt }) => dueAt !== null && dueAt <= atMs)
        .map(({ id, last_message_at: at }) => ({ conversation_id: id, message_id: null, at }))
    return { must: due(truth.atMs - BLURRED_MS), may: due(truth.atMs + BLURRED_MS) }
  }
  if (text !== NAME) return all(await messagesWith(world, workstation, text))
  const named = await conversationsOfCustomers(world, workstation, NAME.split(' '))
  const among = isWhole ? named : named.filter(({ conversation_id: id }) => held.has(id))
  return { must: among.slice(0, NAMED_MOST), may: named }
}

const all = (hits: TrueHit[]) => ({ must: hits, may: hits })
const nameOf = ({ conversationId, messageId }: SearchHit): string =>
  `${conversationId} ${messageId ?? ''}`
const trueName = (hit: TrueHit): string => `${hit.conversation_id} ${hit.message_id ?? ''}`

const hitSaid = ({ world }: Sight, { conversationId, messageId }: SearchHit): string =>
  `${messageId === null ? '' : `message ${world.describe(messageId)} of `}${world.describe(conversationId)}`
const trueHitSaid = ({ world }: Sight, hit: TrueHit): string =>
  `${hit.message_id === null ? '' : `message ${world.describe(hit.message_id)} of `}${world.describe(hit.conversation_id)}`

// Lists

interface Section {
  key: string
  teamId: string | null
  isCounted: boolean
  /** In its order; what is refused stands above queues, and is counted in them. */
  must: TrueConversation[]
  may: TrueConversation[]
  besides: ReadonlySet<string>
}

const RANK = ['urgent', 'high', 'normal', 'low']
const NEVER = Infinity
const rank = ({ priority }: TrueConversation): number => RANK.indexOf(priority)
const due = ({ due_at: at }: TrueConversation): number => at ?? NEVER
const waiting = (one: TrueConversation): number => one.waiting_since ?? one.queued_at ?? NEVER

type Keys = (one: TrueConversation) => readonly (number | string)[]
const URGENCY: Keys = (one) => [rank(one), due(one), waiting(one), one.id]
const DUE_FIRST: Keys = (one) => [due(one), rank(one), waiting(one), one.id]
const NEWEST_WORDS: Keys = (one) => [-(one.last_message_at ?? -NEVER), one.id]
const NEWEST_CLOSED: Keys = (one) => [-(one.closed_at ?? -NEVER), one.id]

function compareKeys(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (const [place, one] of a.entries()) {
    const other = b[place]
    if (other === undefined || one === other) continue
    return one < other ? -1 : 1
  }
  return 0
}

const OWNED = new Set(['assigned', 'pending_agent', 'pending_customer'])
const AWAITING_AGENT = new Set(['assigned', 'pending_agent'])
const UNASSIGNED = new Set(['new', 'triage', 'queued'])
const NOTHING: ReadonlySet<string> = new Set()

type IsOne = (one: TrueConversation) => boolean

function sectionsOf({ truth, refused }: Sight, view: InboxView, order: Keys | null): Section[] {
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

function compareList(
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

/** Directions that names are wrapped in say nothing. */
const plain = (text: string): string => text.replaceAll(/[\u2066-\u2069]/g, '')
const instant = (text: string | null): number | null => (text === null ? null : Date.parse(text))

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

function assertWithin(
  sight: Sight,
  what: string,
  said: number,
  { least, most }: { least: number; most: number },
  blur = 0,
): void {
  if (said >= least - blur && said <= most + blur) return
  complain(sight, `${what} ${said}, and it is ${least}${least === most ? '' : ` to ${most}`}`)
}

// Numbers

function compareCounts(sight: Sight): void {
  const { truth, world, coverage, isWhole, blurred } = sight
  const counts = answerTo<InboxCounts & Reach>(sight, 'inbox.counts', undefined)
  if (counts === null) return
  const number = (what: string, said: number, is: number): void =>
    assertWithin(sight, `${what} is said to be`, said, { least: is, most: is }, blurred.size)
  const mine = sectionsOf(sight, { kind: 'mine' }, null).filter(({ isCounted }) => isCounted)
  number(
    'mine',
    counts.mine,
    mine.reduce((sum, { must }) => sum + must.length, 0),
  )
  const own = truth.conversations.filter(
    (one) => one.assigned_to === truth.myId && one.status !== 'closed',
  )
  number('unread', counts.unread, own.filter(({ unread }) => unread > 0).length)
  if (!coverage.open && !isWhole) return
  if (counts.isPartial) complain(sight, 'the numbers are said to be partial')
  const open = truth.conversations.filter(({ status }) => status !== 'closed')
  number('what is open', counts.open, open.length)
  for (const teamId of new Set([...world.teams, ...Object.keys(counts.teams)])) {
    const queue = open.filter((one) => one.team_id === teamId && one.status === 'queued')
    const name = world.describe(teamId)
    number(`the queue of ${name}`, counts.teams[teamId] ?? 0, queue.length)
    if (queue.some(({ id }) => blurred.has(id)) || blurred.size > 0) continue
    const badges = aroundNow(truth, (atMs) => worstOf(queue, atMs))
    const said = counts.due[teamId] ?? 'nothing'
    if (!badges.includes(said))
      complain(sight, `the badge of ${name} is ${said}, and it is ${badges.join(' or ')}`)
  }
}

const isWarned = (one: TrueConversation, atMs: number): boolean =>
  one.promise_warns_at !== null && one.promise_warns_at <= atMs
const isOverdue = (one: TrueConversation, atMs: number): boolean =>
  one.promise_due_at !== null && one.promise_due_at <= atMs

function worstOf(queue: readonly TrueConversation[], atMs: number): string {
  if (queue.some((one) => isOverdue(one, atMs))) return 'overdue'
  return queue.some((one) => isWarned(one, atMs)) ? 'warning' : 'nothing'
}

/** What is so now, by a clock that is a little early or late. */
const aroundNow = <Value>({ atMs }: Truth, value: (atMs: number) => Value): Value[] => [
  ...new Set([value(atMs - BLURRED_MS), value(atMs), value(atMs + BLURRED_MS)]),
]

// Who is due, and who is there

async function compareWallboard(sight: Sight): Promise<void> {
  const { truth, world, workstation, coverage, isWhole, blurred } = sight
  const board = answerTo<WallboardView & Reach>(sight, 'wallboard.get', undefined)
  if (board === null || (!coverage.open && !isWhole) || blurred.size > 0) return
  if (board.isPartial) complain(sight, 'the wallboard is said to be partial')
  const teams = await watchedTeams(world, workstation)
  const watchesAll = ['supervisor', 'admin'].includes(truth.role)
  const open = truth.conversations.filter(({ status }) => status !== 'closed')
  const watched = open.filter(
    ({ team_id: teamId }) => watchesAll || teams.some(({ id }) => id === teamId),
  )
  for (const team of teams) {
    const said = board.teams.find(({ teamId }) => teamId === team.id)
    const name = `the wallboard's ${world.describe(team.id)}`
    if (said === undefined) {
      complain(sight, `${name} is not there`)
      continue
    }
    const own = open.filter(({ team_id: teamId }) => teamId === team.id)
    const queue = own.filter(({ status }) => status === 'queued')
    const oldest = Math.min(...queue.map(({ queued_at: at }) => at ?? NEVER))
    const same = (what: string, here: unknown, ...there: unknown[]): void => {
      if (there.includes(here)) return
      complain(sight, `${name} says ${what} ${String(here)}, and it is ${there.join(' or ')}`)
    }
    same('queued', said.queued, queue.length)
    same('oldest', instant(said.oldestQueuedSince), oldest === NEVER ? null : oldest)
    for (const [what, count] of Object.entries(DUE)) {
      same(what, said[what as keyof typeof DUE], ...aroundNow(truth, (atMs) => count(own, atMs)))
    }
    same('members', said.members, team.members)
    same('online', said.online, team.online)
    same('capacity', said.capacity, team.capacity)
    // What colleagues have elsewhere a lead's own cache does not see.
    same('load', said.load, coverage.open ? team.load_seen : team.load)
  }
  if (board.teams.length > teams.length) complain(sight, 'the wallboard shows too many teams')
  for (const what of ['overdue', 'warning'] as const) {
    const right = aroundNow(truth, (atMs) => DUE[what](watched, atMs))
    if (!right.includes(board.dueTotal[what]))
      complain(
        sight,
        `the wallboard's ${what} are ${board.dueTotal[what]}, and it is ${right.join(' or ')}`,
      )
  }
  compareDue(sight, board.due, teams.length === 0 && !watchesAll ? [] : watched)
}

const DUE = {
  overdue: (of: readonly TrueConversation[], atMs: number) =>
    of.filter((one) => isOverdue(one, atMs)).length,
  warning: (of: readonly TrueConversation[], atMs: number) =>
    of.filter((one) => isWarned(one, atMs) && !isOverdue(one, atMs)).length,
  escalated: (of: readonly TrueConversation[], atMs: number) =>
    of.filter(({ escalates_at: at }) => at !== null && at <= atMs).length,
}

function compareDue(
  sight: Sight,
  said: WallboardView['due'],
  watched: readonly TrueConversation[],
): void {
  const { world, truth } = sight
  const lists = aroundNow(truth, (atMs) =>
    watched
      .filter((one) => isWarned(one, atMs))
      .toSorted((a, b) =>
        compareKeys([a.promise_due_at ?? NEVER, a.id], [b.promise_due_at ?? NEVER, b.id]),
      )
      .map(({ id }) => id)
      .join(),
  )
  const ids = said.map(({ conversationId }) => conversationId)
  if (!lists.includes(ids.join())) {
    const right = world.describe(lists.at(1)?.split(',') ?? lists[0]?.split(','))
    complain(sight, `the wallboard shows ${world.describe(ids)} as due, and it is ${right}`)
    return
  }
  for (const { conversationId, title, assignedTo, status, clock } of said) {
    const one = watched.find(({ id }) => id === conversationId)
    if (one === undefined) continue
    const here = [plain(title), assignedTo, status, instant(clock.dueAt)].join(', ')
    const there = [one.title, one.assigned_to, one.status, one.promise_due_at].join(', ')
    if (here !== there)
      complain(
        sight,
        `the wallboard shows ${here} of ${world.describe(conversationId)}, and it is ${there}`,
      )
  }
}

async function comparePeople(sight: Sight): Promise<void> {
  const { world, workstation, coverage, blurred } = sight
  const directory = answerTo<DirectoryView>(sight, 'directory.get', undefined)
  const people = new Map(directory?.people.map((person) => [person.id, person]))
  for (const { id, status, capacity, load_seen: load } of await peopleInSight(world, workstation)) {
    const { presence, load: shown } = people.get(id) ?? {}
    const here = `${presence?.status} of ${presence?.capacity}`
    if (here !== `${status} of ${capacity}`)
      complain(sight, `${world.describe(id)} is shown as ${here}, and is ${status} of ${capacity}`)
    if (coverage.open && blurred.size === 0 && shown !== load)
      complain(sight, `${world.describe(id)} is shown with ${shown} in hand, and has ${load}`)
  }
}
