import {
  type ConversationRow,
  type ENGINE_INPUTS,
  type EngineMethod,
  type EngineOutputs,
  type Intent,
  type IntentKind,
  type FeedItem,
  type RowKind,
  type RowMarks,
  type Topic,
  type UnsentWords,
} from '@parley/contracts'
import { type SearchOperator } from '@parley/domain'
import { type z } from 'zod'

import { type Notice } from './notices.ts'
import { type Guard, type IntentDefinition } from './outbox/intent-definition.ts'
import { type Outbox } from './outbox/outbox.ts'
import { type ServerClient } from './session/server-client.ts'
import { type Applied } from './store/applied.ts'
import { type Cache } from './store/cache.ts'
import { type Arrival, type KeptKind } from './store/kept-kind.ts'
import { type StoredRow } from './store/carry-over.ts'
import { type FeatureSteps } from './store/steps.ts'
import { type Store } from './store/store.ts'

/**
 * A capability's part of the engine: one folder in `features/`, one line in `features.ts`. Everything is optional but
 * the name; what a feature does not say, it does not do. The store, the feed, the outbox and the session know
 * features by this interface alone.
 *
 *     export const notes = { name: 'notes', steps, kinds: [noteKind], handlers } satisfies EngineFeature
 *
 * `satisfies` keeps which kinds, intents and methods it has, so that the compiler can say what nobody has.
 */
export interface EngineFeature extends FeatureSteps {
  /** As its folders are called; under it the cache remembers which of its steps were taken. */
  readonly name: string
  /** Its tables, one numbered step after the other. One that has shipped is never edited. */
  readonly steps?: readonly string[]
  /** The kinds of rows that it keeps; `keptKind` makes most of them in a few lines. */
  readonly kinds?: readonly { [Kind in RowKind]: KeptKind<Kind> }[RowKind][]
  /** What each kind of intent of its own means. */
  readonly intents?: { readonly [Kind in IntentKind]?: IntentDefinition<Kind> }
  /** What has to hold before an intent is accepted, its own or another feature's: `required`, `not_found`, … */
  readonly guards?: { readonly [Kind in IntentKind]?: Guard<Kind> }
  /** What a person wrote or did and no server has: it outlives the cache that it stands in. */
  readonly own?: OwnWords
  /** What it adds to the rows of lists. */
  readonly rowMarks?: { readonly [Mark in keyof RowMarks]?: RowMarker<Mark> }
  /** What it finds and narrows by, by the operator's name: `due:overdue`. */
  readonly operators?: { readonly [Name in SearchOperator]?: Operator }
  /** Answers to what the renderer asks. Made once for an engine, and asked in any state of it. */
  handlers?(engine: EngineCore): Partial<Handlers>
  /** Hears what happens to one person's open cache, from signing in to signing out. */
  listens?(post: ListeningPost): Listener | readonly Listener[]

  // Said by the cache, inside its transactions.

  /** The person's role or teams are others now: what they may not see any more goes. */
  accessChanged?(cache: Cache, applied: Applied): void
  /** A conversation is gone from the cache, with the rows of kinds that say they hang on one. */
  conversationRemoved?(cache: Cache, row: ConversationRow): void
  /** Threads come with these rows. What it answers is done once they are in the cache. */
  comesWhole?(
    cache: Cache,
    conversationIds: ReadonlySet<string>,
    items: readonly FeedItem[],
    arrival: Arrival,
  ): () => void
  /** A transaction ends in which something was written of these conversations: what follows from it is written, too. */
  settle?(cache: Cache, conversationIds: readonly string[]): void
  /** A little of what can wait: some milliseconds' worth. @returns whether there is more of it */
  tidy?(cache: Cache, applied: Applied): boolean
  /** Conversations that it speaks of, and that are to be here, whatever the budget. */
  needs?(cache: Cache): readonly string[]
  /** Topics of its own whose views say something of these conversations, and so have changed with them. */
  speaksOf?(cache: Cache, conversationIds: ReadonlySet<string>): readonly Topic[]
}

/** A table of a person's own words. */
export interface OwnWords {
  readonly table: string
  /** Its rows' order, by an index. */
  readonly order: string
  /** An index that knows how many there are, where the table itself cannot be read. */
  readonly countedBy?: string
  /**
   * For the person.
   * @param read the one column of a statement; null where it says nothing, or cannot be read
   * @throws where the row is none
   */
  view(row: StoredRow, read: (sql: string, parameter: string) => string | null): UnsentWords
  /** Into a cache that may have it already, or another in its place. Inside a transaction. */
  putBack(store: Store, row: StoredRow): void
  /** Where others beside them were lost, or may have been done again elsewhere: nothing leaves by itself then. */
  holdAll?(store: Store): void
}

type Input<Method extends EngineMethod> = z.output<(typeof ENGINE_INPUTS)[Method]>
/** Every method of the contracts. An expected failure is thrown as a Refusal. */
export type Handlers = {
  [Method in EngineMethod]: (
    input: Input<Method>,
  ) => EngineOutputs[Method] | Promise<EngineOutputs[Method]>
}

/** The engine as a feature's handlers find it. */
export interface EngineCore {
  /** The signed-in person's. @throws Refusal `unauthenticated` */
  readonly cache: Cache
  /** @throws Refusal `unauthenticated` */
  readonly outbox: Outbox
  /** Whether the server answers now. */
  readonly isOnline: boolean
  /** By the server's clock, epoch milliseconds. */
  serverNowMs(): number
  /** For what cannot be kept for later. @throws Refusal `server_unreachable`, and whatever the server refuses with */
  ask<Answer>(request: (trpc: ServerClient['trpc']) => Promise<Answer>): Promise<Answer>
  /** The same, where there is nothing to say to the answer. */
  tell(request: (trpc: ServerClient['trpc']) => Promise<unknown>): Promise<null>
  /** Keeps it and sends it when the server is back. @throws Refusal `session_ended`, and whatever a guard says */
  intend(conversationId: string, intent: Intent): { intentId: string }
  /** The same, where the answer brings rows: applied and shown, and no news to the person whose doing it is. */
  take<Answer>(
    request: (trpc: ServerClient['trpc']) => Promise<Answer>,
    itemsOf: (answer: Answer) => readonly FeedItem[],
  ): Promise<Answer>
  /** Something has changed in the cache, here and not by the feed. */
  changed(applied: Applied): void
}

/** What there is to listen with. */
export interface ListeningPost {
  readonly cache: Cache
  /** By the server's clock, epoch milliseconds. */
  serverNowMs(): number
  notice(notice: Notice): void
  /** As a feature's handlers have it; only while the line is there, from `live` until it is lost. */
  readonly take: EngineCore['take']
  /** Who is signed in, or what is shown of them, has changed. */
  sessionChanged(): void
}

export interface Listener {
  /** The person is signed in and the cache is shown to them. Not while their session is over. */
  start?(): void
  /** Rows of a batch or an answer, or something done here, are in the cache. Not for a fresh load: that ends with `live`. */
  applied?(applied: Applied): void
  /** The cache has everything that the server had to say. */
  live?(): void
  /** The line is lost, or the machine is about to sleep. */
  lineLost?(): void
  /** The person signs out, and their cache is about to go: what can still be said is said now. */
  leaving?(): Promise<void>
}

/** A conversation as lists know it, of the columns of `conversations`. */
export interface ListedConversation {
  id: string
  status: ConversationRow['status']
  assigned_to: string | null
  unread: number
  /** JSON. */
  clock: string | null
}

/** A mark for each of the conversations, in their order: for a whole page at once. */
export type RowMarker<Mark extends keyof RowMarks = keyof RowMarks> = (
  cache: Cache,
  conversations: readonly ListedConversation[],
) => readonly RowMarks[Mark][]

/** Which conversations, as SQL over `conversations c`: asked of one after the other. */
export interface Condition {
  sql: string
  parameters: readonly (string | number)[]
  /** The ids of the same, by an index of their own: where they are few they are all there is to look at. */
  among?: { sql: string; parameters: readonly (string | number)[] }
}

/** What `name:value` stands for; null for a value that it does not know. */
export type Operator = (value: string, at: { cache: Cache; nowMs: number }) => Condition | null
