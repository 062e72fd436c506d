import {
  AWAY_REASONS,
  CHOOSABLE_PRESENCE,
  CLOSE_REASONS,
  PRIORITIES,
  type AlertPreferences,
} from '@parley/domain'
import { z } from 'zod'

import { savePreferencesInput } from '../alerts/alerts.ts'
import { type AppError } from '../errors.ts'
import { MAXIMUM_TEXT_LENGTH, id, typedText } from '../primitives.ts'
import {
  type PresenceHistory,
  type QueueOutput,
  type ReplayOutput,
  type RoutingSettingsOutput,
  presenceHistoryInput,
  replayInput,
  saveRoutingSettingsInput,
  setCapacityInput,
  setFinishingInput,
  setPresenceOfInput,
  setSkillsInput,
  type skillsOutput,
  teamInput,
} from '../routing/routing.ts'
import {
  type BusinessHoursOutput,
  type HourFiguresOutput,
  type SlaEffect,
  type SlaSettingsOutput,
  type ViolationsOutput,
  previewBusinessHoursInput,
  previewSlaSettingsInput,
  saveBusinessHoursInput,
  saveSlaSettingsInput,
  violationsInput,
} from '../sla/sla.ts'
import {
  type DryRunOutput,
  type GetModelOutput,
  type GetRulesOutput,
  type RuleVersionsOutput,
  type TestModelOutput,
  dryRunInput,
  getRulesInput,
  ruleVersionsInput,
  saveModelInput,
  saveRulesInput,
  type saveRulesOutput,
  saveTriageSettingsInput,
  type saveTriageSettingsOutput,
  testModelInput,
} from '../triage/triage.ts'
import {
  type AlertView,
  type CannedResponseView,
  type ConnectionView,
  type ConversationView,
  type DirectoryView,
  type InboxCounts,
  type InboxList,
  type OfferView,
  type OutboxView,
  type Preferences,
  type SearchHit,
  type SessionView,
  type ThreadPage,
  type WallboardView,
} from './views.ts'

/**
 * Everything the renderer can ask for. Inputs are parsed where they arrive, in the main process and again
 * in the engine; outputs are the engine's own and typed only.
 */

const conversationId = z.object({ conversationId: id })
const nothing = z.undefined()

export const inboxView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('mine') }),
  z.object({ kind: z.literal('team'), teamId: id }),
  z.object({ kind: z.literal('open') }),
  z.object({ kind: z.literal('closed') }),
])

/** Asked of the engine. */
export const ENGINE_INPUTS = {
  'session.get': nothing,
  'session.signIn': z.object({
    serverUrl: z.url({ protocol: /^https?$/ }).max(2048),
    email: z.string().trim().min(1).max(255),
    password: z.string().min(1).max(1024),
  }),
  /** Opens the last person's cache with no network. */
  'session.openOffline': nothing,
  /** Wipes the cache. Refused with `conflict` while unsent work exists, unless `discardUnsent`. */
  'session.signOut': z.object({ discardUnsent: z.boolean() }),
  'connection.get': nothing,
  'connection.retryNow': nothing,
  'directory.get': nothing,
  'cannedResponses.list': z.object({ teamId: id.nullable() }),
  /** `limit` is per section. */
  'inbox.list': z.object({
    view: inboxView,
    limit: z.int().min(1).max(5000),
    /** Only what warns or is overdue, or only what is overdue, by the clocks that run now. */
    only: z.enum(['all', 'warning', 'overdue']).default('all'),
    /** `queue`: priority, due instant, age. `due`: the nearest due instant, whatever the priority. */
    order: z.enum(['queue', 'due']).default('queue'),
  }),
  'inbox.counts': nothing,
  'conversation.get': conversationId,
  /** `before` is an entry's key; null: the newest page. */
  'conversation.thread': z.object({
    conversationId: id,
    before: z.string().max(200).nullable(),
    limit: z.int().min(1).max(500),
    /** With `before: null`: as many more as it takes to have this message and some before it. */
    reach: id.optional(),
  }),
  'conversation.markSeen': conversationId,
  'conversation.saveDraft': z.object({ conversationId: id, text: typedText(20_000) }),
  'conversation.reply': z.object({
    conversationId: id,
    text: typedText(MAXIMUM_TEXT_LENGTH).min(1),
  }),
  'conversation.retryMessage': z.object({ conversationId: id, messageId: id }),
  /** What a person knows of a message that failed or may have gone out. */
  'conversation.settleMessage': z.object({
    conversationId: id,
    messageId: id,
    as: z.enum(['sent', 'discarded']),
  }),
  'conversation.claim': conversationId,
  /** Claims the queue's next one; needs the server. */
  'conversation.claimNext': z.object({ teamId: id.nullable() }),
  'conversation.assign': z.object({ conversationId: id, userId: id }),
  'conversation.transfer': z.object({
    conversationId: id,
    to: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('team'), teamId: id }),
      z.object({ kind: z.literal('person'), userId: id }),
    ]),
    note: typedText(1000).optional(),
  }),
  'conversation.release': conversationId,
  'conversation.takeOver': conversationId,
  'conversation.close': z.object({ conversationId: id, reason: z.enum(CLOSE_REASONS) }),
  'conversation.reopen': conversationId,
  'conversation.setPriority': z.object({ conversationId: id, priority: z.enum(PRIORITIES) }),
  /** Open ones first, escalations before breaches before warnings; then what ended within a day. */
  'alerts.list': nothing,
  /** An intent: kept and sent when the server is back. */
  'alerts.acknowledge': z.object({ alertId: id }),
  /** Every open one of the kinds that need no answer. */
  'alerts.acknowledgeAll': z.object({ kind: z.enum(['warning', 'breach']) }),
  'alerts.preferences': nothing,
  'alerts.savePreferences': savePreferencesInput,
  /** From the cache: the teams that this person watches, by the clocks as they stand now. */
  'wallboard.get': nothing,
  'presence.set': z.object({
    status: z.enum(CHOOSABLE_PRESENCE),
    reason: z.enum(AWAY_REASONS).nullable(),
  }),
  'presence.setFinishing': setFinishingInput,
  /** End of shift: nothing new, and what waits for me goes back to the queue. Needs the server. */
  'presence.endShift': nothing,
  'presence.setOf': setPresenceOfInput,
  'presence.setCapacity': setCapacityInput,
  'presence.history': presenceHistoryInput,
  'people.skills': nothing,
  'people.setSkills': setSkillsInput,
  /** Open offers to me, the one that ends first first. */
  'offers.list': nothing,
  'offers.accept': z.object({ offerId: id }),
  'offers.refuse': z.object({ offerId: id }),
  /** These ask the server and fail with `server_unreachable` without it. */
  'routing.settings': teamInput,
  'routing.saveSettings': saveRoutingSettingsInput,
  'routing.queue': teamInput,
  'routing.replay': replayInput,
  'sla.settings': teamInput,
  'sla.previewSettings': previewSlaSettingsInput,
  'sla.saveSettings': saveSlaSettingsInput,
  'sla.violations': violationsInput,
  'sla.hourFigures': nothing,
  'businessHours.get': teamInput,
  'businessHours.preview': previewBusinessHoursInput,
  'businessHours.save': saveBusinessHoursInput,
  'triage.getRules': getRulesInput,
  'triage.ruleVersions': ruleVersionsInput,
  'triage.saveRules': saveRulesInput,
  'triage.saveSettings': saveTriageSettingsInput,
  'triage.dryRun': dryRunInput,
  'triage.getModel': nothing,
  'triage.saveModel': saveModelInput,
  'triage.testModel': testModelInput,
  'outbox.list': nothing,
  /** Sends a refused intent again; a reply refused as outdated then goes despite the newer one. */
  'outbox.retry': z.object({ intentId: id }),
  'outbox.discard': z.object({ intentId: id }),
  'search.query': z.object({ text: z.string().max(200), limit: z.int().min(1).max(100) }),
} as const
export type EngineMethod = keyof typeof ENGINE_INPUTS

export interface EngineOutputs {
  'session.get': SessionView
  'session.signIn': SessionView
  'session.openOffline': SessionView
  'session.signOut': SessionView
  'connection.get': ConnectionView
  'connection.retryNow': ConnectionView
  'directory.get': DirectoryView
  'cannedResponses.list': CannedResponseView[]
  'inbox.list': InboxList
  'inbox.counts': InboxCounts
  /** Null where this person may not see it (any more). */
  'conversation.get': ConversationView | null
  'conversation.thread': ThreadPage
  'conversation.markSeen': null
  'conversation.saveDraft': null
  'conversation.reply': { intentId: string }
  'conversation.retryMessage': { intentId: string }
  'conversation.settleMessage': { intentId: string }
  'conversation.claim': { intentId: string }
  'conversation.claimNext': { conversationId: string | null }
  'conversation.assign': { intentId: string }
  'conversation.transfer': { intentId: string }
  'conversation.release': { intentId: string }
  'conversation.takeOver': { intentId: string }
  'conversation.close': { intentId: string }
  'conversation.reopen': { intentId: string }
  'conversation.setPriority': { intentId: string }
  'alerts.list': AlertView[]
  'alerts.acknowledge': null
  'alerts.acknowledgeAll': null
  'alerts.preferences': AlertPreferences
  'alerts.savePreferences': null
  'wallboard.get': WallboardView
  'presence.set': null
  'presence.setFinishing': null
  'presence.endShift': { returned: number }
  'presence.setOf': null
  'presence.setCapacity': null
  'presence.history': PresenceHistory
  'people.skills': z.infer<typeof skillsOutput>
  'people.setSkills': null
  'offers.list': OfferView[]
  /** The conversation, now one's own. */
  'offers.accept': { conversationId: string }
  'offers.refuse': null
  'routing.settings': RoutingSettingsOutput
  'routing.saveSettings': RoutingSettingsOutput
  'routing.queue': QueueOutput
  'routing.replay': ReplayOutput
  'sla.settings': SlaSettingsOutput
  'sla.previewSettings': SlaEffect
  'sla.saveSettings': SlaSettingsOutput
  'sla.violations': ViolationsOutput
  'sla.hourFigures': HourFiguresOutput
  'businessHours.get': BusinessHoursOutput
  'businessHours.preview': SlaEffect
  'businessHours.save': BusinessHoursOutput
  'triage.getRules': GetRulesOutput
  'triage.ruleVersions': RuleVersionsOutput
  'triage.saveRules': z.infer<typeof saveRulesOutput>
  'triage.saveSettings': z.infer<typeof saveTriageSettingsOutput>
  'triage.dryRun': DryRunOutput
  'triage.getModel': GetModelOutput
  'triage.saveModel': null
  'triage.testModel': TestModelOutput
  'outbox.list': OutboxView[]
  'outbox.retry': null
  'outbox.discard': null
  'search.query': SearchHit[]
}

/** Asked of the main process itself. */
export const SHELL_INPUTS = {
  'preferences.get': nothing,
  'preferences.set': z.object({
    theme: z.enum(['system', 'light', 'dark']).optional(),
    language: z.enum(['es', 'en']).optional(),
    customerPanelOpen: z.boolean().optional(),
  }),
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
}

export const BRIDGE_INPUTS = { ...ENGINE_INPUTS, ...SHELL_INPUTS } as const
export type BridgeMethod = EngineMethod | ShellMethod
export type BridgeOutputs = EngineOutputs & ShellOutputs
export type BridgeInput<Method extends BridgeMethod> = z.input<(typeof BRIDGE_INPUTS)[Method]>

/** Expected failures come back as values; a rejected promise is a bug. */
export type BridgeResult<Value> = { ok: true; value: Value } | { ok: false; error: AppError }

/** Told to the renderer. Each says what to read again, never the content itself. */
export interface BridgeEvents {
  /** Rows changed in the cache. `conversationIds` is null where too many changed to name them. */
  changed: {
    conversationIds: string[] | null
    directory: boolean
    cannedResponses: boolean
    outbox: boolean
    offers: boolean
    alerts: boolean
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
] as const satisfies readonly BridgeEvent[]

/** `window.parley` in the renderer: the only way out of it. */
export interface Bridge {
  call<Method extends BridgeMethod>(
    method: Method,
    input: BridgeInput<Method>,
  ): Promise<BridgeResult<BridgeOutputs[Method]>>
  on<Event extends BridgeEvent>(
    event: Event,
    listener: (payload: BridgeEvents[Event]) => void,
  ): () => void
}

/** IPC channel names, shared by preload and main. */
export const IPC = { call: 'parley:call', event: 'parley:event' } as const
