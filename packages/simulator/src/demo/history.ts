import { randomUUID } from 'node:crypto'

import { CONVERSATION_SCRIPTS, type ConversationScript } from '../conversation-scripts.ts'
import { inventPeople, type InventedPerson } from '../invented-people.ts'
import { createRandom, type Random } from '../random.ts'
import {
  endOfStory,
  moveStory,
  tellStory,
  type StoryEnd,
  type StoryRows,
} from './conversation-story.ts'
import { DEMO_AGENT_EMAIL, type DemoPerson, type TeamSlug } from './people.ts'
import { BUSINESS_HOURS, SLA_POLICIES, UTC_OFFSET_MS } from './team-rules.ts'
import { NOTES, TAGS_OF_SCRIPT } from './texts.ts'

const CLOSED = 40
const DAYS = 30
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** The customers of the past are not those who write while the demo runs. */
const PEOPLE_SEED = 'history'

export interface HistoryInputs {
  now: Date
  teams: readonly { id: string; slug: TeamSlug }[]
  people: readonly (DemoPerson & { id: string })[]
  accounts: { whatsapp: string; chat_app: string }
  policies: readonly { id: string; team_id: string; priority: string }[]
  tags: readonly { id: string; name: string }[]
}

export interface History {
  customers: Record<string, unknown>[]
  identities: Record<string, unknown>[]
  conversations: Record<string, unknown>[]
  messages: Record<string, unknown>[]
  events: Record<string, unknown>[]
  assignments: Record<string, unknown>[]
  tags: Record<string, unknown>[]
  notes: Record<string, unknown>[]
  /** Clocks of what was closed, as they stopped. */
  timers: Record<string, unknown>[]
  violations: Record<string, unknown>[]
}

interface Plan {
  script: ConversationScript
  end: StoryEnd
  /** For open ones: how long ago the last thing happened. */
  endedAgoMs?: number
  agentEmail?: string
  channel?: 'whatsapp' | 'chat_app'
}

/** Minutes since the last thing happened, script, how far it has come, and whose it is. */
const OPEN: readonly [number, string, StoryEnd, string?][] = [
  [4, 'double-charge', { kind: 'awaiting_agent', turn: 1 }, DEMO_AGENT_EMAIL],
  [2, 'late-delivery', { kind: 'awaiting_agent', turn: 0 }, DEMO_AGENT_EMAIL],
  [38, 'invoice', { kind: 'awaiting_customer', turn: 0 }, DEMO_AGENT_EMAIL],
  [95, 'wrong-item', { kind: 'awaiting_customer', turn: 0 }, DEMO_AGENT_EMAIL],
  [11, 'app-code', { kind: 'awaiting_customer', turn: 1 }, 'iker.salgado@parley.example'],
  [26, 'quote-stores', { kind: 'awaiting_customer', turn: 1 }, 'renata.cardenas@parley.example'],
  [1, 'login-english', { kind: 'queued' }],
  [3, 'price-plan', { kind: 'queued' }],
]

/** A month of conversations that went well, some that did not, and what is on the desks right now. */
export function inventHistory(inputs: HistoryInputs): History {
  const random = createRandom('demo-history')
  const plans = [...planClosed(random), ...planOpen()]
  const people = inventPeople(plans.length * 2, PEOPLE_SEED)
  const history: History = {
    customers: [],
    identities: [],
    conversations: [],
    messages: [],
    events: [],
    assignments: [],
    tags: [],
    notes: [],
    timers: [],
    violations: [],
  }
  for (const plan of plans) {
    const index = people.findIndex(({ language }) => language === plan.script.language)
    const [customer] = people.splice(index, 1)
    if (customer === undefined)
      throw new Error('there are not enough invented people for the history')
    add(history, inputs, plan, customer, random)
  }
  // Numbers are handed out in the order of insertion, and messages are read in that order.
  history.messages.sort(byInstant('sent_at'))
  history.events.sort(byInstant('created_at'))
  return history
}

function planClosed(random: Random): Plan[] {
  return Array.from({ length: CLOSED }, (_, index): Plan => ({
    script: CONVERSATION_SCRIPTS[index % CONVERSATION_SCRIPTS.length] as ConversationScript,
    end: { kind: 'closed', reason: random.chance(0.12) ? 'no_response' : 'resolved' },
    channel: index % 8 === 5 ? 'chat_app' : 'whatsapp',
  }))
}

function planOpen(): Plan[] {
  return OPEN.map(([minutes, scriptId, end, agentEmail]) => {
    const script = CONVERSATION_SCRIPTS.find(({ id }) => id === scriptId)
    if (script === undefined) throw new Error(`there is no script ${scriptId}`)
    return {
      script,
      end,
      endedAgoMs: minutes * 60_000,
      ...(agentEmail === undefined ? {} : { agentEmail }),
    }
  })
}

function add(
  history: History,
  inputs: HistoryInputs,
  plan: Plan,
  person: InventedPerson,
  random: Random,
): void {
  const { script } = plan
  const team = inputs.teams.find(({ slug }) => slug === script.team)
  if (team === undefined) throw new Error(`there is no team ${script.team}`)
  const colleagues = inputs.people.filter(
    ({ teams, capacity }) => teams.includes(team.slug) && capacity > 0,
  )
  const agents = colleagues.filter(
    ({ role, skills }) =>
      role === 'agent' && (script.language === 'es' || (skills['english'] ?? 0) >= 3),
  )
  const agent = colleagues.find(({ email }) => email === plan.agentEmail) ?? random.pick(agents)
  const channel = plan.channel ?? 'whatsapp'
  const customerId = randomUUID()

  const told = tellStory(
    {
      script,
      customerId,
      channel,
      channelAccountId: inputs.accounts[channel],
      teamId: team.id,
      teams: inputs.teams,
      agentId: agent.id,
      colleagues,
      end: plan.end,
      // One in eight keeps somebody waiting beyond every target.
      firstAnswerMs:
        plan.end.kind === 'closed' && random.chance(0.125)
          ? random.between(900_000, 1_500_000)
          : random.between(25_000, 110_000),
    },
    plan.endedAgoMs === undefined ? startInOpeningHours(team.slug, inputs.now, random) : 0,
    random,
  )
  const rows =
    plan.endedAgoMs === undefined
      ? told
      : moveStory(told, inputs.now.getTime() - plan.endedAgoMs - endOfStory(told))

  addCustomer(history, { id: customerId, person, channel, rows, random })
  history.conversations.push(rows.conversation)
  history.messages.push(...rows.messages)
  history.events.push(...rows.events)
  history.assignments.push(...rows.assignments)
  addTags(history, inputs, script, rows, agent.id)
  addNote(history, inputs, script, rows, team.slug)
  addViolations(history, inputs, team, rows)
}

function addCustomer(
  history: History,
  {
    id,
    person,
    channel,
    rows,
    random,
  }: { id: string; person: InventedPerson; channel: string; rows: StoryRows; random: Random },
): void {
  const externalId = channel === 'whatsapp' ? `+${person.phone}` : `app-${person.phone.slice(-7)}`
  const since =
    Date.parse(rows.conversation['created_at'] as string) - random.between(0, 700) * DAY_MS
  history.customers.push({
    id,
    external_id: externalId,
    channel,
    name: person.name,
    metadata: {
      ciudad: random.pick([
        'Ciudad de México',
        'Guadalajara',
        'Monterrey',
        'Puebla',
        'Querétaro',
        'Mérida',
      ]),
      nivel: random.pick(['Básico', 'Básico', 'Plus', 'Negocio']),
    },
    created_at: new Date(since).toISOString(),
  })
  history.identities.push({
    customer_id: id,
    channel,
    external_id: externalId,
    kind: channel === 'whatsapp' ? 'phone' : 'app_id',
    is_primary: true,
    verified_at: new Date(since).toISOString(),
    valid_from: new Date(since).toISOString(),
    last_seen_at: new Date(since).toISOString(),
    created_at: new Date(since).toISOString(),
  })
}

function addTags(
  history: History,
  inputs: HistoryInputs,
  script: ConversationScript,
  rows: StoryRows,
  addedBy: string,
): void {
  for (const name of TAGS_OF_SCRIPT[script.id] ?? []) {
    const tag = inputs.tags.find((known) => known.name === name)
    if (tag === undefined) throw new Error(`there is no tag ${name}`)
    history.tags.push({
      conversation_id: rows.conversation.id,
      tag_id: tag.id,
      added_by: addedBy,
      created_at: rows.conversation['updated_at'],
    })
  }
}

/** Leads leave a note on the telling ones, once an agent has it. */
function addNote(
  history: History,
  inputs: HistoryInputs,
  script: ConversationScript,
  rows: StoryRows,
  team: TeamSlug,
): void {
  const content = NOTES[script.id]
  const lead = inputs.people.find(({ role, teams }) => role === 'team_lead' && teams.includes(team))
  const at = rows.conversation['first_response_at']
  if (content === undefined || lead === undefined || at === null) return
  history.notes.push({
    conversation_id: rows.conversation.id,
    author_id: lead.id,
    content,
    created_at: at,
    updated_at: at,
  })
}

/** Every conversation lies within opening hours, so elapsed time is business time. */
function addViolations(
  history: History,
  inputs: HistoryInputs,
  team: { id: string; slug: TeamSlug },
  rows: StoryRows,
): void {
  const {
    id,
    priority,
    first_message_at: from,
    first_response_at: answeredAt,
    closed_at: closedAt,
  } = rows.conversation
  const policy = inputs.policies.find(
    (known) => known.team_id === team.id && known.priority === priority,
  )
  if (policy === undefined || closedAt === null) return
  const [firstResponse, resolution] =
    SLA_POLICIES[team.slug][priority as keyof (typeof SLA_POLICIES)[TeamSlug]]
  const targets = [
    ['frt', 'first_response', answeredAt, firstResponse],
    ['resolution', 'resolution', closedAt, resolution],
  ] as const
  for (const [type, clock, endedAt, target] of targets) {
    const actual = Math.floor((Date.parse(endedAt as string) - Date.parse(from as string)) / 1000)
    history.timers.push({
      conversation_id: id,
      clock,
      sla_policy_id: policy.id,
      state: 'stopped',
      started_at: from,
      target_seconds: target,
      took_seconds: actual,
      is_missed: actual > target,
      stopped_at: endedAt,
    })
    if (actual <= target) continue
    const breachedAt = new Date(Date.parse(from as string) + target * 1000).toISOString()
    history.violations.push({
      conversation_id: id,
      sla_policy_id: policy.id,
      violation_type: type,
      target_seconds: target,
      actual_seconds: actual,
      breached_at: breachedAt,
      is_final: true,
      team_id: team.id,
      assigned_to: rows.conversation.assigned_to,
      priority,
      created_at: breachedAt,
    })
  }
}

/** An instant of the last month at which the team was open and stayed open for an hour. */
function startInOpeningHours(slug: TeamSlug, now: Date, random: Random): number {
  for (;;) {
    const localDay =
      Math.floor((now.getTime() + UTC_OFFSET_MS) / DAY_MS) - random.between(1, DAYS - 1)
    // 1970-01-01 was a Thursday; day 0 is Monday.
    const windows = BUSINESS_HOURS[slug].filter(({ day }) => day === (localDay + 3) % 7)
    if (windows.length === 0) continue
    const { opens, closes } = random.pick(windows)
    // Who is open around the clock is written to by day.
    const from = Math.max(minutes(opens), 8 * 60)
    const until = Math.min(minutes(closes), 22 * 60) - 60
    const atMs =
      localDay * DAY_MS -
      UTC_OFFSET_MS +
      random.between(from, until) * 60_000 +
      random.between(0, 59_999)
    if (atMs < now.getTime() - HOUR_MS) return atMs
  }
}

function minutes(time: string): number {
  const [hours = 0, rest = 0] = time.split(':').map(Number)
  return hours * 60 + rest
}

function byInstant(name: string) {
  return (a: Record<string, unknown>, b: Record<string, unknown>): number =>
    Date.parse(a[name] as string) - Date.parse(b[name] as string)
}
