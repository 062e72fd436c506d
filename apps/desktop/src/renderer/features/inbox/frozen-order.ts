import type { InboxRow, InboxSection } from '@parley/contracts'

/**
 * Nothing moves under the hand: while the pointer or the focus is in the list, rows keep their places and
 * only their contents change. What would have moved is counted, and settles when the hand leaves.
 */

export interface FrozenRow {
  row: InboxRow
  /** It is in no section of the list any more; shown without its words until the list settles. */
  isGone: boolean
}

export interface FrozenSection extends Omit<InboxSection, 'rows'> {
  rows: FrozenRow[]
}

export interface FrozenList {
  sections: FrozenSection[]
  /** Rows that came, went or would stand elsewhere. */
  changes: number
}

export function asShown(sections: readonly InboxSection[]): FrozenList {
  return {
    sections: sections.map((section) => ({
      ...section,
      rows: section.rows.map((row) => ({ row, isGone: false })),
    })),
    changes: 0,
  }
}

/** The places of `held`, the contents of `latest`. */
export function keepPlaces(
  held: readonly InboxSection[],
  latest: readonly InboxSection[],
): FrozenList {
  const now = new Map<string, { row: InboxRow; section: string }>()
  for (const section of latest) {
    for (const row of section.rows) now.set(row.id, { row, section: nameOf(section) })
  }

  let gone = 0
  let moved = 0
  const heldIds = new Set<string>()
  const appended = new Set<string>()
  const sections = held.map((section) => {
    const staying: string[] = []
    const rows = section.rows.map((row): FrozenRow => {
      heldIds.add(row.id)
      const found = now.get(row.id)
      if (!found) {
        gone += 1
        return { row, isGone: true }
      }
      if (found.section === nameOf(section)) staying.push(row.id)
      else moved += 1
      return { row: found.row, isGone: false }
    })
    const latestRows = latest.find((other) => nameOf(other) === nameOf(section))?.rows ?? []
    moved += outOfOrder(staying, latestRows)
    const more = section.rows.length < section.total ? rowsAfter(latestRows, staying) : []
    for (const row of more) appended.add(row.id)
    return { ...section, rows: [...rows, ...more.map((row) => ({ row, isGone: false }))] }
  })
  const came = [...now.keys()].filter((id) => !heldIds.has(id) && !appended.has(id)).length
  return { sections, changes: came + gone + moved }
}

/** What was read further down since: it comes after everything that is held, so nothing moves for it. */
function rowsAfter(latest: readonly InboxRow[], staying: readonly string[]): InboxRow[] {
  const held = new Set(staying)
  const last = latest.findLastIndex((row) => held.has(row.id))
  return latest.slice(last + 1)
}

/** A section by what it is: two queues differ by their team. */
export const nameOf = (section: Pick<InboxSection, 'key' | 'teamId'>) =>
  `${section.key} ${section.teamId ?? ''}`

/** The least number of rows that must move to turn one order into the other. */
function outOfOrder(ids: readonly string[], latest: readonly InboxRow[]): number {
  const place = new Map(latest.map((row, index) => [row.id, index]))
  const places = ids.map((id) => place.get(id)).filter((index) => index !== undefined)
  return places.length - longestRising(places)
}

/** Length of the longest rising subsequence. */
function longestRising(numbers: readonly number[]): number {
  const smallestEnd: number[] = []
  for (const number of numbers) {
    const at = smallestEnd.findIndex((end) => end >= number)
    smallestEnd[at === -1 ? smallestEnd.length : at] = number
  }
  return smallestEnd.length
}
