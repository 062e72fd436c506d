import {
  type AlertChannel,
  type AlertKind,
  type AwayReason,
  type Channel,
  type ConversationState,
  type MessageStatus,
  type PresenceStatus,
  type Priority,
  type Role,
  type SlaClockName,
} from '@parley/domain'

import { type AppError } from '../errors.ts'
import { type AlertRow } from '../alerts/alerts.ts'
import { type EventRow, type MessageRow } from '../rows/rows.ts'
import { type SlaClockRow } from '../sla/sla.ts'

/**
 * What the renderer shows, as the engine computes it from the cache. Shaped for screens, so that the
 * renderer derives nothing from rows and holds no truth of its own. Instants are ISO strings in UTC.
 */

export type Theme = 'system' | 'light' | 'dark'
export type UiLanguage = 'es' | 'en'

export interface Preferences {
  theme: Theme
  language: UiLanguage
  customerPanelOpen: boolean
}

export type SessionView =
  | { state: 'starting' }
  | {
      state: 'signed_out'
      serverUrl: string
      /** Whether IT has fixed the server's address. */
      serverLocked: boolean
      /** The person whose cache is on this device, if any: they can open it with no network. */
      lastPerson: { email: string; fullName: string } | null
      /** Why the person finds themselves here. */
      because: 'never_signed_in' | 'signed_out' | 'session_ended' | 'device_revoked'
    }
  | {
      state: 'signed_in'
      serverUrl: string
      email: string
      me: PersonView
      /** The session ended on the server; the cache is readable, nothing can be sent until sign-in. */
      expired: boolean
    }

export interface ConnectionView {
  state: 'online' | 'connecting' | 'offline'
  /** Since when this state lasts. */
  since: string
  /** When the cache last agreed with the server. */
  syncedAt: string | null
  /** Intents that wait to be sent. */
  waiting: number
  /** Intents the server refused and a person must decide about. */
  refused: number
  /** The first load of the cache is still running: rows loaded so far. */
  bootstrapping: { loaded: number } | null
  /** Add to this device's clock to get the server's, in milliseconds. */
  clockOffsetMs: number
}

export interface PersonView {
  id: string
  fullName: string
  role: Role
  isActive: boolean
  teamIds: string[]
  presence: {
    status: PresenceStatus
    reason: AwayReason | string | null
    since: string
    capacity: number
    isFinishing: boolean
    wrapUpUntil: string | null
  }
  /** Open conversations that count, as far as this cache can see them. */
  load: number
}

/** A conversation that this person is asked to take now. */
export interface OfferView {
  id: string
  conversationId: string
  teamId: string
  /** The customer's name, or their number where there is no name. */
  title: string
  channel: Channel
  language: string | null
  priority: Priority
  /** The customer's newest words, or the channel's type of what is not text. */
  preview: { contentType: string; text: string }
  waitingSince: string | null
  offeredAt: string
  /** By the server's clock, as all instants; `ConnectionView.clockOffsetMs` corrects the device's. */
  expiresAt: string
  explanation: Record<string, unknown>
}

/** An alert to this person, with what there is to say of its conversation now. */
export interface AlertView {
  id: string
  kind: AlertKind
  clock: SlaClockName
  conversationId: string
  /** The customer's name, or their number; empty where this cache has not (yet) got the conversation. */
  title: string
  channel: Channel | null
  priority: Priority | null
  teamId: string | null
  assignedTo: string | null
  assigneeName: string | null
  /** The owner's load and capacity, for a lead to decide by. */
  assigneeLoad: { load: number; capacity: number } | null
  waitingSince: string | null
  /** The customer's newest words. */
  preview: { contentType: string; text: string } | null
  dueAt: string
  targetSeconds: number | null
  raisedAt: string
  level: number | null
  risesAt: string | null
  endedAt: string | null
  endReason: AlertRow['endReason']
  acknowledgedByName: string | null
  /** By the person's preferences: what is `off` is listed and nothing else. */
  channelNow: AlertChannel
  /** What this person may do with the conversation now. */
  mayTakeOver: boolean
}

export interface WallboardTeam {
  teamId: string
  queued: number
  /** The one that has waited longest in the queue. */
  oldestQueuedSince: string | null
  warning: number
  overdue: number
  escalated: number
  online: number
  members: number
  load: number
  capacity: number
}

/** A conversation with a clock that warns, is overdue, or is due within the hour. */
export interface WallboardDue {
  conversationId: string
  title: string
  channel: Channel
  priority: Priority
  teamId: string | null
  assignedTo: string | null
  status: ConversationState
  clock: SlaClockRow
}

export interface WallboardView {
  teams: WallboardTeam[]
  /** By due instant; at most 300. */
  due: WallboardDue[]
  dueTotal: { overdue: number; warning: number }
}

export interface TeamView {
  id: string
  name: string
  slug: string
  isMine: boolean
}

export interface DirectoryView {
  teams: TeamView[]
  people: PersonView[]
}

export interface CannedResponseView {
  id: string
  shortcut: string
  title: string
  content: string
  language: string | null
  teamId: string | null
}

/** A list in the inbox. */
export type InboxView =
  | { kind: 'mine' }
  | { kind: 'team'; teamId: string }
  | { kind: 'open' }
  | { kind: 'closed' }

/** What the preview begins with, at most one; see DESIGN, list row. */
export type PreviewMark =
  | 'refused'
  | 'draft'
  | 'pending'
  | 'failed'
  | 'sent'
  | 'delivered'
  | 'read'
  | null

export interface InboxRow {
  id: string
  version: number
  /** The customer's name, or their number where there is no name. */
  title: string
  channel: Channel
  language: string | null
  status: ConversationState
  priority: Priority
  teamId: string | null
  assignedTo: string | null
  preview: {
    mark: PreviewMark
    /** For other than text: the channel's type (image, audio, …), shown as a named placeholder. */
    contentType: string
    text: string
    /** Who wrote it: the customer, oneself, a colleague (by name), the system. */
    by:
      | { kind: 'customer' }
      | { kind: 'me' }
      | { kind: 'colleague'; name: string }
      | { kind: 'system' }
  }
  /** Customer's messages that this person has not had on the screen. */
  unread: number
  waitingSince: string | null
  /** The running clock that is due first, else one that stands still. */
  clock: SlaClockRow | null
  lastMessageAt: string | null
  closedAt: string | null
}

export interface InboxSection {
  key: 'to_decide' | 'awaiting_me' | 'awaiting_customer' | 'queue' | 'assigned' | 'closed'
  /** For `queue`: of which team. */
  teamId: string | null
  rows: InboxRow[]
  total: number
}

export interface InboxList {
  view: InboxView
  sections: InboxSection[]
  total: number
}

export interface InboxCounts {
  mine: number
  open: number
  toDecide: number
  /** Waiting in the queue, by team. */
  teams: Record<string, number>
  /** The worst that is in a team's queue now, by team; absent: nothing is due soon. */
  due: Record<string, 'warning' | 'overdue'>
}

/** What this person may do with this conversation now; the same rules the server applies. */
export interface Abilities {
  reply: boolean
  claim: boolean
  assign: boolean
  transfer: boolean
  release: boolean
  takeOver: boolean
  close: boolean
  reopen: boolean
  setPriority: boolean
}

export interface ConversationView {
  row: InboxRow
  customer: {
    id: string
    name: string | null
    identities: { channel: string; externalId: string; isPrimary: boolean }[]
    metadata: Record<string, unknown>
    createdAt: string
    /** Their other conversations in this cache, newest first. */
    others: {
      id: string
      channel: Channel
      status: ConversationState
      preview: string
      lastMessageAt: string | null
    }[]
  }
  /** WhatsApp's 24 hours end then; null where there is no such limit. */
  windowEndsAt: string | null
  /** All clocks, running ones first, then by due instant. */
  clocks: SlaClockRow[]
  firstResponseAt: string | null
  firstMessageAt: string | null
  closedBy: string | null
  closeReason: string | null
  abilities: Abilities
  draft: string
  /** Intents on this conversation that were refused. */
  refused: OutboxView[]
}

export type ThreadEntry =
  | {
      type: 'message'
      key: string
      at: string
      message: MessageRow
      /** Name of the colleague who wrote it; null for the customer, oneself and the system. */
      authorName: string | null
      isMine: boolean
      /** In the outbox, not yet accepted by the server. */
      outbox: 'waiting' | 'sending' | null
      /** The quoted message's words, where the cache has it. */
      quoted: { text: string | null; contentType: string; byCustomer: boolean } | null
    }
  | { type: 'event'; key: string; at: string; event: EventRow; names: Record<string, string> }

export interface ThreadPage {
  /** Oldest first. */
  entries: ThreadEntry[]
  /** There is more before the first entry, in the cache or on the server. */
  hasOlder: boolean
  /** The newest `seq` this person had seen when they opened it, for the line "new since". */
  seenSeq: number
}

export type OutboxKind =
  | 'reply'
  | 'retry'
  | 'settle'
  | 'claim'
  | 'assign'
  | 'transfer'
  | 'release'
  | 'take_over'
  | 'close'
  | 'reopen'
  | 'set_priority'
  | 'acknowledge'

export interface OutboxView {
  intentId: string
  kind: OutboxKind
  conversationId: string
  customerName: string
  /** A reply's words. */
  text: string | null
  createdAt: string
  state: 'waiting' | 'sending' | 'refused'
  /** Why it was refused, for `refused`. */
  refusal: AppError | null
}

export interface SearchHit {
  conversationId: string
  /** Null where the customer's name or number matched. */
  messageId: string | null
  title: string
  channel: Channel
  status: ConversationState
  /** The words around the match, in pieces. */
  snippet: { text: string; match: boolean }[]
  at: string | null
}

export type { MessageStatus }
