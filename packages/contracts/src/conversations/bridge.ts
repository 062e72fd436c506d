import {
  type Channel,
  CLOSE_REASONS,
  type CloseReason,
  type ConversationState,
  PRIORITIES,
  type Priority,
} from '@parley/domain'
import { z } from 'zod'

import { type InboxRow } from '../inbox/bridge.ts'
import { engineMethods, takes } from '../method.ts'
import { type OutboxView } from '../outbox/bridge.ts'
import { id } from '../primitives.ts'
import { type SlaClockRow } from '../sla/rows.ts'
import { transferInput } from './api.ts'

type Destination = z.infer<typeof transferInput>['to']

declare module '../outbox/intents.ts' {
  interface Intents {
    claim: {}
    assign: { userId: string }
    transfer: { to: Destination; note?: string | undefined }
    release: {}
    take_over: {}
    close: { reason: CloseReason }
    reopen: {}
    set_priority: { priority: Priority }
    /** Of an intent that was sent before. */
    undo: { of: string }
  }
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
    /** Their other conversations in this person's reach, the newest words first; 20 at most. */
    others: {
      id: string
      channel: Channel
      status: ConversationState
      preview: string
      lastMessageAt: string | null
    }[]
    /** The others are of what is on this device alone; that there are none nobody knows then. */
    isPartial: boolean
    /** Of other teams than this person's they may have had more, of which nothing is known here. */
    isOfTeams: boolean
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

const conversation = z.object({ conversationId: id })
interface Intended {
  intentId: string
}

/** Those that give an intent are kept and sent when the server is back. */
export const conversationMethods = engineMethods({
  /** Null where this person may not see it (any more). */
  'conversation.get': takes(conversation).shows<ConversationView | null>(),
  'conversation.claim': takes(conversation).gives<Intended>(),
  /** Claims the queue's next one; needs the server. */
  'conversation.claimNext': takes(z.object({ teamId: id.nullable() })).gives<{
    conversationId: string | null
  }>(),
  'conversation.assign': takes(conversation.extend({ userId: id })).gives<Intended>(),
  'conversation.transfer': takes(transferInput.omit({ intentId: true })).gives<Intended>(),
  'conversation.release': takes(conversation).gives<Intended>(),
  'conversation.takeOver': takes(conversation).gives<Intended>(),
  'conversation.close': takes(
    conversation.extend({ reason: z.enum(CLOSE_REASONS) }),
  ).gives<Intended>(),
  'conversation.reopen': takes(conversation).gives<Intended>(),
  /**
   * Undoes what closed, released, transferred or assigned it: as if it had never been, where the server cannot have heard
   * of it; else by the server, unless somebody was faster.
   */
  'conversation.undo': takes(conversation.extend({ of: id })).gives<null>(),
  'conversation.setPriority': takes(
    conversation.extend({ priority: z.enum(PRIORITIES) }),
  ).gives<Intended>(),
})
