import type { UiLanguage } from '@parley/contracts'
import { type LucideIcon } from 'lucide-react'

import { type Words } from './contributed.ts'

/** What a feature brings to the window. Its `index.ts` exports it, `features.ts` lists it. */
export interface Contribution {
  /** By id; `words.es.ts` is the source. */
  words?: Catalogs
  commands?: Commands
}

export type Catalogs = Record<UiLanguage, Readonly<Record<string, string>>>

export type Commands = Readonly<Record<string, Command>>

/**
 * Something that can be done by a key. Keys: `Mod` is Ctrl, on macOS Cmd. Parts of a chord are joined by `+`,
 * keys pressed one after the other are separated by a space. Single letters act only while no text field has
 * the focus.
 */
export interface Command {
  /** The help sheet's; a new one is there with its heading, `help.section.…`. */
  section: Section
  label: keyof Words
  keys: readonly string[]
  /** What the sheet and the labels show, where it is not the first of `keys`. */
  shown?: string
  /** Acts also while somebody types. */
  whileTyping?: true
  /**
   * What has the focus and handles the key itself: a list, the composer, a card. Without one it is the window
   * that runs the command.
   */
  place?: string
  /** The window has this key, too; while the focus is in the place, it is the place's. */
  shadows?: true
  /** Offered in the palette. */
  palette?: true
  icon?: LucideIcon
  /** Within its section, 0 if not said; those of equal order stand as the features do. */
  order?: number
}

type Section = keyof Words extends infer Id
  ? Id extends `help.section.${infer Name}`
    ? Name
    : never
  : never
