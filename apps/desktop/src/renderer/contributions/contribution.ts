import type { AppError, ShownMethod, TeamView, UiLanguage } from '@parley/contracts'
import type { Role } from '@parley/domain'
import { type LucideIcon } from 'lucide-react'
import { type ComponentType, type ReactNode } from 'react'

import { type StaleWhen } from '../bridge/changes.ts'
import {
  type CommandId,
  type Dialogs,
  type OpenDialog,
  type PlainWord,
  type Screen,
  type Screens,
  type Sheet,
  type Slots,
  type Words,
} from './contributed.ts'

/**
 * What a feature brings to the window. Its `index.ts` exports it, `features.ts` lists it. Features that others
 * bring something to add their fields by declaration merging.
 */
export interface Contribution {
  /** By id; `words.es.ts` is the source. */
  words?: Catalogs
  commands?: Commands
  /** Commands that do nothing but open something. */
  opens?: { readonly [Id in CommandId]?: Opens }
  /** The engine's answers that are kept on the screen, and which changes make each stale. */
  reads?: Reads
  /** Refusals of its own in words; null: none of them. */
  refusals?: (error: AppError) => RefusalWords | null
  /** Ways from the rail to screens. */
  rail?: readonly RailEntry[]
  screens?: { readonly [Kind in keyof Screens]?: ComponentType<Screens[Kind]> }
  dialogs?: {
    readonly [Kind in keyof Dialogs]?: ComponentType<Dialogs[Kind] & { onClose: () => void }>
  }
  sheets?: { readonly [Name in Sheet]?: ComponentType }
  slots?: { readonly [Name in keyof Slots]?: readonly InSlot<Slots[Name]>[] }
  /** What the first paint does not wait for: screens, dialogs, sheets and what stands in them. */
  late?: () => Promise<{ late: LateContribution }>
}

/** Words, commands and reads are known from the start. */
export type LateContribution = Omit<Contribution, 'words' | 'commands' | 'reads' | 'late'>

/** Where order is seen. 0 if it does not say; those of equal order stand as the features do. */
export interface Ordered {
  order?: number
}

export type Catalogs = Record<UiLanguage, Readonly<Record<string, string>>>

export type Commands = Readonly<Record<string, Command>>

/**
 * Something that can be done by a key. Keys: `Mod` is Ctrl, on macOS Cmd. Parts of a chord are joined by `+`,
 * keys pressed one after the other are separated by a space. Single letters act only while no text field has
 * the focus.
 */
export interface Command extends Ordered {
  /** The help sheet's; a new one is there with its heading, `help.section.…`. */
  section: Section
  label: PlainWord
  keys: readonly string[]
  /** What the sheet and the labels show, where it is not the first of `keys`. */
  shown?: string
  /**
   * Changes nothing but what is marked, and is pressed several times in a row: it does not wait to see whether it is
   * the first letter of a word.
   */
  repeats?: true
  /** Acts also while somebody types. */
  whileTyping?: true
  /**
   * What has the focus and handles the key itself: a list, the composer, a card. Without one it is the window
   * that runs the command.
   */
  place?: string
  /** The window has this key, too; while the focus is in the place, it is the place's. */
  shadows?: true
  /** What has the focus cannot be without this key: nobody chooses another. */
  isFixed?: true
  /** Who can ever do it, where that is not everybody; of a screen of the rail, those for whom it is there. */
  isFor?: (viewer: Viewer) => boolean
  /** Offered in the palette. */
  palette?: true
  icon?: LucideIcon
}

export interface NamedCommand extends Command {
  id: CommandId
}

type Section = keyof Words extends infer Id
  ? Id extends `help.section.${infer Name}`
    ? Name
    : never
  : never

export type Opens = { screen: Screen } | { dialog: OpenDialog } | { sheet: Sheet }

export type Reads = { readonly [Method in ShownMethod]?: StaleWhen }

/** Instead of what is said of every refusal of the same code. */
export interface RefusalWords {
  /** What somebody else did in between, where it is known who: la reclamó, guardó la versión {version}. */
  did?: keyof Words
  title?: keyof Words
  detail?: keyof Words
}

/** A line of the rail, and the command that goes there, too. */
export interface RailEntry extends Ordered {
  screen: Screen
  command: CommandId
  label: PlainWord
  icon: LucideIcon
  isFor: (viewer: Viewer) => boolean
  /** Where those begin for whom it is there and who take no conversations themselves. */
  isLanding?: true
}

/** Who looks at the window. */
export interface Viewer {
  role: Role
  teams: ReadonlyMap<string, TeamView>
}

export interface InSlot<Props> extends Ordered {
  part: (props: Props) => ReactNode
}
