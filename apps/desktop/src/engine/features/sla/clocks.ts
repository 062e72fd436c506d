import { type ConversationRow, type SlaClockRow } from '@parley/contracts'

/** The clock that a list shows: the running one that is due first, else one that stands still. */
export function shownClock({ status, clocks }: ConversationRow): SlaClockRow | null {
  // Closed here and not yet at the server, its clocks still run there.
  if (status === 'closed') return null
  const running = dueFirst(clocks)
  return running[0] ?? clocks.find(({ state }) => state === 'paused') ?? null
}

/** Running ones by their due instant, then those that stand still, then those that have stopped. */
export function orderedClocks({ clocks }: ConversationRow): SlaClockRow[] {
  return [
    ...dueFirst(clocks),
    ...clocks.filter(({ state, dueAt }) => state === 'running' && dueAt === null),
    ...clocks.filter(({ state }) => state === 'paused'),
    ...clocks.filter(({ state }) => state === 'stopped'),
  ]
}

/** Those that run towards an instant, the nearest first. */
export function dueFirst(clocks: readonly SlaClockRow[]): SlaClockRow[] {
  return clocks
    .filter(({ state, dueAt }) => state === 'running' && dueAt !== null)
    .toSorted((a, b) => ((a.dueAt ?? '') < (b.dueAt ?? '') ? -1 : 1))
}
