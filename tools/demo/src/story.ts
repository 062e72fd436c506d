/** Something that happened to a conversation, as the database tells it. */
export interface Fact {
  conversationId: string
  customer: string
  kind:
    | 'arrived'
    | 'returned'
    | 'triaged'
    | 'assigned'
    | 'answered'
    | 'sent'
    | 'delivered'
    | 'read'
    | 'failed'
    | 'closed'
  at: Date
  /** The team of a triage, the person of an assignment. */
  who?: string
}

const STEPS = ['triaged', 'assigned', 'answered', 'delivered', 'read'] as const
type Step = (typeof STEPS)[number]

interface Telling {
  customer: string
  begunAt: Date
  begunAs: 'arrived' | 'returned'
  steps: { step: Step; at: Date; who?: string }[]
  /** Whether each step is a line of its own. */
  inFull: boolean
}

/** Tells conversations on the terminal: the first ones step by step, the others when they are complete. */
export interface Storyteller {
  /** The lines to print, if any. Facts of one conversation come in their order. */
  tell(fact: Fact): string[]
  /** One calm line about everything so far. */
  summary(now: Date): string
}

/** @param inFull how many conversations are told step by step */
export function createStoryteller(inFull: number): Storyteller {
  const tellings = new Map<string, Telling>()
  const waitingSince = new Map<string, Date>()
  const firstAnswersMs: number[] = []
  const counts = { arrived: 0, answers: 0, read: 0, failed: 0, closed: 0 }

  function begin(fact: Fact, as: 'arrived' | 'returned'): string[] {
    const telling: Telling = {
      customer: fact.customer,
      begunAt: fact.at,
      begunAs: as,
      steps: [],
      inFull: counts.arrived < inFull,
    }
    counts.arrived += 1
    tellings.set(fact.conversationId, telling)
    waitingSince.set(fact.conversationId, fact.at)
    return telling.inFull
      ? [line(telling, fact.at, as === 'arrived' ? 'arrived' : 'came back')]
      : []
  }

  function advance(telling: Telling, fact: Fact & { kind: Step }): string[] {
    if (telling.steps.some(({ step }) => step === fact.kind)) return []
    const before = telling.steps.at(-1)?.at ?? telling.begunAt
    const entry = {
      step: fact.kind,
      at: fact.at,
      ...(fact.who === undefined ? {} : { who: fact.who }),
    }
    telling.steps.push(entry)
    const lines = telling.inFull
      ? [line(telling, fact.at, `${stepWords(entry)} ${elapsed(before, fact.at)}`)]
      : []
    if (fact.kind !== 'read') return lines
    tellings.delete(fact.conversationId)
    return [...lines, whole(telling)]
  }

  function count(fact: Fact): void {
    if (fact.kind === 'answered') {
      counts.answers += 1
      const since = waitingSince.get(fact.conversationId)
      if (since !== undefined) firstAnswersMs.push(fact.at.getTime() - since.getTime())
      waitingSince.delete(fact.conversationId)
    }
    if (fact.kind === 'read') counts.read += 1
    if (fact.kind === 'failed') counts.failed += 1
    if (fact.kind === 'closed') {
      counts.closed += 1
      waitingSince.delete(fact.conversationId)
    }
  }

  return {
    tell(fact) {
      count(fact)
      if (fact.kind === 'arrived' || fact.kind === 'returned') return begin(fact, fact.kind)
      const telling = tellings.get(fact.conversationId)
      if (telling === undefined) return []
      if (fact.kind === 'failed') {
        tellings.delete(fact.conversationId)
        return [line(telling, fact.at, 'the answer could not be delivered')]
      }
      if (fact.kind === 'closed') {
        tellings.delete(fact.conversationId)
        return []
      }
      return isStep(fact) ? advance(telling, fact) : []
    },

    summary(now) {
      const oldest = [...waitingSince.values()].toSorted((a, b) => a.getTime() - b.getTime())[0]
      const parts = [
        plural(counts.arrived, 'conversation'),
        plural(counts.answers, 'answer'),
        `${counts.read} read`,
        `${counts.closed} closed`,
        ...(counts.failed === 0 ? [] : [`${counts.failed} failed`]),
        ...(firstAnswersMs.length === 0
          ? []
          : [`first answer after ${duration(median(firstAnswersMs))} (median)`]),
        oldest === undefined
          ? 'nobody waits for a first answer'
          : `${waitingSince.size === 1 ? '1 waits' : `${waitingSince.size} wait`} for a first answer, the longest ${duration(now.getTime() - oldest.getTime())}`,
      ]
      return `${clock(now)}  ${parts.join(', ')}`
    },
  }
}

function isStep(fact: Fact): fact is Fact & { kind: Step } {
  return (STEPS as readonly string[]).includes(fact.kind)
}

function line({ customer }: Telling, at: Date, words: string): string {
  return `${clock(at)}  ${customer.padEnd(22)}  ${words}`
}

function whole(telling: Telling): string {
  let before = telling.begunAt
  const steps = telling.steps.map((entry) => {
    const words = `${stepWords(entry)} ${elapsed(before, entry.at)}`
    before = entry.at
    return words
  })
  const begun = telling.begunAs === 'arrived' ? 'arrived' : 'came back'
  return line(telling, telling.begunAt, [begun, ...steps].join(' → '))
}

function stepWords({ step, who }: { step: Step; who?: string }): string {
  if (who === undefined) return step
  return step === 'triaged'
    ? `triaged to ${who}`
    : step === 'assigned'
      ? `assigned to ${who}`
      : step
}

const two = (value: number): string => String(value).padStart(2, '0')

/** Local time with milliseconds. */
export function clock(at: Date): string {
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, '0')}`
}

function elapsed(from: Date, to: Date): string {
  // What one process writes first another may have stamped later by a hair.
  return `+${duration(Math.max(0, to.getTime() - from.getTime()))}`
}

export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 60) return `${minutes} min ${Math.floor((ms % 60_000) / 1000)} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
