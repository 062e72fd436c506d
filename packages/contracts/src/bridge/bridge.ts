import { z } from 'zod'

import { type SessionView } from '../accounts/bridge.ts'
import { auditFilter } from '../audit/api.ts'
import { type AppError } from '../errors.ts'
import { nothing } from '../method.ts'
import { id } from '../primitives.ts'
import {
  ENGINE_INPUTS,
  KINDS,
  type EngineMethod,
  type EngineOutputs,
  type RowKind,
  type ShownMethod,
} from '../registry.ts'
import { type ConnectionView } from '../sync/bridge.ts'
import { type Patch } from './patch.ts'
import { SPELLING_LANGUAGES } from './spelling-languages.ts'

/**
 * Between renderer, main process and engine. What the renderer shows is computed by the engine from the cache
 * and shaped for screens, so that the renderer derives nothing from rows and holds no truth of its own.
 * Instants are ISO strings in UTC.
 */

export type Theme = 'system' | 'light' | 'dark'
export type UiLanguage = 'es' | 'en'

/** Keys of commands by the command's id, in the spelling of the workstation's table; none: it has no key. */
const ownKeys = z
  .record(z.string().max(60), z.array(z.string().min(1).max(40)).max(4))
  .refine((keys) => Object.keys(keys).length <= 300, 'too many')

/** This device's, and no person's: a screen and a keyboard are the device's. */
export const preferences = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  language: z.enum(['es', 'en']),
  customerPanelOpen: z.boolean(),
  /** What somebody chose instead of a command's own keys. */
  keys: ownKeys,
  /** Whether letters and signs by themselves are commands; else only keys with Ctrl, Alt or Cmd, and function keys. */
  singleKeys: z.boolean(),
  checksSpelling: z.boolean(),
  /** All at once; the system's own where it finds out by itself. */
  spellingLanguages: z.array(z.enum(SPELLING_LANGUAGES)).max(SPELLING_LANGUAGES.length),
})
export type Preferences = Readonly<z.infer<typeof preferences>>

/** Asked of the main process itself. */
export const SHELL_INPUTS = {
  'preferences.get': nothing,
  'preferences.set': preferences.partial(),
  'shell.info': nothing,
  'window.minimize': nothing,
  'window.toggleMaximize': nothing,
  'window.close': nothing,
  /** Which conversation is on the screen, so that what is in view raises no notification. */
  'window.showsConversation': z.object({ conversationId: id.nullable() }),
  /** From the small window of escalations: brings the workstation's window up with this conversation. */
  'window.openConversation': z.object({ conversationId: id }),
  /** The small window says how high its content is, in CSS pixels. */
  'alertWindow.fit': z.object({ height: z.int().min(1).max(2000) }),
  /** http, https, mailto and tel only; opens in the system's browser. */
  'shell.openExternal': z.object({ url: z.url({ protocol: /^(https?|mailto|tel)$/ }).max(2048) }),
  /** The address of an invitation that a link brought, once; nothing has been sent there. */
  'invitation.take': nothing,
  /** Writes what the filter matches to a file that the person chooses. Answered when that is done, or is not to be. */
  'auditExport.start': auditFilter,
  'auditExport.stop': nothing,
} as const
export type ShellMethod = keyof typeof SHELL_INPUTS

export interface ShellOutputs {
  'preferences.get': Preferences
  'preferences.set': Preferences
  'shell.info': { version: string; platform: 'linux' | 'darwin' | 'win32'; maximized: boolean }
  'window.minimize': null
  'window.toggleMaximize': null
  'window.close': null
  'window.showsConversation': null
  'window.openConversation': null
  'alertWindow.fit': null
  'shell.openExternal': null
  'invitation.take': string | null
  'auditExport.start': AuditExported
  'auditExport.stop': null
}

export type AuditExported =
  | { outcome: 'written'; entries: number; file: string }
  /** No file was chosen, or it was stopped: there is none. */
  | { outcome: 'left' }
  | { outcome: 'failed'; error: AppError }

export const BRIDGE_INPUTS = { ...ENGINE_INPUTS, ...SHELL_INPUTS } as const
export type BridgeMethod = EngineMethod | ShellMethod
export type BridgeOutputs = EngineOutputs & ShellOutputs
export type BridgeInput<Method extends BridgeMethod> = z.input<(typeof BRIDGE_INPUTS)[Method]>

/** Expected failures come back as values; a rejected promise is a bug. */
export type BridgeResult<Value> = { ok: true; value: Value } | { ok: false; error: AppError }

/**
 * An answer by its id, which no other answer has, whichever engine gave it: whole, or what has changed since the one that
 * the asker said that they hold; null: nothing.
 */
export type Reading<Value> = { id: number } & ({ whole: Value } | { changes: Patch | null })

/**
 * What may have changed beside conversations. `beside`: what the server says to what the cache does not hold; `load`: how
 * many conversations somebody has.
 */
export type Topic = RowKind | 'outbox' | 'beside' | 'load'
export const TOPICS: readonly Topic[] = [
  ...KINDS.map(({ kind }) => kind),
  'outbox',
  'beside',
  'load',
]

/** Told to the renderer. Each says what to read again, never the content itself. */
export interface BridgeEvents {
  /** Rows changed in the cache. */
  changed: {
    /** Conversations, or what hangs on them; null where too many changed to name them. */
    conversationIds: string[] | null
    topics: Topic[]
  }
  session: SessionView
  connection: ConnectionView
  preferences: Preferences
  window: { maximized: boolean; focused: boolean }
  /** A notification was clicked, or the system asked for this conversation. */
  openConversation: { conversationId: string }
  /** The notification of an offer was clicked: its card gets the focus, if it is still there. */
  openOffer: { offerId: string }
  /** A notification of several alerts, or the tray, was clicked: the alert centre is shown. */
  openAlerts: Record<string, never>
  /** A link brought an invitation: it is there to be taken. */
  invitation: Record<string, never>
  /** How far an export of the audit log has come. */
  auditExport: { entries: number }
}
export type BridgeEvent = keyof BridgeEvents
export const BRIDGE_EVENTS = [
  'changed',
  'session',
  'connection',
  'preferences',
  'window',
  'openConversation',
  'openOffer',
  'openAlerts',
  'invitation',
  'auditExport',
] as const satisfies readonly BridgeEvent[]

/** `window.parley` in the renderer: the only way out of it. */
export interface Bridge {
  call<Method extends BridgeMethod>(
    method: Method,
    input: BridgeInput<Method>,
  ): Promise<BridgeResult<BridgeOutputs[Method]>>
  /** @param held the id of the answer that the asker holds: what it has become may come as what has changed in it */
  read<Method extends ShownMethod>(
    method: Method,
    input: BridgeInput<Method>,
    held: number | null,
  ): Promise<BridgeResult<Reading<BridgeOutputs[Method]>>>
  on<Event extends BridgeEvent>(
    event: Event,
    listener: (payload: BridgeEvents[Event]) => void,
  ): () => void
}

/** IPC channel names, shared by preload and main. */
export const IPC = { call: 'parley:call', read: 'parley:read', event: 'parley:event' } as const
