import { randomUUID } from 'node:crypto'

import {
  classifyMessage,
  type ConversationEventType,
  type ConversationState,
  type Priority,
} from '@parley/domain'

import {
  fillIn,
  inventParticulars,
  type ConversationScript,
  type Line,
} from '../conversation-scripts.ts'
import { type Random } from '../random.ts'

/** Rows of the data model, in its own names, as far as a conversation's past needs them. */
export interface StoryRows {
  conversation: Record<string, unknown> & { id: string; status: ConversationState }
  messages: Record<string, unknown>[]
  events: Record<string, unknown>[]
  assignments: Record<string, unknown>[]
}

/** How far a conversation has come. */
export type StoryEnd =
  /** The customer wrote this turn (from 0) and nobody has answered. */
  | { kind: 'awaiting_agent'; turn: number }
  /** The agent answered this turn and the customer has not written since. */
  | { kind: 'awaiting_customer'; turn: number }
  /** Nobody has it yet. */
  | { kind: 'queued' }
  | { kind: 'closed'; reason: 'resolved' | 'no_response' }

export interface StoryCast {
  script: ConversationScript
  customerId: string
  channel: 'whatsapp' | 'chat_app'
  channelAccountId: string
  teamId: string
  teams: readonly { id: string; slug: string }[]
  agentId: string
  /** Everybody of the team, for the explanation of the choice. */
  colleagues: readonly { id: string; capacity: number; skills: Readonly<Record<string, number>> }[]
  end: StoryEnd
  /** Somebody was slow: the first answer takes this long. Milliseconds. */
  firstAnswerMs: number
}

interface Telling {
  cast: StoryCast
  random: Random
  atMs: number
  status: ConversationState
  rows: StoryRows
}

/** Tells a conversation from its first message on, beginning at `startMs`, by the rules of its lifecycle. */
export function tellStory(cast: StoryCast, startMs: number, random: Random): StoryRows {
  const id = randomUUID()
  const telling: Telling = {
    cast,
    random,
    atMs: startMs,
    status: 'new',
    rows: {
      conversation: {
        id,
        customer_id: cast.customerId,
        channel: cast.channel,
        channel_account_id: cast.channelAccountId,
        status: 'new',
        team_id: null,
        assigned_to: null,
        assigned_at: null,
        first_response_at: null,
        closed_at: null,
        closed_by: null,
        close_reason: null,
        queued_at: null,
        last_agent_id: null,
        waiting_since: null,
        first_message_at: iso(startMs),
        created_at: iso(startMs + 400),
        required_skills: {},
      },
      messages: [],
      events: [],
      assignments: [],
    },
  }
  record(telling, 'conversation.created', { newValue: { status: 'new' } })
  const particulars = inventParticulars(random)
  const { script, end } = cast
  const lastTurn = 'turn' in end ? end.turn : end.kind === 'queued' ? 0 : script.turns.length - 1

  script.turns.slice(0, lastTurn + 1).forEach((turn, index) => {
    const [first, ...others] = turn.customer.map((line) =>
      filled(line, (text) => fillIn(text, particulars)),
    )
    if (first !== undefined) customerWrites(telling, first)
    if (index === 0) {
      // Neither waits for what else the customer is typing.
      triage(telling)
      if (end.kind !== 'queued') assign(telling)
    }
    for (const line of others) {
      telling.atMs += random.between(3_000, 15_000)
      customerWrites(telling, line)
    }
    const isLast = index === lastTurn
    if (isLast && (end.kind === 'awaiting_agent' || end.kind === 'queued')) return
    telling.atMs += index === 0 ? cast.firstAnswerMs : random.between(30_000, 150_000)
    agentWrites(telling, fillIn(turn.agent, particulars))
    if (!isLast || end.kind === 'closed') telling.atMs += random.between(40_000, 240_000)
  })
  if (end.kind === 'closed') close(telling, end.reason)
  telling.rows.conversation.status = telling.status
  telling.rows.conversation['updated_at'] = iso(telling.atMs)
  return telling.rows
}

/** The instant of the newest thing in it, epoch milliseconds. */
export function endOfStory(rows: StoryRows): number {
  return Date.parse(rows.conversation['updated_at'] as string)
}

/** The same story at another time: every instant moves. */
export function moveStory(rows: StoryRows, byMs: number): StoryRows {
  const move = (value: unknown): unknown =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)
      ? iso(Date.parse(value) + byMs)
      : value
  const moveAll = <Row extends Record<string, unknown>>(row: Row): Row =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, move(value)])) as Row
  return {
    conversation: moveAll(rows.conversation),
    messages: rows.messages.map(moveAll),
    events: rows.events.map(moveAll),
    assignments: rows.assignments.map(moveAll),
  }
}

function filled(
  line: Line,
  fill: (text: string) => string,
): { contentType: string; text: string | null } {
  if (line.kind === 'voice') return { contentType: 'audio', text: null }
  if (line.kind === 'image')
    return { contentType: 'image', text: line.caption === null ? null : fill(line.caption) }
  return { contentType: 'text', text: fill(line.text) }
}

function customerWrites(
  telling: Telling,
  { contentType, text }: { contentType: string; text: string | null },
): void {
  const { conversation, messages } = telling.rows
  messages.push({
    ...message(telling, contentType, text),
    direction: 'inbound',
    sender_type: 'customer',
    sender_id: telling.cast.customerId,
    status: 'delivered',
  })
  conversation['waiting_since'] ??= iso(telling.atMs)
  conversation['last_inbound_at'] = iso(telling.atMs)
  conversation['last_message_at'] = iso(telling.atMs)
  if (telling.status === 'pending_customer') moveTo(telling, 'pending_agent', null)
}

function agentWrites(telling: Telling, text: string): void {
  const { conversation, messages } = telling.rows
  const { cast, random } = telling
  messages.push({
    ...message(telling, 'text', text),
    direction: 'outbound',
    sender_type: 'agent',
    sender_id: cast.agentId,
    status: 'read',
    delivered_at: iso(telling.atMs + random.between(400, 2_000)),
    read_at: iso(telling.atMs + random.between(3_000, 25_000)),
  })
  conversation['first_response_at'] ??= iso(telling.atMs)
  conversation['last_message_at'] = iso(telling.atMs)
  conversation['last_agent_id'] = cast.agentId
  conversation['waiting_since'] = null
  if (telling.status !== 'pending_customer') moveTo(telling, 'pending_customer', cast.agentId)
}

function message(
  telling: Telling,
  contentType: string,
  text: string | null,
): Record<string, unknown> {
  const id = randomUUID()
  const prefix = telling.cast.channel === 'whatsapp' ? 'wamid.' : 'chat_app:default:'
  return {
    id,
    conversation_id: telling.rows.conversation.id,
    channel_message_id: `${prefix}demo-${id}`,
    content_type: contentType,
    content_text: text,
    content_metadata: contentOf(contentType, text),
    sent_at: iso(telling.atMs),
    created_at: iso(telling.atMs + 350),
    delivered_at: null,
    read_at: null,
  }
}

/** What the channel says beside the words; there is no file behind it. */
function contentOf(contentType: string, text: string | null): object {
  if (contentType === 'audio')
    return { audio: { mime_type: 'audio/ogg; codecs=opus', voice: true } }
  if (contentType === 'image')
    return { image: { mime_type: 'image/jpeg', ...(text === null ? {} : { caption: text }) } }
  return {}
}

function triage(telling: Telling): void {
  const { conversation, messages } = telling.rows
  const { cast } = telling
  const words = messages.map((row) => row['content_text'] ?? '').join('\n')
  const decision = classifyMessage(words, cast.teams, cast.teamId)
  telling.atMs += 480
  moveTo(telling, 'triage', null)
  telling.atMs += 12
  Object.assign(conversation, {
    team_id: cast.teamId,
    priority: decision.priority satisfies Priority,
    language: decision.language,
    required_skills: decision.requiredSkills,
    queued_at: iso(telling.atMs),
  })
  record(telling, 'triage.completed', {
    oldValue: { status: 'triage', assigned_to: null, team_id: null },
    newValue: { status: 'queued', assigned_to: null, team_id: cast.teamId },
    metadata: {
      routing_decision: {
        ...decision,
        teamId: cast.teamId,
        classifier: 'built_in',
        messages: messages.length,
      },
    },
  })
  telling.status = 'queued'
}

function assign(telling: Telling): void {
  const { conversation, assignments } = telling.rows
  const { cast, random } = telling
  telling.atMs += random.between(15, 60)
  const explanation = explainChoice(telling)
  record(telling, 'conversation.assigned', {
    oldValue: { status: 'queued', assigned_to: null, team_id: cast.teamId },
    newValue: { status: 'assigned', assigned_to: cast.agentId, team_id: cast.teamId },
    metadata: { assignment_method: 'auto', explanation },
  })
  telling.status = 'assigned'
  Object.assign(conversation, {
    assigned_to: cast.agentId,
    assigned_at: iso(telling.atMs),
    queued_at: null,
  })
  assignments.push({
    id: randomUUID(),
    conversation_id: conversation.id,
    user_id: cast.agentId,
    team_id: cast.teamId,
    method: 'auto',
    explanation,
    assigned_at: iso(telling.atMs),
    ended_at: null,
    end_reason: null,
  })
}

function explainChoice({ cast, random, rows }: Telling): object {
  const required = Object.entries(rows.conversation['required_skills'] as Record<string, number>)
  const eligible: object[] = []
  const ineligible: object[] = []
  for (const { id, capacity, skills } of cast.colleagues) {
    const lacking = required.find(([skill, level]) => (skills[skill] ?? 0) < level)
    if (id === cast.agentId)
      eligible.unshift({ userId: id, load: random.between(0, Math.max(0, capacity - 2)), capacity })
    else if (lacking) ineligible.push({ userId: id, because: 'lacks_skill', skill: lacking[0] })
    else if (random.chance(0.4)) ineligible.push({ userId: id, because: 'not_online' })
    else if (random.chance(0.2)) ineligible.push({ userId: id, because: 'at_capacity' })
    else eligible.push({ userId: id, load: Math.max(0, capacity - 1), capacity })
  }
  return {
    strategy: 'least_loaded',
    chosenBecause: eligible.length === 1 ? 'only_one_eligible' : 'least_loaded',
    eligible,
    ineligible,
  }
}

function close(telling: Telling, reason: 'resolved' | 'no_response'): void {
  const { cast, rows, random } = telling
  if (reason === 'resolved') {
    customerWrites(telling, { contentType: 'text', text: cast.script.thanks })
    telling.atMs += random.between(15_000, 60_000)
    agentWrites(telling, cast.script.farewell)
  }
  telling.atMs += random.between(10_000, 90_000)
  const from = telling.status
  telling.status = 'closed'
  Object.assign(rows.conversation, {
    closed_at: iso(telling.atMs),
    closed_by: cast.agentId,
    close_reason: reason,
    waiting_since: null,
  })
  for (const assignment of rows.assignments)
    Object.assign(assignment, { ended_at: iso(telling.atMs), end_reason: 'closed' })
  const owned = { assigned_to: cast.agentId, team_id: cast.teamId }
  record(telling, 'conversation.closed', {
    actorId: cast.agentId,
    oldValue: { status: from, ...owned },
    newValue: { status: 'closed', ...owned },
    metadata: { close_reason: reason },
  })
}

function moveTo(telling: Telling, status: ConversationState, actorId: string | null): void {
  const { conversation } = telling.rows
  const belongs = { assigned_to: conversation['assigned_to'], team_id: conversation['team_id'] }
  record(telling, 'conversation.status_changed', {
    actorId,
    oldValue: { status: telling.status, ...belongs },
    newValue: { status, ...belongs },
  })
  telling.status = status
}

function record(
  telling: Telling,
  type: ConversationEventType,
  event: { actorId?: string | null; oldValue?: object; newValue: object; metadata?: object },
): void {
  telling.rows.events.push({
    id: randomUUID(),
    conversation_id: telling.rows.conversation.id,
    event_type: type,
    actor_type: event.actorId ? 'user' : 'system',
    actor_id: event.actorId ?? null,
    old_value: event.oldValue ?? null,
    new_value: event.newValue,
    metadata: event.metadata ?? {},
    created_at: iso(telling.atMs + 380),
  })
}

const iso = (atMs: number): string => new Date(atMs).toISOString()
