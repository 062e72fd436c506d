import {
  CONVERSATION_SCRIPTS,
  fillIn,
  inventParticulars,
  NUDGES,
  type ConversationScript,
  type Line,
  type Particulars,
} from './conversation-scripts.ts'
import { type FakeGraphApi } from './graph-api.ts'
import { inventPeople, type InventedPerson } from './invented-people.ts'
import { messageBody, newWamid, type BusinessNumber } from './payloads.ts'
import { createRandom, type Random } from './random.ts'

/** How customers take their time. Milliseconds; ranges include both ends. */
export interface Pace {
  /** From an answer's arrival until the customer writes back. */
  replyMs: readonly [number, number]
  /** Between messages written in one go. */
  burstGapMs: readonly [number, number]
  /** How long an unanswered customer waits before asking again. */
  patienceMs: number
  /** From a finished conversation until the same customer has something new. */
  restMs: readonly [number, number]
  /** Whether somebody loses patience early when nobody has anything to say, so that the rate is kept. */
  keepsRate: boolean
}

/** As people are who have something else to do. */
export const CALM_PACE: Pace = {
  replyMs: [4_000, 12_000],
  burstGapMs: [1_500, 5_000],
  patienceMs: 120_000,
  restMs: [60_000, 240_000],
  keepsRate: false,
}

/** For load: the rate is what counts. */
export const EAGER_PACE: Pace = {
  replyMs: [500, 3_000],
  burstGapMs: [1_000, 2_000],
  patienceMs: 60_000,
  restMs: [2_000, 10_000],
  keepsRate: true,
}

/** Asked again this often, a customer tries another topic. */
const NUDGES_BEFORE_NEW_TOPIC = 2
/** Even for the rate's sake nobody asks again sooner: the server takes more than 20 a minute for abuse. */
const LEAST_WAIT_MS = 10_000

export interface WrittenLine {
  from: InventedPerson
  text: string
  media: 'image' | 'voice' | undefined
}

/**
 * Customers as a whole, without time or network of their own: asked who writes next, told what they
 * receive. The same seed, instants and answers give the same messages.
 */
export interface Crowd {
  /** What somebody writes now; null where nobody has anything to say. */
  next(nowMs: number): WrittenLine | null
  /** A message arrived on the telephone with these digits. Unknown numbers are nobody's. */
  received(phone: string, nowMs: number): void
  /** How many wait for an answer. */
  waiting(): number
}

interface Customer {
  person: InventedPerson
  script: ConversationScript
  particulars: Particulars
  /** The turn that is being written or was written last. */
  turn: number
  queue: Line[]
  /** Earliest instant of the queue's next line; with an empty queue and nothing awaited, of a new topic. */
  readyAtMs: number
  /** Since when an answer is awaited; null: it is the customer's own turn, or nobody's. */
  waitingSinceMs: number | null
  nudges: number
}

/** @param seed what they write, and in which order; who they are depends on the count alone */
export function createCrowd(options: { customers: number; seed: string; pace: Pace }): Crowd {
  const { pace } = options
  const random = createRandom(`crowd:${options.seed}`)
  const customers = inventPeople(options.customers).map((person): Customer => ({
    person,
    ...newTopic(person, random),
    turn: 0,
    queue: [],
    readyAtMs: 0,
    waitingSinceMs: null,
    nudges: 0,
  }))
  const byPhone = new Map(customers.map((customer) => [customer.person.phone, customer]))
  // Who comes first is chance, and not the order in which they were invented.
  const order = random.shuffle(customers)

  function begin(customer: Customer): void {
    Object.assign(customer, newTopic(customer.person, random), { turn: 0, nudges: 0 })
    customer.queue = [...(customer.script.turns[0]?.customer ?? [])]
  }

  function write(customer: Customer, nowMs: number): WrittenLine {
    const line = customer.queue.shift()
    if (line === undefined) throw new Error('nothing to write')
    if (customer.queue.length > 0) {
      customer.readyAtMs = nowMs + random.between(...pace.burstGapMs)
    } else if (customer.turn >= customer.script.turns.length) {
      customer.waitingSinceMs = null
      customer.readyAtMs = nowMs + random.between(...pace.restMs)
    } else {
      customer.waitingSinceMs ??= nowMs
    }
    return filled(customer, line)
  }

  /** They ask again; the one who has done so often tries something else. */
  function askAgain(customer: Customer, nowMs: number): WrittenLine {
    customer.waitingSinceMs = nowMs
    customer.nudges += 1
    if (customer.nudges > NUDGES_BEFORE_NEW_TOPIC) begin(customer)
    else customer.queue = [{ kind: 'text', text: random.pick(NUDGES[customer.person.language]) }]
    return write(customer, nowMs)
  }

  function longestWaiting(leastMs: number, nowMs: number): Customer | undefined {
    return earliest(
      order.filter(
        ({ queue, waitingSinceMs }) =>
          queue.length === 0 && waitingSinceMs !== null && nowMs - waitingSinceMs >= leastMs,
      ),
      ({ waitingSinceMs }) => waitingSinceMs ?? 0,
    )
  }

  return {
    next(nowMs) {
      const ready = order.filter(({ readyAtMs }) => readyAtMs <= nowMs)
      const speaking = earliest(
        ready.filter(({ queue }) => queue.length > 0),
        ({ readyAtMs }) => readyAtMs,
      )
      if (speaking) return write(speaking, nowMs)
      const impatient = longestWaiting(pace.patienceMs, nowMs)
      if (impatient) return askAgain(impatient, nowMs)
      const idle = earliest(
        ready.filter(({ waitingSinceMs }) => waitingSinceMs === null),
        ({ readyAtMs }) => readyAtMs,
      )
      if (idle) {
        begin(idle)
        return write(idle, nowMs)
      }
      const eager = pace.keepsRate ? longestWaiting(LEAST_WAIT_MS, nowMs) : undefined
      return eager ? askAgain(eager, nowMs) : null
    },

    received(phone, nowMs) {
      const customer = byPhone.get(phone)
      // Nothing was asked, or they are still writing: what comes next does not change.
      if (customer === undefined || customer.waitingSinceMs === null || customer.queue.length > 0)
        return
      customer.turn += 1
      customer.nudges = 0
      customer.waitingSinceMs = null
      customer.queue = [
        ...(customer.script.turns[customer.turn]?.customer ?? [
          { kind: 'text' as const, text: customer.script.thanks },
        ]),
      ]
      customer.readyAtMs = nowMs + random.between(...pace.replyMs)
    },

    waiting: () => customers.filter(({ waitingSinceMs }) => waitingSinceMs !== null).length,
  }
}

function newTopic(
  person: InventedPerson,
  random: Random,
): Pick<Customer, 'script' | 'particulars'> {
  const scripts = CONVERSATION_SCRIPTS.filter(({ language }) => language === person.language)
  return { script: random.pick(scripts), particulars: inventParticulars(random) }
}

function filled({ person, particulars }: Customer, line: Line): WrittenLine {
  if (line.kind === 'voice') return { from: person, text: '', media: 'voice' }
  if (line.kind === 'image') {
    return {
      from: person,
      text: line.caption === null ? '' : fillIn(line.caption, particulars),
      media: 'image',
    }
  }
  return { from: person, text: fillIn(line.text, particulars), media: undefined }
}

function earliest<Item>(
  items: readonly Item[],
  instantOf: (item: Item) => number,
): Item | undefined {
  let first: Item | undefined
  for (const item of items) {
    if (first === undefined || instantOf(item) < instantOf(first)) first = item
  }
  return first
}

export interface CustomersOptions {
  graph: Pick<FakeGraphApi, 'onMessage' | 'webhooks'>
  business: BusinessNumber
  customers: number
  /** New messages a second, of all customers together; fewer where nobody has anything to say. */
  ratePerSecond: number
  seed: string
  pace?: Pace
  /** Told of every line when it goes out. */
  onWritten?: (line: WrittenLine) => void
}

export interface Customers {
  readonly written: number
  readonly waiting: number
  /** Nobody writes any more; deliveries under way are the webhook sender's. */
  stop(): void
}

/** Lets customers write to the server's webhook, and answer what they receive through the Graph API. */
export function startCustomers(options: CustomersOptions): Customers {
  const { graph, business, ratePerSecond } = options
  const crowd = createCrowd({
    customers: options.customers,
    seed: options.seed,
    pace: options.pace ?? CALM_PACE,
  })
  const gaps = createRandom(`gaps:${options.seed}`)
  let written = 0
  let stopped = false
  let timer: NodeJS.Timeout
  let nextAtMs = Date.now()

  graph.onMessage(({ to }) => {
    if (!stopped) crowd.received(to.replace(/\D/g, ''), Date.now())
  })

  /** Independent arrivals: exponentially distributed, without the longest silences. */
  function gapMs(): number {
    return Math.min(4, -Math.log(1 - gaps.next())) * (1000 / ratePerSecond)
  }

  function write(line: WrittenLine): void {
    written += 1
    options.onWritten?.(line)
    const message = {
      id: newWamid(),
      from: line.from,
      sentAt: new Date(),
      text: line.text,
      media: line.media,
    }
    void graph.webhooks.send(messageBody(business, [message]))
  }

  function turn(): void {
    const nowMs = Date.now()
    // A process that slept does not make up for it in one go.
    nextAtMs = Math.max(nextAtMs, nowMs - 1000)
    while (nextAtMs <= nowMs) {
      const line = crowd.next(nowMs)
      if (line !== null) write(line)
      nextAtMs += gapMs()
    }
    timer = setTimeout(turn, nextAtMs - nowMs)
  }

  timer = setTimeout(turn, gapMs())
  return {
    get written() {
      return written
    },
    get waiting() {
      return crowd.waiting()
    },
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
