import { type ReactNode } from 'react'

import { derived } from '../../contributions/registry.ts'

/** Things to go to or to do, found by the words that are typed. */
export interface PaletteGroup {
  /** Found also where only messages are looked for. */
  isOfMessages?: true
  useFound: (wanted: string) => FoundGroup
}

export interface FoundGroup {
  heading: string
  items: readonly PaletteItem[]
  /** Said of all of them, after the last. */
  note?: string | null
  /** Still looking. */
  isBusy?: boolean
}

export interface PaletteItem {
  /** Unlike that of any other. */
  value: string
  icon: ReactNode
  label: ReactNode
  /** More words after the label, which then keeps its place; null: none here. */
  detail?: ReactNode
  end?: ReactNode
  run: () => void
}

export const paletteGroups = derived((contributions) =>
  contributions.flatMap((one) => one.paletteGroups ?? []),
)
