import { type FrozenRow, type FrozenSection, nameOf } from './frozen-order.ts'

export const HEADER_HEIGHT = 28
export const ROW_HEIGHT = 56

export interface PlacedRow extends FrozenRow {
  top: number
}
export interface PlacedSection {
  name: string
  section: FrozenSection
  /** Where its rows begin among all of them. */
  first: number
  top: number
  height: number
}
export interface ListLayout {
  sections: PlacedSection[]
  rows: PlacedRow[]
  height: number
}

/** Where everything in the list stands. All sizes are fixed, so nothing has to be measured. */
export function layOut(sections: readonly FrozenSection[]): ListLayout {
  const placed: ListLayout = { sections: [], rows: [], height: 0 }
  for (const section of sections) {
    const top = placed.height
    const first = placed.rows.length
    placed.height += HEADER_HEIGHT
    for (const row of section.rows) {
      placed.rows.push({ ...row, top: placed.height })
      placed.height += ROW_HEIGHT
    }
    placed.sections.push({
      name: nameOf(section),
      section,
      first,
      top,
      height: placed.height - top,
    })
  }
  return placed
}
