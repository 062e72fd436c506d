import {
  type ConversationRow,
  type CustomerRow,
  type EventRow,
  type MessageRow,
  type PersonRow,
  type PresenceRow,
  type PutItem,
  type SlaClockRow,
} from '@parley/contracts'
import { type Channel } from '@parley/domain'

import { put } from '../engine/testing/open-cache.ts'
import {
  cannedResponse,
  clock,
  conversation,
  customer,
  event,
  message,
  person,
  presence,
  someId,
  team,
} from '../engine/testing/rows.ts'

/** The invented company that the preview shows, as rows. Everything is relative to the moment it is opened. */

export const ago = (minutes: number): string =>
  new Date(Date.now() - minutes * 60_000).toISOString()

const TEAMS = {
  payments: team(someId(), { name: 'Pagos', slug: 'payments' }),
  accounts: team(someId(), { name: 'Cuentas', slug: 'accounts' }),
  cards: team(someId(), { name: 'Tarjetas', slug: 'cards' }),
  transfers: team(someId(), { name: 'Envíos', slug: 'transfers' }),
}
export type TeamSlug = keyof typeof TEAMS

/** A conversation with its parts, until it is written. I have seen it as far as we have answered. */
export interface Thread {
  conversation: ConversationRow
  customer: CustomerRow
  messages: MessageRow[]
  events: EventRow[]
  draft: string
}

interface Beginning extends Partial<ConversationRow> {
  name: string | null
  team?: TeamSlug
}

export class World {
  readonly #presences = new Map<string, PresenceRow>()
  readonly me = this.#person('Mariana Solís', ['payments', 'accounts', 'cards', 'transfers'], {
    role: 'team_lead',
  })
  readonly rodrigo = this.#person('Rodrigo Ceja', ['payments', 'accounts'])
  readonly paola = this.#person('Paola Aréchiga', ['payments'], {}, 'busy')
  readonly gael = this.#person('Gael Montiel', ['cards', 'payments'], {}, 'away', 'lunch')
  readonly itzel = this.#person('Itzel Barragán', ['accounts', 'transfers'])
  readonly diego = this.#person('Diego Sandoval', ['cards'], {}, 'offline')
  readonly threads: Thread[] = []
  /** What belongs to me alone. */
  readonly others: PutItem[] = []

  /** Rows in the order of a first load. */
  rows(): PutItem[] {
    return [
      ...Object.values(TEAMS).map((row) => put('team', row)),
      ...[this.me, this.rodrigo, this.paola, this.gael, this.itzel, this.diego].map((row) =>
        put('person', row),
      ),
      ...[...this.#presences.values()].map((row) => put('presence', row)),
      ...CANNED.map(([shortcut, title, content]) =>
        put('canned_response', cannedResponse({ shortcut, title, content })),
      ),
      ...this.threads.flatMap(({ customer, conversation, messages, events }) => [
        put('conversation', conversation),
        put('customer', customer),
        ...messages.map((row) => put('message', row)),
        ...events.map((row) => put('event', row)),
      ]),
      ...this.others,
    ]
  }

  get myPresence(): PresenceRow {
    return this.#presences.get(this.me.id) as PresenceRow
  }

  /** The first conversation with this customer. */
  of(name: string): Thread {
    const found = this.threads.find((thread) => thread.customer.name === name)
    if (found === undefined) throw new Error(`${name} is not in this world`)
    return found
  }

  begin({ name, team: slug = 'payments', ...given }: Beginning): Thread {
    const n = this.threads.length + 1
    const channel: Channel = given.channel ?? 'whatsapp'
    const externalId =
      channel === 'whatsapp'
        ? `+52550${100 + (n % 900)}${2000 + ((n * 37) % 8000)}`
        : `@${(name ?? 'cliente').split(' ')[0]?.toLowerCase()}.${n}`
    const who = customer(someId(), {
      name,
      channel,
      externalId,
      identities: [{ channel, externalId, isPrimary: true }],
      metadata: { ciudad: 'Ciudad de México', nivel: 'Cuenta plus' },
      createdAt: '2024-03-12T16:00:00.000Z',
    })
    const thread: Thread = {
      customer: who,
      conversation: conversation({
        customerId: who.id,
        teamId: TEAMS[slug].id,
        assignedTo: this.me.id,
        status: 'pending_agent',
        createdAt: ago(120),
        firstMessageAt: null,
        queuedAt: null,
        waitingSince: null,
        lastInboundAt: null,
        lastMessageAt: null,
        ...given,
        channel,
      }),
      messages: [],
      events: [],
      draft: '',
    }
    this.threads.push(thread)
    return thread
  }

  #person(
    fullName: string,
    teams: TeamSlug[],
    given: Partial<PersonRow> = {},
    status: PresenceRow['status'] = 'online',
    reason: string | null = null,
  ): PersonRow {
    const teamIds = teams.map((slug) => TEAMS[slug].id)
    const made = person({ id: someId(), fullName, teamIds, ...given })
    this.#presences.set(made.id, presence(made.id, { status, reason, since: ago(42) }))
    return made
  }
}

const CANNED = [
  ['saludo', 'Saludo', 'Hola, soy Mariana del equipo de Pagos. ¿En qué te ayudo?'],
  ['folio', 'Folio de aclaración', 'Registramos tu aclaración. Tu folio es '],
  ['plazo', 'Plazo de devolución', 'La devolución se refleja entre 24 y 72 horas hábiles.'],
] as const

/** The customer says it, or a colleague does. What conversations are listed by follows. */
export function say(
  thread: Thread,
  by: 'customer' | PersonRow,
  minutesAgo: number,
  text: string | null,
  given: Partial<MessageRow> = {},
): MessageRow {
  const sentAt = ago(minutesAgo)
  const { conversation: row } = thread
  const said = message(row.id, {
    text,
    sentAt,
    ...(by !== 'customer' && {
      direction: 'outbound',
      senderType: 'agent',
      senderId: by.id,
      status: 'read',
    }),
    ...given,
  })
  thread.messages.push(said)
  row.lastMessageAt = sentAt
  row.firstMessageAt ??= sentAt
  if (by === 'customer') {
    row.lastInboundAt = sentAt
    row.waitingSince ??= sentAt
  } else if (said.status !== 'failed') {
    row.waitingSince = null
    row.firstResponseAt ??= sentAt
  }
  return said
}

export function happen(thread: Thread, minutesAgo: number, given: Partial<EventRow>): void {
  const actorType = given.actorId === undefined ? 'system' : 'user'
  thread.events.push(
    event(thread.conversation.id, { actorType, createdAt: ago(minutesAgo), ...given }),
  )
}

/** A running clock; what it measures lasts as long as it has until now and is still left. */
export function runningClock(
  name: SlaClockRow['name'],
  startedMinutesAgo: number,
  dueInMinutes: number,
): SlaClockRow {
  const whole = startedMinutesAgo + dueInMinutes
  return clock({
    name,
    startedAt: ago(startedMinutesAgo),
    targetSeconds: Math.round(whole * 60),
    warnsAt: ago(startedMinutesAgo - whole * 0.8),
    dueAt: ago(-dueInMinutes),
  })
}

export function stoppedClock(name: SlaClockRow['name'], tookSeconds: number): SlaClockRow {
  const targetSeconds = 300
  const [warnsAt, dueAt] = [null, null]
  const isMissed = tookSeconds > targetSeconds
  return clock({ name, state: 'stopped', targetSeconds, warnsAt, dueAt, tookSeconds, isMissed })
}
