import type {
  AlertView,
  AppError,
  BridgeEvents,
  BridgeInput,
  BridgeOutputs,
  BusinessHours,
  ConversationRow,
  SlaClockRow,
  SlaEffect,
  SlaSettings,
  Violation,
  WallboardDue,
} from '@parley/contracts'
import {
  type AlertPreferences,
  DEFAULT_ALERT_PREFERENCES,
  type SlaClockName,
  findCalendarProblems,
} from '@parley/domain'

import { ME, PEOPLE, TEAMS, type Thread, ago, id } from './world.ts'

/** Service levels, business hours, alerts and the wallboard of the preview. */

export type SlaMethod =
  | `alerts.${'list' | 'acknowledge' | 'acknowledgeAll' | 'preferences' | 'savePreferences'}`
  | 'wallboard.get'
  | `sla.${'settings' | 'previewSettings' | 'saveSettings' | 'violations' | 'hourFigures'}`
  | `businessHours.${'get' | 'preview' | 'save'}`

interface World {
  threads: readonly Thread[]
  people: readonly (typeof PEOPLE)[number][]
  isOnline: () => boolean
  changed: (more: Partial<BridgeEvents['changed']>) => void
  refuse: (code: AppError['code'], details?: Record<string, unknown>) => never
}

const RODRIGO = PEOPLE[1] as (typeof PEOPLE)[number]
const HOUR = 60

/** A running clock; what it measures lasts as long as it has until now and is still left. */
export function runningClock(
  name: SlaClockName,
  startedMinutesAgo: number,
  dueInMinutes: number,
): SlaClockRow {
  const whole = startedMinutesAgo + dueInMinutes
  return {
    name,
    state: 'running',
    startedAt: ago(startedMinutesAgo),
    targetSeconds: Math.round(whole * 60),
    warnsAt: ago(startedMinutesAgo - whole * 0.8),
    dueAt: ago(-dueInMinutes),
    tookSeconds: null,
    isMissed: false,
  }
}
const stoppedClock = (name: SlaClockName, tookSeconds: number, target: number): SlaClockRow => ({
  ...runningClock(name, 60, 0),
  state: 'stopped',
  targetSeconds: target,
  warnsAt: null,
  dueAt: null,
  tookSeconds,
  isMissed: tookSeconds > target,
})
const pausedClock = (name: SlaClockName): SlaClockRow => ({
  ...runningClock(name, 200, 280),
  state: 'paused',
  warnsAt: null,
  dueAt: null,
})

/** The clocks that stand in the design's pictures. */
function setClocks(threads: readonly Thread[]): void {
  const dueIn = [-6, 4.2, 42, null, null, null, null, 1.8, 2.34, 5.1, 7.5, 8.3, 9.7, 12, 25, 42]
  threads.forEach(({ conversation }, n) => {
    const minutes = dueIn[n % 20]
    if (conversation.status === 'closed') {
      conversation.clocks = [
        stoppedClock('first_response', 160, 300),
        stoppedClock('resolution', 31_000, 28_800),
      ]
    } else if (conversation.status === 'pending_customer') {
      conversation.clocks = [pausedClock('resolution'), stoppedClock('first_response', 160, 300)]
    } else if (minutes !== null && minutes !== undefined && n < 20) {
      const isFirst = conversation.firstResponseAt === null
      conversation.clocks = [
        runningClock(isFirst ? 'first_response' : 'resolution', minutes < 12 ? 44 : 30, minutes),
        runningClock('escalation', 20, Math.max(minutes, 0) + 7.5),
        ...(isFirst ? [] : [stoppedClock('first_response', n === 2 ? 420 : 160, 300)]),
      ]
    }
    conversation.nextDueAt = nearest(conversation)?.dueAt ?? null
  })
}

export function nearest({ clocks }: Pick<ConversationRow, 'clocks'>): SlaClockRow | null {
  const running = clocks.filter(({ state, dueAt }) => state === 'running' && dueAt !== null)
  const first = running.toSorted((a, b) => ((a.dueAt ?? '') < (b.dueAt ?? '') ? -1 : 1))[0]
  return first ?? clocks.find(({ state }) => state === 'paused') ?? null
}

export class FakeSla {
  readonly #world: World
  #alerts: AlertView[] = []
  #preferences: AlertPreferences = DEFAULT_ALERT_PREFERENCES
  #savedByAnother: boolean
  #settings: { settings: SlaSettings; version: number; isRecomputing: boolean } = {
    settings: {
      policies: {
        urgent: policy(5, 4 * HOUR, 10),
        high: policy(15, 8 * HOUR, 30),
        normal: policy(60, 24 * HOUR, 120),
        low: null,
      },
      warningPercent: 80,
      pausesOnCustomer: true,
      warnLeads: 'unattended',
    },
    version: 4,
    isRecomputing: false,
  }
  #hours: { settings: BusinessHours; version: number; isRecomputing: boolean } = {
    settings: {
      timeZone: 'America/Mexico_City',
      windows: [0, 1, 2, 3, 4]
        .flatMap((dayOfWeek) => [
          { dayOfWeek, opensAt: '09:00', closesAt: '14:00' },
          { dayOfWeek, opensAt: '15:00', closesAt: '18:00' },
        ])
        .concat([{ dayOfWeek: 5, opensAt: '10:00', closesAt: '14:00' }]),
      holidays: [
        { date: '2026-12-25', name: 'Navidad' },
        { date: '2027-01-01', name: 'Año Nuevo' },
      ],
    },
    version: 2,
    isRecomputing: false,
  }

  constructor(world: World, scenario: string) {
    this.#world = world
    this.#savedByAnother = scenario === 'sla-conflict'
    const isTimed = ['due', 'alerts', 'escalation', 'storm', 'wallboard', 'preferences']
    if (isTimed.includes(scenario)) setClocks(world.threads)
    const hector = world.threads[0]?.conversation
    if (hector && ['escalation', 'wallboard', 'storm'].includes(scenario)) {
      hector.assignedTo = RODRIGO.id
    }
    if (scenario === 'alerts') {
      this.#raise('breach', 0, 6)
      this.#raise('warning', 1, 2)
      this.#raise('warning', 7, 1)
    }
    if (scenario === 'escalation' || scenario === 'wallboard') this.#raise('escalation', 0, 1.3)
    if (scenario === 'storm') {
      for (const [n, minutes] of [4, 2, 1.3].entries()) this.#raise('escalation', n + 7, minutes)
      for (let n = 0; n < 6; n += 1) this.#raise('breach', n + 10, 3 - n / 3)
    }
    if (this.#alerts.length > 0) {
      this.#raise('warning', 8, 14, { endedAt: ago(9), endReason: 'resolved' })
      this.#raise('breach', 9, 38, {
        endedAt: ago(35),
        endReason: 'acknowledged',
        acknowledgedByName: RODRIGO.fullName,
      })
    }
    if (scenario === 'hours-problem') {
      this.#hours.settings.windows.push({ dayOfWeek: 0, opensAt: '13:00', closesAt: '16:00' })
      this.#hours.settings.holidays.push({ date: '2026-12-25', name: 'Otra vez' })
    }
    if (scenario === 'recomputing') this.#settings.isRecomputing = true
  }

  /** For checks from outside: an escalation comes now. */
  escalate(nth = 2): void {
    this.#raise('escalation', nth, 0)
    this.#world.changed({ alerts: true })
  }

  #raise(kind: AlertView['kind'], nth: number, minutesAgo: number, more: Partial<AlertView> = {}) {
    const thread = this.#world.threads[nth]
    if (!thread) return
    const { conversation, customer, messages } = thread
    const owner = this.#world.people.find((one) => one.id === conversation.assignedTo)
    const isEscalation = kind === 'escalation'
    this.#alerts.unshift({
      id: id(9, 500 + this.#alerts.length),
      kind,
      clock: isEscalation ? 'escalation' : 'first_response',
      conversationId: conversation.id,
      title: customer.name ?? customer.externalId,
      channel: conversation.channel,
      priority: conversation.priority,
      teamId: conversation.teamId,
      assignedTo: owner?.id ?? null,
      assigneeName: owner?.fullName ?? null,
      assigneeLoad: owner ? { load: owner.load, capacity: owner.presence.capacity } : null,
      waitingSince: ago(11),
      preview: { contentType: 'text', text: messages.at(-1)?.text ?? '' },
      dueAt: ago(kind === 'warning' ? minutesAgo - 6 : Math.max(6, minutesAgo)),
      targetSeconds: 300,
      raisedAt: ago(minutesAgo),
      level: isEscalation ? 1 : null,
      risesAt: isEscalation ? ago(minutesAgo - 5) : null,
      endedAt: null,
      endReason: null,
      acknowledgedByName: null,
      channelNow: isEscalation ? 'system' : this.#preferences[kind].channel,
      mayTakeOver: owner?.id !== ME.id,
      ...more,
    })
  }

  #end(alert: AlertView): void {
    Object.assign(alert, {
      endedAt: ago(0),
      endReason: 'acknowledged',
      acknowledgedByName: ME.fullName,
    })
  }

  readonly answers: {
    [Method in SlaMethod]: (input: BridgeInput<Method>) => BridgeOutputs[Method]
  } = {
    'alerts.list': () => {
      const ranks = { escalation: 0, breach: 1, warning: 2 }
      const rank = (one: AlertView) => (one.endedAt === null ? ranks[one.kind] : 3)
      return this.#alerts.toSorted((a, b) => rank(a) - rank(b))
    },
    'alerts.acknowledge': ({ alertId }) => {
      const alert = this.#alerts.find((one) => one.id === alertId)
      this.#end(alert ?? this.#world.refuse('not_found'))
      this.#world.changed({ alerts: true })
      return null
    },
    'alerts.acknowledgeAll': ({ kind }) => {
      for (const alert of this.#alerts) {
        if (alert.kind === kind && alert.endedAt === null) this.#end(alert)
      }
      this.#world.changed({ alerts: true })
      return null
    },
    'alerts.preferences': () => this.#preferences,
    'alerts.savePreferences': ({ preferences }) => {
      this.#online()
      this.#preferences = preferences
      for (const alert of this.#alerts) {
        if (alert.kind !== 'escalation') alert.channelNow = preferences[alert.kind].channel
      }
      this.#world.changed({ alerts: true })
      return null
    },
    'wallboard.get': () => this.#wallboard(),
    'sla.hourFigures': () => {
      this.#online()
      return {
        teams: TEAMS.map((team, n) => ({
          teamId: team.id,
          queue: Array.from({ length: 60 }, (_, m) => ({
            at: ago(59 - m),
            queued: Math.max(
              0,
              Math.round(4 - n + 3 * Math.sin((m + n * 9) / 8) + (m * (2 - n)) / 20),
            ),
          })),
          medianFirstResponseSeconds: n === 3 ? null : [278, 171, 107][n],
        })) as BridgeOutputs['sla.hourFigures']['teams'],
        lastHour: {
          created: 64,
          createdBefore: 58,
          closed: 57,
          closedBefore: 61,
          firstResponse: { met: 121, total: 125 },
          resolution: { met: 54, total: 58 },
        },
      }
    },
    'sla.settings': () => {
      this.#online()
      return { ...this.#settings, updatedBy: RODRIGO.id, updatedAt: ago(60 * 26) }
    },
    'sla.previewSettings': ({ settings }) => {
      this.#online()
      const before = this.#settings.settings.policies.normal?.firstResponseSeconds ?? 0
      return this.#effect((settings.policies.normal?.firstResponseSeconds ?? 0) < before)
    },
    'sla.saveSettings': ({ settings, basedOn }) => {
      this.#save(this.#settings, settings, basedOn)
      return this.answers['sla.settings']({ teamId: '' })
    },
    'sla.violations': (input) => this.#violations(input),
    'businessHours.get': () => {
      this.#online()
      return { ...this.#hours, updatedBy: null, updatedAt: null }
    },
    'businessHours.preview': () => {
      this.#online()
      return this.#effect(true)
    },
    'businessHours.save': ({ settings, basedOn }) => {
      const problems = findCalendarProblems({
        ...settings,
        holidays: settings.holidays.map(({ date }) => date),
      })
      if (problems.length > 0) this.#world.refuse('invalid_input', { problems })
      this.#save(this.#hours, settings, basedOn)
      return this.answers['businessHours.get']({ teamId: '' })
    },
  }

  #online(): void {
    if (!this.#world.isOnline()) this.#world.refuse('server_unreachable')
  }

  #save<Settings>(
    kept: { settings: Settings; version: number; isRecomputing: boolean },
    settings: Settings,
    basedOn: number,
  ): void {
    this.#online()
    if (this.#savedByAnother) {
      this.#savedByAnother = false
      kept.version += 1
    }
    if (basedOn !== kept.version) {
      this.#world.refuse('conflict', { by: RODRIGO.id, at: ago(1), action: 'team_settings.saved' })
    }
    Object.assign(kept, { settings, version: basedOn + 1, isRecomputing: true })
    setTimeout(() => Object.assign(kept, { isRecomputing: false }), 4000)
  }

  #effect(isStricter: boolean): SlaEffect {
    const examples = this.#world.threads.slice(0, 4).map(({ conversation, customer }, n) => ({
      conversationId: conversation.id,
      customerName: customer.name,
      clock: n % 2 ? ('resolution' as const) : ('first_response' as const),
      dueBefore: ago(-40 - n * 30),
      dueAfter: n === 3 ? null : ago(n < 2 ? 6 - n * 2 : -20),
    }))
    return {
      conversations: 41,
      overdue: { before: 1, after: isStricter ? 9 : 1 },
      dueWithinTheHour: { before: 7, after: isStricter ? 12 : 6 },
      earlier: isStricter ? 23 : 0,
      later: isStricter ? 0 : 18,
      examples,
    }
  }

  #wallboard(): BridgeOutputs['wallboard.get'] {
    const open = this.#world.threads.filter((one) => one.conversation.status !== 'closed')
    const now = Date.now()
    const due = open.flatMap(({ conversation, customer }): WallboardDue[] => {
      const clock = nearest(conversation)
      if (!clock?.dueAt || Date.parse(clock.dueAt) > now + 60 * 60_000) return []
      const { channel, priority, teamId, assignedTo, status } = conversation
      const title = customer.name ?? customer.externalId
      const conversationId = conversation.id
      return [{ conversationId, title, channel, priority, teamId, assignedTo, status, clock }]
    })
    const isOverdue = (one: WallboardDue) => Date.parse(one.clock.dueAt ?? '') <= now
    const isWarning = (one: WallboardDue) =>
      !isOverdue(one) && Date.parse(one.clock.warnsAt ?? '') <= now
    return {
      teams: TEAMS.map((team) => {
        const own = due.filter((one) => one.teamId === team.id)
        const queued = open
          .filter(({ conversation: one }) => one.teamId === team.id && one.status === 'queued')
          .map((one) => one.conversation.waitingSince ?? '')
        const members = this.#world.people.filter((one) => one.teamIds.includes(team.id))
        const online = members.filter((one) => one.presence.status === 'online')
        return {
          teamId: team.id,
          queued: queued.length,
          oldestQueuedSince: queued.toSorted()[0] ?? null,
          warning: own.filter(isWarning).length,
          overdue: own.filter(isOverdue).length,
          escalated: 0,
          online: online.length,
          members: members.length,
          load: members.reduce((sum, one) => sum + one.load, 0),
          capacity: members.reduce((sum, one) => sum + one.presence.capacity, 0),
        }
      }),
      due: due.toSorted((a, b) => ((a.clock.dueAt ?? '') < (b.clock.dueAt ?? '') ? -1 : 1)),
      dueTotal: { overdue: due.filter(isOverdue).length, warning: due.filter(isWarning).length },
    }
  }

  #violations({ type, page, teamId }: BridgeInput<'sla.violations'>) {
    this.#online()
    const all = this.#world.threads
      .slice(0, 18)
      .map(({ conversation, customer }, n): Violation => ({
        id: id(9, 900 + n),
        conversationId: conversation.id,
        customerName: customer.name,
        channel: conversation.channel,
        teamId: conversation.teamId,
        assignedTo: conversation.assignedTo,
        type: n % 3 === 2 ? 'resolution' : 'frt',
        priority: conversation.priority,
        targetSeconds: n % 3 === 2 ? 28_800 : 300,
        actualSeconds: n % 3 === 2 ? 31_000 + n * 400 : 340 + n * 45,
        isFinal: n > 1,
        breachedAt: ago(6 + n * 190),
        escalatedTo: n % 4 === 0 ? RODRIGO.id : null,
        escalatedAt: n % 4 === 0 ? ago(5 + n * 190) : null,
      }))
    const kept = all.filter(
      (one) => (type === null || one.type === type) && (teamId === null || one.teamId === teamId),
    )
    const from = page === null ? 0 : Number(page)
    return {
      violations: kept.slice(from, from + 10),
      total: kept.length,
      onTime: {
        firstResponse: { met: 1213, total: 1253 },
        resolution: { met: 540, total: 580 },
      },
      nextPage: from + 10 < kept.length ? String(from + 10) : null,
    }
  }
}

function policy(first: number, resolution: number, escalation: number) {
  return {
    firstResponseSeconds: first * 60,
    resolutionSeconds: resolution * 60,
    escalationSeconds: escalation * 60,
  }
}
