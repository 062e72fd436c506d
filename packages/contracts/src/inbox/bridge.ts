import { type Channel, type ConversationState, type Priority } from '@parley/domain'
import { z } from 'zod'

import { engineMethods, takes, takesNothing } from '../method.ts'
import { type IntentKind } from '../outbox/intents.ts'
import { id } from '../primitives.ts'

/** What was closed is listed for so long, on workstations and by the server; older ones are found. */
export const CLOSED_DAYS = 30

/** A list in the inbox. */
export const inboxView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('mine') }),
  z.object({ kind: z.literal('team'), teamId: id }),
  z.object({ kind: z.literal('open') }),
  z.object({ kind: z.literal('closed') }),
])
export type InboxView = z.infer<typeof inboxView>

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

/** What features add to a conversation's row in a list, each by declaration merging. */
export interface RowMarks {}

export interface InboxRow extends RowMarks {
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
    /** For `refused`: what was not done, where it was no reply and so has no words of its own. */
    refused: IntentKind | null
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
  waitingSince: string | null
  lastMessageAt: string | null
  closedAt: string | null
}

/** How far an answer reaches that is given from the cache at once. */
export interface Reach {
  /** It is of what is on this device alone, and there may be more. The server is asked, if it is there. */
  isPartial: boolean
}

export const INBOX_SECTIONS = [
  'to_decide',
  'awaiting_me',
  'awaiting_customer',
  'queue',
  'assigned',
  'closed',
] as const

export interface InboxSection extends Reach {
  key: (typeof INBOX_SECTIONS)[number]
  /** For `queue`: of which team. */
  teamId: string | null
  rows: InboxRow[]
  total: number
}

/** It is partial where its number is: one's own are all here when others' queues below them are not. */
export interface InboxList extends Reach {
  view: InboxView
  sections: InboxSection[]
  /** How many a view is said to have, as in `InboxCounts`; of those that the filter leaves. */
  total: number
}

const count = z.int().nonnegative()

/** What is said of lists without showing them. */
export const inboxCounts = z.object({
  /** One's own and what one has to decide about; the queues below them have numbers of their own. */
  mine: count,
  open: count,
  /** Of one's own, those with something unread. */
  unread: count,
  /** Waiting in the queue, by team. */
  teams: z.record(id, count),
  /** The worst that is in a team's queue now, by team; absent: nothing is due soon. */
  due: z.record(id, z.enum(['warning', 'overdue'])),
})
export type InboxCounts = z.infer<typeof inboxCounts>

export const inboxMethods = engineMethods({
  /** `limit` is per section. */
  'inbox.list': takes(
    z.object({
      view: inboxView,
      limit: z.int().min(1).max(5000),
      /** Search operators, all of which must hold: `due:overdue`, … One that nobody knows is refused. */
      filter: z.string().max(500).default(''),
      /** `queue`: priority, due instant, age. `due`: the nearest due instant, whatever the priority. */
      order: z.enum(['queue', 'due']).default('queue'),
    }),
  ).shows<InboxList>(),
  'inbox.counts': takesNothing.shows<InboxCounts & Reach>(),
})
