import type {
  AppError,
  BridgeEvents,
  BridgeInput,
  BridgeOutputs,
  OfferView,
  PersonView,
  QueueOutput,
  QueueWait,
  ReplayFigures,
} from '@parley/contracts'
import { DEFAULT_ROUTING_SETTINGS, type RoutingSettings } from '@parley/domain'

import { ME, PEOPLE, type Thread, ago, id } from './world.ts'

/** Presence, offers and routing of the preview: what the server alone answers, and offers. */

export type RoutingMethod =
  | `presence.${'set' | 'setFinishing' | 'endShift' | 'setOf' | 'setCapacity' | 'history'}`
  | `people.${'skills' | 'setSkills'}`
  | `offers.${'list' | 'accept' | 'refuse'}`
  | `routing.${'settings' | 'saveSettings' | 'queue' | 'replay'}`

interface World {
  threads: readonly Thread[]
  people: PersonView[]
  isOnline: () => boolean
  changed: (more: Partial<BridgeEvents['changed']>) => void
  accept: (thread: Thread) => void
  refuse: (code: AppError['code'], details?: Record<string, unknown>) => never
}

const SECOND = 1000

export class FakeRouting {
  readonly #world: World
  #offers: OfferView[] = []
  #settings: { settings: RoutingSettings; version: number } = {
    settings: { ...DEFAULT_ROUTING_SETTINGS, mode: 'offer', relaxSkillsAfterSeconds: 120 },
    version: 3,
  }
  /** Somebody else saves between this person's reading and saving, once. */
  #savedByAnother: boolean
  readonly #skills = new Map(
    PEOPLE.map((person, n) => [
      person.id,
      {
        spanish: 5,
        ...(n % 2 ? { english: 2 + (n % 3) } : {}),
        ...(n % 3 ? {} : { billing: 4 }),
      } as Record<string, number>,
    ]),
  )

  constructor(world: World, scenario: string) {
    this.#world = world
    this.#savedByAnother = scenario === 'settings-conflict'
    if (scenario === 'finishing') this.#me().isFinishing = true
    if (scenario === 'missed')
      Object.assign(this.#me(), { status: 'away', reason: 'missed_offers' })
    if (scenario === 'offer') [22, 26, 48].forEach((seconds, n) => this.offer(seconds, n))
  }

  /** For checks from outside: an offer comes now. */
  offer(seconds: number, nth = 0): void {
    const thread = this.#queued()[nth]
    if (!thread) return
    const now = Date.now()
    this.#offers.push({
      id: id(5, 100 + this.#offers.length),
      conversationId: thread.conversation.id,
      teamId: thread.conversation.teamId ?? '',
      title: thread.customer.name ?? thread.customer.externalId,
      channel: thread.conversation.channel,
      language: thread.conversation.language,
      priority: thread.conversation.priority,
      preview: { contentType: 'text', text: thread.messages.at(-1)?.text ?? '' },
      waitingSince: thread.conversation.waitingSince,
      offeredAt: new Date(now - (30 - seconds) * SECOND).toISOString(),
      expiresAt: new Date(now + seconds * SECOND).toISOString(),
      explanation: EXPLANATION,
    })
    this.#world.changed({ offers: true })
  }

  /** For checks from outside: somebody else was faster. */
  withdraw(): void {
    this.#offers.shift()
    this.#world.changed({ offers: true })
  }

  readonly answers: {
    [Method in RoutingMethod]: (input: BridgeInput<Method>) => BridgeOutputs[Method]
  } = {
    'presence.set': ({ status, reason }) => this.#setPresence(ME.id, { status, reason }),
    'presence.setFinishing': ({ isFinishing }) => this.#setPresence(ME.id, { isFinishing }),
    'presence.endShift': () => {
      this.#setPresence(ME.id, { isFinishing: true })
      return { returned: 3 }
    },
    'presence.setOf': ({ userId, status, reason, isFinishing }) =>
      this.#setPresence(userId, { status, reason, isFinishing }),
    'presence.setCapacity': ({ userId, capacity }) => this.#setPresence(userId, { capacity }),
    'presence.history': ({ userId }) => {
      const { status, reason, isFinishing, capacity, since } = this.#personOf(userId).presence
      const setBy = isFinishing ? (PEOPLE[1]?.id ?? null) : null
      return [{ status, reason, isFinishing, capacity, setBy, startedAt: since, endedAt: null }]
    },
    'people.skills': () => [...this.#skills].map(([userId, skills]) => ({ userId, skills })),
    'people.setSkills': ({ userId, skills }) => {
      this.#online()
      this.#skills.set(userId, skills)
      return null
    },
    'offers.list': () => this.#offers.filter(({ expiresAt }) => Date.parse(expiresAt) > Date.now()),
    'offers.accept': ({ offerId }) => {
      const { conversationId } = this.#take(offerId)
      const thread = this.#world.threads.find((one) => one.conversation.id === conversationId)
      if (thread) this.#world.accept(thread)
      return { conversationId }
    },
    'offers.refuse': ({ offerId }) => {
      this.#take(offerId)
      return null
    },
    'routing.settings': () => {
      this.#online()
      return this.#settings
    },
    'routing.saveSettings': ({ settings, basedOn }) => {
      this.#online()
      if (this.#savedByAnother) {
        this.#savedByAnother = false
        this.#settings = {
          settings: { ...this.#settings.settings, offerSeconds: 45 },
          version: basedOn + 1,
        }
      }
      if (basedOn !== this.#settings.version)
        this.#world.refuse('conflict', {
          by: PEOPLE[1]?.id,
          at: ago(1),
          action: 'team_settings.saved',
        })
      this.#settings = { settings: settings as RoutingSettings, version: basedOn + 1 }
      return this.#settings
    },
    'routing.queue': ({ teamId }) => {
      this.#online()
      return this.#queue(teamId)
    },
    'routing.replay': ({ from, to, settings }) => {
      this.#online()
      const isOther = settings.strategy !== this.#settings.settings.strategy
      return {
        present: figures(from, to, 1),
        changed: figures(from, to, isOther ? 0.72 : 1),
        recorded: { conversations: 1284, meanWaitSeconds: 143 },
      }
    },
  }

  #online(): void {
    if (!this.#world.isOnline()) this.#world.refuse('server_unreachable')
  }

  #take(offerId: string): OfferView {
    this.#online()
    const offer = this.#offers.find((one) => one.id === offerId)
    if (!offer)
      return this.#world.refuse('conflict', {
        by: PEOPLE[2]?.id,
        at: ago(0),
        outcome: 'withdrawn',
      })
    this.#offers = this.#offers.filter((one) => one !== offer)
    this.#world.changed({ offers: true })
    return offer
  }

  #personOf(userId: string): PersonView {
    return this.#world.people.find((one) => one.id === userId) ?? this.#world.refuse('not_found')
  }

  #me(): PersonView['presence'] {
    return this.#personOf(ME.id).presence
  }

  #setPresence(userId: string, change: Partial<PersonView['presence']>): null {
    this.#online()
    Object.assign(this.#personOf(userId).presence, change)
    this.#world.changed({ directory: true })
    return null
  }

  #queued(): Thread[] {
    return this.#world.threads.filter(({ conversation }) => conversation.status === 'queued')
  }

  #queue(teamId: string): QueueOutput {
    const waits = waitsOf()
    const threads = this.#queued().filter(({ conversation }) => conversation.teamId === teamId)
    return {
      mode: this.#settings.settings.mode,
      isOpen: true,
      total: threads.length,
      entries: threads.map(({ conversation, customer }, n) => ({
        conversationId: conversation.id,
        position: n + 1,
        customerName: customer.name,
        channel: conversation.channel,
        priority: n === 0 ? 'urgent' : n === 1 ? 'high' : 'normal',
        requiredSkills: n % 3 === 1 ? { english: 4, billing: 2 } : {},
        queuedAt: ago(11 - n * 1.4),
        nextDueAt: n < 3 ? ago(-(n * 3 - 1)) : null,
        expectedWaitSeconds: n === 4 ? null : 25 + n * 95,
        waitsFor: waits[n % waits.length] as QueueWait,
        overflowsAt: n === 2 ? ago(-7) : null,
      })),
      members: this.#world.people
        .filter(({ presence, teamIds }) => presence.status === 'online' && teamIds.includes(teamId))
        .map(({ id: userId, load, presence: { capacity, isFinishing } }, n) => ({
          userId,
          load,
          capacity,
          obstacle: isFinishing ? 'finishing' : n === 1 ? 'lacks_skill' : null,
        })),
    }
  }
}

const waitsOf = (): QueueWait[] => [
  {
    kind: 'offer',
    userId: PEOPLE[1]?.id ?? '',
    expiresAt: new Date(Date.now() + 18 * SECOND).toISOString(),
  },
  { kind: 'skill', skill: 'english', level: 4, relaxesAt: ago(-4) },
  { kind: 'capacity' },
  { kind: 'declined' },
  { kind: 'nothing' },
]

const EXPLANATION = {
  strategy: 'least_loaded',
  chosenBecause: 'least_loaded',
  waitedMs: 252_000,
  requiredSkills: { spanish: 3, billing: 3 },
  relaxed: { step: 1, to: { spanish: 3, billing: 3 } },
  eligible: [
    { userId: ME.id, load: 4, capacity: 6 },
    { userId: PEOPLE[1]?.id ?? '', load: 5, capacity: 6 },
  ],
  eligibleCount: 2,
  ineligible: [
    { userId: PEOPLE[2]?.id ?? '', because: 'not_online' },
    { userId: PEOPLE[4]?.id ?? '', because: 'lacks_skill', skill: 'billing' },
  ],
  ineligibleCounts: { not_online: 3, lacks_skill: 1 },
}

function figures(from: string, to: string, factor: number): ReplayFigures {
  const parts = 48
  const [start, end] = [Date.parse(from), Date.parse(to)]
  return {
    conversations: 1284,
    unassigned: Math.round(6 * factor),
    waitSeconds: {
      mean: 148 * factor,
      p50: 61 * factor,
      p90: 402 * factor,
      maximum: 1260 * factor,
    },
    firstResponseBreaches: Math.round(43 * factor),
    toPreviousAgent: Math.round(318 * factor),
    load: [],
    loadSpread: 7.4 * factor,
    waitOverTime: Array.from({ length: parts }, (_, n) => ({
      from: new Date(start + ((end - start) * n) / parts).toISOString(),
      meanWaitSeconds: n < 6 ? null : 150 * factor * (1 + Math.sin(n / 4)) + ((n * 37) % 60),
    })),
  }
}
