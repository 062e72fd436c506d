import type { EventRow } from '@parley/contracts'
import type { ConversationEventType } from '@parley/domain'
import { type LucideIcon } from 'lucide-react'
import { type ReactNode } from 'react'

import { type All } from '../../contributions/contributed.ts'
import { derived } from '../../contributions/registry.ts'
import { type MessageId, type Translate, type Values } from '../../i18n/translate.ts'

/** What happened to a conversation, and who reads of it. */
export interface EventContext {
  event: EventRow
  t: Translate
  myId: string
  /** Names of people and teams by id, as far as the cache knows them. */
  nameOf: (id: string) => string
}

/** A sentence for the centred line: a message and what fills it. */
export interface EventSentence {
  id: MessageId
  values: Values
}

export interface EventWords {
  icon: LucideIcon
  /** In one sentence that names people. */
  sentence: (context: EventContext) => EventSentence
}

/** Why it happened: the words that open it, and what they open. */
export interface EventReason {
  opener: string
  reason: ReactNode
}

export type EventsByType = Readonly<Record<string, EventWords>>
export type ReasonsByType = Readonly<Record<string, (context: EventContext) => EventReason | null>>

/** Some feature has words for each of the lifecycle's events; the compiler names those that have none. */
type Wordless = Exclude<ConversationEventType, keyof All<'events'>>

const wordsByType = derived((contributions): [Wordless] extends [never] ? EventsByType : Wordless =>
  Object.assign({}, ...contributions.map(({ events }) => events)),
)

/** Null: the event is a newer server's. */
export const eventWords = (type: string): EventWords | null => wordsByType()[type] ?? null

const reasonsByType = derived((contributions): ReasonsByType =>
  Object.assign({}, ...contributions.map(({ eventReasons }) => eventReasons)),
)

export function reasonOf(context: EventContext): EventReason | null {
  return reasonsByType()[context.event.type]?.(context) ?? null
}

/** Who did it, and whether that is the reader; nobody in particular: null. */
export function actorOf({ event: { actorId }, myId, nameOf }: EventContext): {
  who: string | null
  byMe: boolean
} {
  return { who: actorId === null ? null : nameOf(actorId), byMe: actorId === myId }
}
