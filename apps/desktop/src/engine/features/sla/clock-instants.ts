import { type ConversationRow, type SlaClockRow } from '@parley/contracts'

/** After every instant, as text. */
const NEVER = '9'

/**
 * The instants that lists and counts go by, of the clocks that run: the first of each. The escalation's is not
 * promised to the customer and stands by itself. A clock that is due warns, too.
 */
export function instantsOf({ status, clocks }: Pick<ConversationRow, 'status' | 'clocks'>): {
  dueAt: string
  warnsAt: string
  promiseDueAt: string
  promiseWarnsAt: string
  escalatesAt: string
} {
  // Closed here and not yet at the server, its clocks still run there.
  const running = status === 'closed' ? [] : clocks.filter(({ state }) => state === 'running')
  const promises = running.filter(isPromise)
  const escalations = running.filter((clock) => !isPromise(clock))
  return {
    dueAt: first(running.map(dueAt)),
    warnsAt: first(running.map(warnsAt)),
    promiseDueAt: first(promises.map(dueAt)),
    promiseWarnsAt: first(promises.map(warnsAt)),
    escalatesAt: first(escalations.map(dueAt)),
  }
}

export function isPromise({ name }: SlaClockRow): boolean {
  return name !== 'escalation'
}

function dueAt(clock: SlaClockRow): string {
  return clock.dueAt ?? NEVER
}

function warnsAt(clock: SlaClockRow): string {
  return clock.warnsAt ?? dueAt(clock)
}

function first(instants: readonly string[]): string {
  return instants.toSorted()[0] ?? NEVER
}
