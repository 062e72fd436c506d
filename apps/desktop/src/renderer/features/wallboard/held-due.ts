import type { WallboardDue } from '@parley/contracts'

/** A row that keeps its place while a hand is in the list. */
export interface HeldDue {
  due: WallboardDue
  /** It is not due any more; nothing can be done with it here. */
  isGone: boolean
}

/** As they are. */
export const asRead = (latest: readonly WallboardDue[]): HeldDue[] =>
  latest.map((due) => ({ due, isGone: false }))

/** The places of `held`, the contents of `latest`; what came since waits until the hand has gone. */
export function holdPlaces(
  held: readonly WallboardDue[],
  latest: readonly WallboardDue[],
): { rows: HeldDue[]; changes: number } {
  const now = new Map(latest.map((due) => [due.conversationId, due]))
  const known = new Set(held.map(({ conversationId }) => conversationId))
  const rows = held.map((due) => {
    const found = now.get(due.conversationId)
    return { due: found ?? due, isGone: found === undefined }
  })
  const gone = rows.filter(({ isGone }) => isGone).length
  const came = latest.filter(({ conversationId }) => !known.has(conversationId)).length
  return { rows, changes: gone + came }
}
