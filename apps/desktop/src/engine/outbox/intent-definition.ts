import {
  type AppError,
  type ConversationRow,
  type Intent,
  type IntentKind,
  type FeedItem,
  type Topic,
} from '@parley/contracts'

import { type ServerClient } from '../session/server-client.ts'
import { type Cache } from '../store/cache.ts'

/**
 * `in_turn`: what it does depends on what was done before it. It waits for whatever of its conversation was made before
 * and has not been carried out, also for what was refused, until the person has decided about that.
 * `as_made`: it leaves in the order made, but a refusal, its own or of what came before, holds nothing up.
 * `any`: it neither waits for others nor do they wait for it.
 */
export type IntentOrder = 'in_turn' | 'as_made' | 'any'

/** What a kind of intent means: here, at the server, and when the server refuses it. */
export interface IntentDefinition<Kind extends IntentKind = IntentKind> {
  /** The procedure behind it. Answers the rows as they stand afterwards, so that nobody waits for the feed. */
  carryOut(
    trpc: ServerClient['trpc'],
    intent: Intent<Kind>,
    ids: { intentId: string; conversationId: string },
  ): Promise<FeedItem[]>
  /** The conversation as its person sees it until the server has answered. Default: as the server has it. */
  shown?(
    row: ConversationRow,
    intent: Intent<Kind>,
    by: { myId: string; at: string },
  ): ConversationRow
  /** What else shows at once, and how that is taken back. Both inside the cache's transaction. */
  takeEffect?(cache: Cache, intent: Intent<Kind>, at: string): void
  undo?(cache: Cache, intent: Intent<Kind>): void
  /** What it touches beside its conversation and the outbox. */
  topics?: readonly Topic[]
  /** Its own words, where there are any. */
  text?(intent: Intent<Kind>): string
  /** A refusal that says no more than that there is nothing to do any more. */
  isDone?(refusal: AppError): boolean
  /** How it stands to the other intents of its conversation. Default: `in_turn`. */
  order?: IntentOrder
  /** As it is sent again after the person has read why it was refused. Default: the same. */
  again?(intent: Intent<Kind>, refusal: AppError | null): Intent<Kind>
}

/** Whether an intent can be accepted now; if not, why. Asked before it is kept. */
export type Guard<Kind extends IntentKind = IntentKind> = (
  cache: Cache,
  conversationId: string,
  intent: Intent<Kind>,
) => AppError | null
