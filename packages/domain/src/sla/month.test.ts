import { expect, test } from 'vitest'

import { type BusinessCalendar, type BusinessWindow } from '../calendar/business-calendar.ts'
import { type ConversationState } from '../conversation/lifecycle.ts'
import { type SlaClockName } from './clocks.ts'
import {
  actOf,
  afterAct,
  isBreachable,
  pausesAfter,
  planTimers,
  type ConversationPause,
  type SlaSubject,
  type SlaTerms,
  type SlaTimer,
} from './timers.ts'

/**
 * A month of a hundred thousand conversations, with changing hours, holidays, policies, teams, pauses, closes
 * and reopenings, lived twice: by the stored instants, and by a reference that walks every single minute and
 * knows neither a due instant nor a calendar's arithmetic. All instants are whole minutes.
 */

const CONVERSATIONS = Number(process.env['MONTH_CONVERSATIONS'] ?? 100_000)
const MINUTE_MS = 60_000
/** March 2026: clocks change in New York on the 8th and in Madrid on the 29th. */
const START_MS = Date.UTC(2026, 2, 1)
const MONTH = 31 * 1440
/** Due instants are looked for this far beyond the month. */
const HORIZON = MONTH + 8 * 1440

const ZONES = [
  'UTC',
  'Europe/Madrid',
  'America/New_York',
  'America/Mexico_City',
  'Asia/Kathmandu',
  'America/St_Johns',
]

// Chance, always the same

function createRandom(seed: number) {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    below: (limit: number): number => Math.floor(next() * limit),
    chance: (share: number): boolean => next() < share,
    pick: <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)] as Item,
  }
}
type Random = ReturnType<typeof createRandom>

// Teams, with terms that are edited during the month

type Priority = 'normal' | 'urgent'

interface Terms {
  calendar: BusinessCalendar
  pausesOnCustomer: boolean
  /** Null: nothing is promised. */
  targets: Record<Priority, SlaTerms['targets'] | null>
}

interface Team {
  /** In order; the first holds from the beginning. */
  edits: { fromMinute: number; terms: Terms; open: Uint8Array }[]
}

const SHIFTS: readonly (readonly [string, string])[][] = [
  [['09:00', '18:00']],
  [
    ['08:00', '13:30'],
    ['15:00', '19:15'],
  ],
  [
    ['00:00', '06:00'],
    ['22:00', '24:00'],
  ],
  [['00:00', '24:00']],
  [
    ['07:10', '11:20'],
    ['11:20', '12:00'],
    ['20:00', '22:50'],
  ],
]

function randomCalendar(random: Random): BusinessCalendar {
  if (random.chance(0.1))
    return { timeZone: random.pick(ZONES), windows: [], holidays: ['2026-03-10'] }
  const windows = Array.from({ length: 7 }, (_, dayOfWeek): BusinessWindow[] => {
    if (random.chance(dayOfWeek > 4 ? 0.6 : 0.1)) return []
    return random.pick(SHIFTS).map(([opensAt, closesAt]) => ({ dayOfWeek, opensAt, closesAt }))
  }).flat()
  const holidays = Array.from({ length: 5 }, (_, index) => index * 6 + 1 + random.below(6)).map(
    (day) => `2026-03-${String(day).padStart(2, '0')}`,
  )
  if (windows.length === 0) windows.push({ dayOfWeek: 2, opensAt: '10:00', closesAt: '11:00' })
  return { timeZone: random.pick(ZONES), windows, holidays }
}

function randomTargets(random: Random): SlaTerms['targets'] | null {
  if (random.chance(0.05)) return null
  const tens = (limit: number): number => (1 + random.below(limit)) * 600
  return {
    firstResponseSeconds: tens(12),
    resolutionSeconds: tens(120),
    escalationSeconds: random.chance(0.7) ? tens(18) : null,
    warningPercent: random.pick([50, 80, 90]),
  }
}

function randomTeam(random: Random): Team {
  const minutes = [0, ...Array.from({ length: random.below(4) }, () => 1 + random.below(MONTH - 1))]
  let calendar = randomCalendar(random)
  return {
    edits: minutes
      .toSorted((a, b) => a - b)
      .map((fromMinute) => {
        if (fromMinute > 0 && random.chance(0.5)) calendar = randomCalendar(random)
        const terms = {
          calendar,
          pausesOnCustomer: random.chance(0.8),
          targets: { normal: randomTargets(random), urgent: randomTargets(random) },
        }
        return { fromMinute, terms, open: openMinutes(calendar) }
      }),
  }
}

function editAt(team: Team, minute: number): Team['edits'][number] {
  return team.edits.findLast(({ fromMinute }) => fromMinute <= minute) as Team['edits'][number]
}

// The reference's own calendar: what the wall clock shows in each minute

const offsets = new Map<string, Int16Array>()

/** Minutes by which the zone's wall clock differs from UTC, for each quarter of an hour. */
function offsetsOf(timeZone: string): Int16Array {
  let known = offsets.get(timeZone)
  if (known === undefined) {
    const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    known = Int16Array.from({ length: HORIZON / 15 }, (_, quarter) => {
      const parts = format.formatToParts(START_MS + quarter * 15 * MINUTE_MS)
      const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
      const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? []
      return sign === undefined
        ? 0
        : (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1)
    })
    offsets.set(timeZone, known)
  }
  return known
}

function openMinutes({ timeZone, windows, holidays }: BusinessCalendar): Uint8Array {
  const open = new Uint8Array(HORIZON)
  if (windows.length === 0) return open.fill(1)
  const offset = offsetsOf(timeZone)
  const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
  const written = windows.map(({ dayOfWeek, opensAt, closesAt }) => ({
    dayOfWeek,
    opens: minuteOf(opensAt),
    closes: minuteOf(closesAt),
  }))
  const closedDays = new Set(holidays.map((date) => Date.parse(date) / (1440 * MINUTE_MS)))
  for (let minute = 0; minute < HORIZON; minute++) {
    const wall = START_MS / MINUTE_MS + minute + (offset[Math.floor(minute / 15)] as number)
    const day = Math.floor(wall / 1440)
    if (closedDays.has(day)) continue
    const ofDay = wall - day * 1440
    // The first day of 1970 was a Thursday.
    const dayOfWeek = (day + 3) % 7
    for (const window of written) {
      if (window.dayOfWeek === dayOfWeek && window.opens <= ofDay && ofDay < window.closes) {
        open[minute] = 1
      }
    }
  }
  return open
}

// What happens to a conversation

type Happening = 'customer' | 'reply' | 'close' | 'reopen' | 'transfer' | 'prioritise' | 'edit'

interface Story {
  startMinute: number
  team: number
  priority: Priority
  happenings: { minute: number; what: Happening; team: number }[]
  endMinute: number
}

function randomStory(random: Random, teams: readonly Team[]): Story {
  const startMinute = random.below(MONTH - 10 * 1440)
  const isLong = random.chance(0.12)
  const happenings: Story['happenings'] = []
  let minute = startMinute
  for (let left = 1 + random.below(8); left > 0; left--) {
    minute += 1 + random.below(isLong ? 1800 : 90)
    const what = random.pick<Happening>([
      'reply',
      'reply',
      'reply',
      'customer',
      'customer',
      'close',
      'reopen',
      'transfer',
      'prioritise',
    ])
    happenings.push({ minute, what, team: random.below(teams.length) })
  }
  return {
    startMinute,
    team: random.below(teams.length),
    priority: random.chance(0.3) ? 'urgent' : 'normal',
    happenings,
    endMinute: Math.min(minute + random.below(isLong ? 4000 : 400), MONTH - 1),
  }
}

interface Conversation extends SlaSubject {
  team: number
  priority: Priority
}

/** What a happening makes of it; itself where nothing follows. */
function apply(
  conversation: Conversation,
  { what, team }: Story['happenings'][number],
  nowMs: number,
): Conversation {
  const { status } = conversation
  const isClosed = status === 'closed'
  switch (what) {
    case 'customer':
      if (isClosed) return conversation
      return {
        ...conversation,
        status: status === 'pending_customer' ? 'pending_agent' : status,
        waitingSinceMs: conversation.waitingSinceMs ?? nowMs,
      }
    case 'reply':
      if (isClosed) return conversation
      return {
        ...conversation,
        status: 'pending_customer',
        waitingSinceMs: null,
        firstResponseAtMs: conversation.firstResponseAtMs ?? nowMs,
      }
    case 'close':
      return isClosed
        ? conversation
        : { ...conversation, status: 'closed', closedAtMs: nowMs, waitingSinceMs: null }
    case 'reopen':
      return isClosed
        ? { ...conversation, status: 'queued', closedAtMs: null, waitingSinceMs: nowMs }
        : conversation
    case 'transfer':
      return isClosed ? conversation : { ...conversation, team, status: 'queued' }
    case 'prioritise':
      return isClosed
        ? conversation
        : { ...conversation, priority: conversation.priority === 'normal' ? 'urgent' : 'normal' }
    case 'edit':
      return conversation
  }
}

/** The story's own happenings, and the edits of the team that has the conversation then. */
function timeline(story: Story, teams: readonly Team[]): Story['happenings'] {
  const all: Story['happenings'] = []
  let { team } = story
  let isClosed = false
  const edits = (from: number, to: number): void => {
    for (const { fromMinute } of (teams[team] as Team).edits) {
      if (fromMinute > from && fromMinute <= to)
        all.push({ minute: fromMinute, what: 'edit', team })
    }
  }
  let before = story.startMinute
  for (const happening of story.happenings) {
    if (happening.minute > story.endMinute) break
    // An edit in the same minute comes first.
    edits(before, happening.minute)
    all.push(happening)
    before = happening.minute
    if (happening.what === 'close') isClosed = true
    else if (happening.what === 'reopen') isClosed = false
    else if (happening.what === 'transfer' && !isClosed) ({ team } = happening)
  }
  edits(before, story.endMinute)
  return all
}

// Lived by stored instants

type Entry = string

interface Outcome {
  /** `minute act clock`, in order. */
  entries: Entry[]
  /** Business minutes of stopped clocks, and due minutes of running ones, at the end. */
  clocks: Record<string, string>
}

function atMinute(ms: number): number {
  return (ms - START_MS) / MINUTE_MS
}

function liveByInstants(story: Story, teams: readonly Team[]): Outcome {
  const startMs = START_MS + story.startMinute * MINUTE_MS
  let conversation: Conversation = {
    team: story.team,
    priority: story.priority,
    status: 'queued',
    firstMessageAtMs: startMs,
    firstResponseAtMs: null,
    waitingSinceMs: startMs,
    closedAtMs: null,
  }
  let pauses: ConversationPause[] = []
  const entries: Entry[] = []
  const recorded = new Set<string>()
  let timers: SlaTimer[] = []

  const plan = (minute: number): void => {
    const { terms } = editAt(teams[conversation.team] as Team, minute)
    const targets = terms.targets[conversation.priority]
    const { calendar, pausesOnCustomer } = terms
    timers = planTimers(
      conversation,
      pauses,
      targets === null ? null : { targets, calendar, pausesOnCustomer },
      timers,
    )
  }
  const fireUntil = (nowMs: number): void => {
    for (;;) {
      const next = timers
        .filter(({ nextAtMs }) => nextAtMs !== null && nextAtMs <= nowMs)
        .toSorted((a, b) => (a.nextAtMs ?? 0) - (b.nextAtMs ?? 0) || (a.name < b.name ? -1 : 1))[0]
      if (next === undefined) return
      const instant = Math.max(next.nextAtMs ?? 0, plannedAtMs)
      const act = actOf(next, instant)
      if (act !== null && !(act === 'breach' && recorded.has(next.name))) {
        entries.push(`${atMinute(instant)} ${act} ${next.name}`)
      }
      if (act === 'breach') recorded.add(next.name)
      timers = timers.map((timer) => (timer === next ? afterAct(timer, instant) : timer))
    }
  }
  // What a plan makes overdue is acted upon at once, which is then.
  let plannedAtMs = startMs
  plan(story.startMinute)
  for (const happening of timeline(story, teams)) {
    const nowMs = START_MS + happening.minute * MINUTE_MS
    fireUntil(nowMs)
    const next = apply(conversation, happening, nowMs)
    const isUntouched = next === conversation && happening.what !== 'edit'
    if (isUntouched || (happening.what === 'edit' && next.status === 'closed')) continue
    pauses = pausesAfter(pauses, conversation.status, next.status, nowMs)
    conversation = next
    plannedAtMs = nowMs
    plan(happening.minute)
    for (const timer of timers) {
      const stopsNow = timer.stoppedAtMs === nowMs
      if (isBreachable(timer.name) && timer.isMissed && stopsNow && !recorded.has(timer.name)) {
        recorded.add(timer.name)
        entries.push(`${happening.minute} breach ${timer.name}`)
      }
    }
  }
  fireUntil(START_MS + story.endMinute * MINUTE_MS)
  const clocks = Object.fromEntries(
    timers.map(({ name, state, tookMs, dueAtMs }) => [
      name,
      state === 'stopped'
        ? `took ${(tookMs ?? 0) / MINUTE_MS}`
        : dueAtMs === null || atMinute(dueAtMs) >= HORIZON
          ? 'due never'
          : `due ${atMinute(dueAtMs)}`,
    ]),
  )
  return { entries, clocks }
}

// Lived minute by minute

const PENDING = 1
const CLOSED = 2

interface WalkedClock {
  startMinute: number
  target: number
  warnsAfter: number
  elapsed: number
  isStopped: boolean
  stopMinute: number | null
  pausesOnPending: boolean
  /** The minute in which it was done. */
  warnedAt: number | null
  firedAt: number | null
}

function liveByMinutes(story: Story, teams: readonly Team[]): Outcome {
  const { startMinute } = story
  let conversation: Conversation = {
    team: story.team,
    priority: story.priority,
    status: 'queued',
    firstMessageAtMs: startMinute,
    firstResponseAtMs: null,
    waitingSinceMs: startMinute,
    closedAtMs: null,
  }
  /** What each minute since the start was: pending, closed, or neither. */
  const states = new Uint8Array(HORIZON - startMinute)
  const entries: Entry[] = []
  const recorded = new Set<string>()
  let clocks = new Map<SlaClockName, WalkedClock>()
  let open = editAt(teams[story.team] as Team, startMinute).open

  /** A minute counts if the team is open in it and nothing stands still. */
  const counts = (clock: WalkedClock, minute: number): boolean => {
    if (open[minute] !== 1 || minute < clock.startMinute) return false
    const state = states[minute - startMinute] as number
    if (clock.pausesOnPending && state === PENDING) return false
    return state !== CLOSED
  }

  /** From scratch, by walking every minute since the start: other terms count the past by themselves, too. */
  const plan = (now: number): void => {
    const edit = editAt(teams[conversation.team] as Team, now)
    open = edit.open
    const targets = edit.terms.targets[conversation.priority]
    const earlier = clocks
    clocks = new Map()
    if (targets === null) return
    const { firstResponseAtMs, closedAtMs, waitingSinceMs } = conversation
    const add = (
      name: SlaClockName,
      from: number,
      stop: number | null,
      targetSeconds: number,
      pausesOnPending: boolean,
    ): void => {
      const target = targetSeconds / 60
      const before = earlier.get(name)
      // Stopped before, and still by the same: what it came to stays.
      if (before?.startMinute === from && stop !== null && before.stopMinute === stop) {
        clocks.set(name, before)
        return
      }
      const same = before?.startMinute === from ? before : null
      const clock: WalkedClock = {
        startMinute: from,
        target,
        warnsAfter: (target * targets.warningPercent) / 100,
        elapsed: 0,
        isStopped: stop !== null,
        stopMinute: stop,
        pausesOnPending,
        warnedAt: null,
        firedAt: null,
      }
      const reached = { warning: -1, target: -1 }
      for (let minute = from; minute < (stop ?? now); minute++) {
        if (counts(clock, minute)) clock.elapsed++
        if (reached.warning < 0 && clock.elapsed >= clock.warnsAfter) reached.warning = minute + 1
        if (reached.target < 0 && clock.elapsed >= clock.target) reached.target = minute + 1
      }
      const standsStill =
        stop !== null || (pausesOnPending && conversation.status === 'pending_customer')
      const stays = (doneAt: number | null, reachedAt: number): number | null =>
        doneAt !== null &&
        ((reachedAt >= 0 && reachedAt <= doneAt) || (reachedAt < 0 && standsStill) || stop !== null)
          ? doneAt
          : null
      clock.warnedAt = stays(same?.warnedAt ?? null, reached.warning)
      clock.firedAt = stays(same?.firedAt ?? null, reached.target)
      clocks.set(name, clock)
    }
    const { firstResponseSeconds, resolutionSeconds, escalationSeconds } = targets
    add('first_response', startMinute, firstResponseAtMs ?? closedAtMs, firstResponseSeconds, false)
    add('resolution', startMinute, closedAtMs, resolutionSeconds, edit.terms.pausesOnCustomer)
    if (waitingSinceMs === null || closedAtMs !== null) return
    if (escalationSeconds !== null)
      add('escalation', waitingSinceMs, null, escalationSeconds, false)
    if (firstResponseAtMs !== null)
      add('next_response', waitingSinceMs, null, firstResponseSeconds, false)
  }

  /** What is due at the beginning of this minute. */
  const look = (minute: number): void => {
    const told: Entry[] = []
    for (const [name, clock] of clocks) {
      if (clock.isStopped) continue
      const isOver = clock.elapsed >= clock.target
      if (isOver && name !== 'next_response' && clock.firedAt === null) {
        clock.firedAt = minute
        clock.warnedAt ??= minute
        if (name === 'escalation') told.push(`${minute} escalate ${name}`)
        else if (!recorded.has(name)) {
          recorded.add(name)
          told.push(`${minute} breach ${name}`)
        }
      } else if (
        name !== 'escalation' &&
        clock.warnedAt === null &&
        clock.firedAt === null &&
        clock.elapsed >= clock.warnsAfter
      ) {
        clock.warnedAt = minute
        if (!isOver) told.push(`${minute} warn ${name}`)
      }
    }
    entries.push(...told)
  }

  plan(startMinute)
  const happenings = timeline(story, teams)
  let next = 0
  let minute = startMinute
  const pass = (): void => {
    states[minute - startMinute] =
      conversation.status === 'closed'
        ? CLOSED
        : conversation.status === 'pending_customer'
          ? PENDING
          : 0
    for (const clock of clocks.values()) {
      if (!clock.isStopped && counts(clock, minute)) clock.elapsed++
    }
  }
  for (; ; minute++) {
    look(minute)
    for (; happenings[next]?.minute === minute; next++) {
      const happening = happenings[next] as Story['happenings'][number]
      const after = apply(conversation, happening, minute)
      const isUntouched = after === conversation && happening.what !== 'edit'
      if (isUntouched || (happening.what === 'edit' && after.status === 'closed')) continue
      conversation = after
      plan(minute)
      for (const [name, clock] of clocks) {
        if (!isBreachable(name) || clock.stopMinute !== minute || clock.elapsed <= clock.target)
          continue
        if (recorded.has(name)) continue
        recorded.add(name)
        entries.push(`${minute} breach ${name}`)
      }
      look(minute)
    }
    if (minute >= story.endMinute) break
    pass()
  }
  return { entries, clocks: endOf(clocks, conversation.status) }

  /** Where the clocks stand, the running ones followed until they are due. */
  function endOf(
    at: Map<SlaClockName, WalkedClock>,
    status: ConversationState,
  ): Record<string, string> {
    const reached = new Map<string, string>()
    for (const [name, clock] of at) {
      if (clock.isStopped) {
        reached.set(name, `took ${clock.elapsed}`)
        continue
      }
      let elapsed = 0
      let found: number | null = null
      for (let step = clock.startMinute; step < HORIZON; step++) {
        if (elapsed >= clock.target) {
          found = step
          break
        }
        if (step >= minute) {
          states[step - startMinute] = status === 'pending_customer' ? PENDING : 0
        }
        if (counts(clock, step)) elapsed++
      }
      reached.set(name, found === null ? 'due never' : `due ${found}`)
    }
    return Object.fromEntries(reached)
  }
}

test(`${CONVERSATIONS} conversations of a month come out as when every minute is walked`, () => {
  const random = createRandom(20_260_301)
  const teams = Array.from({ length: 14 }, () => randomTeam(random))
  const acts: Record<string, number> = {}
  for (let index = 0; index < CONVERSATIONS; index++) {
    const story = randomStory(random, teams)
    const fast = liveByInstants(story, teams)
    const slow = liveByMinutes(story, teams)
    const sorted = (entries: readonly Entry[]): Entry[] => entries.toSorted()
    if (
      sorted(fast.entries).join() !== sorted(slow.entries).join() ||
      JSON.stringify(Object.entries(fast.clocks).toSorted()) !==
        JSON.stringify(Object.entries(slow.clocks).toSorted())
    ) {
      // The first difference is told whole.
      expect({ index, ...fast, entries: sorted(fast.entries) }).toEqual({
        index,
        ...slow,
        entries: sorted(slow.entries),
      })
      throw new Error(`conversation ${index} differs in the order of its clocks only`)
    }
    for (const entry of fast.entries) {
      const [, ...what] = entry.split(' ')
      const name = what.join(' ')
      acts[name] = (acts[name] ?? 0) + 1
    }
  }
  // Everything that can happen has happened, and not just now and then.
  for (const act of [
    'warn first_response',
    'warn resolution',
    'warn next_response',
    'breach first_response',
    'breach resolution',
    'escalate escalation',
  ]) {
    expect(acts[act] ?? 0).toBeGreaterThan(CONVERSATIONS / 100)
  }
}, 300_000)
