import { type BusinessCalendar } from '../calendar/business-calendar.ts'
import { type Channel, type Priority } from '../conversation/priority.ts'
import { BinaryHeap } from './binary-heap.ts'
import {
  chooseAgent,
  compareWaiting,
  isFree,
  loadWeight,
  type Candidate,
  type Waiting,
} from './choose-agent.ts'
import {
  firstResponseDueAt,
  replayFigures,
  type EndedWait,
  type ReplayedFigures,
} from './replay-figures.ts'
import { nextRelaxationAt, relaxSkills, type SkillLevels } from './required-skills.ts'
import { type RoutingSettings } from './routing-settings.ts'

/**
 * A past period run again: what came into the queue comes again at its time, people are there when they
 * were there, and the same chooser as routing's own decides under the given settings. Instants are epoch
 * milliseconds, whole.
 *
 * What is not known of a day that never happened is taken from the one that did:
 * - A conversation needs whoever gets it as long as it needed the one who really got it: first all the time
 *   in which that person had to act, then all the time in which the customer had to, each as one stretch.
 *   A wrap-up holds its slot for a while if it ended with a close. Where nobody got it, the mean of the others is taken.
 * - What left the queue without anybody having got it (it was closed, or moved on) leaves at the same time.
 * - Each time in the queue stands for itself: that a conversation came back is not undone by a better choice.
 * - Everything is given at once, whether the team offers or lets people choose; nobody refuses.
 * - People begin the period with nothing to do, and do nothing that did not come through this queue.
 */

export interface ReplayedArrival {
  conversationId: string
  queuedAtMs: number
  channel: Channel
  priority: Priority
  requiredSkills: SkillLevels
  /** Who had answered this customer last by then, and when. */
  previousAgent: { userId: string; answeredAtMs: number } | null
  /** Nobody had answered the customer yet. */
  awaitsFirstResponse: boolean
  /** When the first response was due, as recorded; null: by the target's plain seconds in the queue. */
  dueAtMs: number | null
  /** When it left the queue with nobody having got it; null: it did not. */
  leavesAtMs: number | null
  /** What it took of the person who got it; null: nobody did. */
  handling: Handling | null
}

export interface Handling {
  /** How long the person had to act. */
  activeMs: number
  /** How long the customer had to. */
  pendingMs: number
  endsInClose: boolean
}

export interface ReplayedPerson {
  userId: string
  skills: SkillLevels
  /** By time, not overlapping; in between the person is offline. */
  presence: readonly ReplayedPresence[]
}

export interface ReplayedPresence {
  fromMs: number
  /** null: it lasts. */
  untilMs: number | null
  status: Candidate['presence']
  isFinishing: boolean
  capacity: number
}

export type ReplayedSettings = Pick<
  RoutingSettings,
  | 'strategy'
  | 'stickySeconds'
  | 'relaxSkillsAfterSeconds'
  | 'channelWeights'
  | 'pendingCustomerFraction'
  | 'wrapUpSeconds'
>

export interface ReplayInput {
  /** What came within the period, in any order. */
  arrivals: readonly ReplayedArrival[]
  people: readonly ReplayedPerson[]
  settings: ReplayedSettings
  fromMs: number
  /** Exclusive. */
  toMs: number
  /** Targets of the first response in seconds; a priority that is absent has none. */
  targets: Readonly<Partial<Record<Priority, number>>>
  /** The team's working time, by which the targets count. */
  calendar: BusinessCalendar
}

/** One decision of the replay, with the person as the decision left them. */
export interface ReplayedAssignment {
  conversationId: string
  userId: string
  atMs: number
  load: number
  capacity: number
}

/** Deterministic: the same input gives the same figures. @param trace is told of every assignment, in order */
export function replayRouting(
  input: ReplayInput,
  trace: (assignment: ReplayedAssignment) => void = () => undefined,
): ReplayedFigures {
  return new Replay(input, trace).run()
}

interface Person {
  candidate: Candidate
  /** Conversations that need the person, those that wait for the customer, and slots that wrap-ups hold. */
  held: Record<'active' | 'pending' | 'wrapUp', Record<Channel, number>>
  /** Where the candidate stands among those with room; -1: not there. */
  freeAt: number
  assigned: number
  onlineMs: number
  /** Load times milliseconds while online. */
  loadMs: number
  countedUntilMs: number
}

/** What waits and asks the same of a person: whoever cannot take one of them can take none. */
interface Line {
  key: string
  waiting: BinaryHeap<Entry>
  /** Nobody with room can take these, except perhaps those who have gained room since. */
  isHopeless: boolean
  /** The last handing out in which everybody was asked in vain. */
  exhaustedIn: number
}

interface Entry {
  waiting: Waiting
  arrival: ReplayedArrival
  /** Null: it is waiting no longer. */
  line: Line | null
}

interface Moment {
  atMs: number
  order: number
  happen(): void
}

/** A discrete-event simulation: time jumps from one moment at which something changes to the next. */
class Replay {
  readonly #input: ReplayInput
  readonly #trace: (assignment: ReplayedAssignment) => void
  readonly #moments = new BinaryHeap<Moment>((a, b) => a.atMs - b.atMs || a.order - b.order)
  readonly #people = new Map<string, Person>()
  readonly #lines = new Map<string, Line>()
  readonly #waits: EndedWait[] = []
  /** Everybody with room for something. The chooser does not mind their order. */
  readonly #free: Candidate[] = []
  /** Who may have gained room since the last handing out. */
  readonly #gained = new Set<Person>()
  readonly #smallestWeight: number
  readonly #usualHandling: Handling
  #nowMs: number
  #scheduled = 0
  #handingsOut = 0
  #assignedNow = 0
  #roundRobinAfter: string | null = null

  constructor(input: ReplayInput, trace: (assignment: ReplayedAssignment) => void) {
    this.#input = input
    this.#trace = trace
    this.#nowMs = input.fromMs
    this.#smallestWeight = Math.min(...Object.values(input.settings.channelWeights))
    this.#usualHandling = meanHandling(input)
    for (const person of input.people) this.#enrol(person)
    for (const arrival of input.arrivals) this.#at(arrival.queuedAtMs, () => this.#queue(arrival))
  }

  run(): ReplayedFigures {
    const { fromMs, toMs } = this.#input
    for (;;) {
      const next = this.#moments.peek()
      if (next === undefined || next.atMs >= toMs) break
      if (next.atMs > this.#nowMs) this.#assignedNow = 0
      this.#nowMs = next.atMs
      // All that happens at the same time, then what comes of it.
      while (this.#moments.peek()?.atMs === this.#nowMs) this.#moments.pop()?.happen()
      this.#handOut()
    }
    this.#nowMs = toMs
    for (const line of this.#lines.values()) {
      for (let entry = first(line); entry !== null; entry = first(line)) {
        this.#end(entry, 'unassigned')
      }
    }
    return replayFigures(this.#waits, this.#loads(), { fromMs, toMs })
  }

  #at(atMs: number, happen: () => void): void {
    // What the period does not live to see need not be kept in mind.
    if (atMs < this.#input.toMs) this.#moments.push({ atMs, order: this.#scheduled++, happen })
  }

  #enrol({ userId, skills, presence }: ReplayedPerson): void {
    const { fromMs, toMs } = this.#input
    const person: Person = {
      candidate: {
        userId,
        skills,
        presence: 'offline',
        isFinishing: false,
        load: 0,
        wrapUpLoad: 0,
        capacity: 0,
        lastAssignedAtMs: null,
      },
      held: {
        active: { whatsapp: 0, chat_app: 0 },
        pending: { whatsapp: 0, chat_app: 0 },
        wrapUp: { whatsapp: 0, chat_app: 0 },
      },
      freeAt: -1,
      assigned: 0,
      onlineMs: 0,
      loadMs: 0,
      countedUntilMs: fromMs,
    }
    this.#people.set(userId, person)
    for (const part of presence) {
      const untilMs = part.untilMs ?? toMs
      if (untilMs <= fromMs) continue
      const { status, isFinishing, capacity } = part
      this.#at(Math.max(part.fromMs, fromMs), () =>
        this.#change(person, { presence: status, isFinishing, capacity }),
      )
      // Ends before the next begins at the same time, because it was scheduled before.
      this.#at(untilMs, () => this.#change(person, { presence: 'offline' }))
    }
  }

  #queue(arrival: ReplayedArrival): void {
    const { settings, targets, calendar } = this.#input
    const { previousAgent, queuedAtMs } = arrival
    const isSticky =
      previousAgent !== null &&
      queuedAtMs - previousAgent.answeredAtMs < settings.stickySeconds * 1000
    const entry: Entry = {
      arrival,
      line: null,
      waiting: {
        conversationId: arrival.conversationId,
        channel: arrival.channel,
        priority: arrival.priority,
        requiredSkills: arrival.requiredSkills,
        previousAgentId: isSticky ? previousAgent.userId : null,
        declinedBy: [],
        nextDueAtMs: firstResponseDueAt(arrival, targets, calendar),
        queuedAtMs,
      },
    }
    this.#lineUp(entry)
    if (arrival.leavesAtMs !== null) {
      this.#at(arrival.leavesAtMs, () => {
        if (entry.line !== null) this.#end(entry, 'left')
      })
    }
  }

  /** Puts an entry among those that ask the same, and again whenever its requirements relax. */
  #lineUp(entry: Entry): void {
    const { relaxSkillsAfterSeconds } = this.#input.settings
    const { channel, requiredSkills, queuedAtMs } = entry.waiting
    const waitedMs = this.#nowMs - queuedAtMs
    const { skills } = relaxSkills(requiredSkills, waitedMs, relaxSkillsAfterSeconds)
    const key = lineKey(channel, skills)
    let line = this.#lines.get(key)
    if (line === undefined) {
      line = { key, waiting: newQueue(), isHopeless: false, exhaustedIn: -1 }
      this.#lines.set(key, line)
    }
    entry.line = line
    line.waiting.push(entry)
    const relaxesAt = nextRelaxationAt(
      requiredSkills,
      queuedAtMs,
      this.#nowMs,
      relaxSkillsAfterSeconds,
    )
    if (relaxesAt === null) return
    this.#at(relaxesAt, () => {
      if (entry.line !== null) this.#lineUp(entry)
    })
  }

  /**
   * In the order of the queue, each choice counting for the next. A line in which nobody could take anything
   * is tried again only with those who have gained room since: to all others it is as hopeless as before.
   */
  #handOut(): void {
    const round = this.#handingsOut++
    const gained = [...this.#gained].filter(({ freeAt }) => freeAt !== -1)
    this.#gained.clear()
    while (this.#free.length > 0) {
      const next = this.#next(round)
      if (next === null) break
      const [line, entry] = next
      const candidates = line.isHopeless
        ? gained.filter(({ freeAt }) => freeAt !== -1).map(({ candidate }) => candidate)
        : this.#free
      if (candidates.length > 0 && this.#assign(entry, candidates)) continue
      line.isHopeless = true
      line.exhaustedIn = round
    }
  }

  /** The first in the queue that somebody may be able to take. Empty lines are given up on the way. */
  #next(round: number): [Line, Entry] | null {
    let next: [Line, Entry] | null = null
    for (const line of this.#lines.values()) {
      const entry = first(line)
      if (entry === null) this.#lines.delete(line.key)
      else if (
        line.exhaustedIn !== round &&
        (next === null || compareWaiting(entry.waiting, next[1].waiting) < 0)
      ) {
        next = [line, entry]
      }
    }
    return next
  }

  #assign(entry: Entry, candidates: readonly Candidate[]): boolean {
    const rules = { ...this.#input.settings, roundRobinAfter: this.#roundRobinAfter }
    const { userId, explanation } = chooseAgent(entry.waiting, candidates, rules, this.#nowMs)
    if (userId === null) return false
    const person = this.#people.get(userId) as Person
    this.#roundRobinAfter = userId
    person.assigned++
    person.candidate.lastAssignedAtMs = this.#nowMs + ++this.#assignedNow / 1_000_000
    this.#end(entry, 'assigned', explanation.chosenBecause === 'previous_agent')
    this.#keepBusy(person, entry.arrival)
    const { load, capacity } = person.candidate
    this.#trace({
      conversationId: entry.arrival.conversationId,
      userId,
      atMs: this.#nowMs,
      load,
      capacity,
    })
    return true
  }

  /** What the conversation asks of the person from now on. */
  #keepBusy(person: Person, { channel, handling }: ReplayedArrival): void {
    const { activeMs, pendingMs, endsInClose } = handling ?? this.#usualHandling
    const wrapUpMs = endsInClose ? this.#input.settings.wrapUpSeconds * 1000 : 0
    const hold = (stretch: keyof Person['held'], change: 1 | -1): void => {
      person.held[stretch][channel] += change
    }
    hold('active', 1)
    this.#change(person)
    this.#at(this.#nowMs + activeMs, () => {
      hold('active', -1)
      hold('pending', 1)
      this.#change(person)
    })
    this.#at(this.#nowMs + activeMs + pendingMs, () => {
      hold('pending', -1)
      if (wrapUpMs > 0) hold('wrapUp', 1)
      this.#change(person)
      if (wrapUpMs === 0) return
      this.#at(this.#nowMs + wrapUpMs, () => {
        hold('wrapUp', -1)
        this.#change(person)
      })
    })
  }

  /** Whatever changes a person goes through here: what they carried until now is counted first. */
  #change(person: Person, change: Partial<Candidate> = {}): void {
    this.#countLoad(person)
    const { candidate } = person
    Object.assign(candidate, change)
    Object.assign(candidate, this.#loadsOf(person))
    const free = isFree(candidate, this.#smallestWeight)
    if (free) this.#gained.add(person)
    if (free && person.freeAt === -1) {
      person.freeAt = this.#free.push(candidate) - 1
    } else if (!free && person.freeAt !== -1) {
      const last = this.#free.pop() as Candidate
      if (last !== candidate) {
        this.#free[person.freeAt] = last
        ;(this.#people.get(last.userId) as Person).freeAt = person.freeAt
      }
      person.freeAt = -1
    }
  }

  /** Counted afresh each time: fractions that are added and taken away again leave dust. */
  #loadsOf({ held }: Person): Pick<Candidate, 'load' | 'wrapUpLoad'> {
    const { settings } = this.#input
    let load = 0
    let wrapUpLoad = 0
    for (const channel of ['whatsapp', 'chat_app'] as const) {
      load += held.active[channel] * loadWeight('assigned', channel, settings)
      load += held.pending[channel] * loadWeight('pending_customer', channel, settings)
      wrapUpLoad += held.wrapUp[channel] * loadWeight('assigned', channel, settings)
    }
    return { load: load + wrapUpLoad, wrapUpLoad }
  }

  #countLoad(person: Person): void {
    const { candidate, countedUntilMs } = person
    if (candidate.presence === 'online') {
      person.onlineMs += this.#nowMs - countedUntilMs
      person.loadMs += candidate.load * (this.#nowMs - countedUntilMs)
    }
    person.countedUntilMs = this.#nowMs
  }

  #end(entry: Entry, outcome: EndedWait['outcome'], isToPreviousAgent = false): void {
    entry.line = null
    const { queuedAtMs, nextDueAtMs } = entry.waiting
    const endedAtMs = this.#nowMs
    this.#waits.push({ queuedAtMs, endedAtMs, outcome, isToPreviousAgent, dueAtMs: nextDueAtMs })
  }

  #loads(): ReplayedFigures['load'] {
    const loads: ReplayedFigures['load'] = []
    for (const person of this.#people.values()) {
      this.#countLoad(person)
      const { candidate, assigned, onlineMs, loadMs } = person
      if (onlineMs === 0) continue
      loads.push({ userId: candidate.userId, assigned, meanLoad: loadMs / onlineMs })
    }
    return loads.toSorted((a, b) => (a.userId < b.userId ? -1 : 1))
  }
}

function newQueue(): BinaryHeap<Entry> {
  return new BinaryHeap((a, b) => compareWaiting(a.waiting, b.waiting))
}

/** Whoever left the line, by whatever way, is only now taken out of it. */
function first(line: Line): Entry | null {
  for (;;) {
    const entry = line.waiting.peek()
    if (entry === undefined) return null
    if (entry.line === line) return entry
    line.waiting.pop()
  }
}

function lineKey(channel: Channel, skills: SkillLevels): string {
  const required = Object.entries(skills).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([channel, required])
}

/** Nothing known: whoever gets one keeps it. */
function meanHandling({ arrivals, fromMs, toMs }: ReplayInput): Handling {
  const known = arrivals.flatMap(({ handling }) => handling ?? [])
  if (known.length === 0) return { activeMs: toMs - fromMs, pendingMs: 0, endsInClose: false }
  const sum = (part: 'activeMs' | 'pendingMs'): number =>
    known.reduce((total, handling) => total + handling[part], 0)
  return {
    activeMs: Math.round(sum('activeMs') / known.length),
    pendingMs: Math.round(sum('pendingMs') / known.length),
    endsInClose: true,
  }
}
