import type { IntentKind, OutboxView, PersonView } from '@parley/contracts'
import { type LucideIcon } from 'lucide-react'

import { type Words, errorWords, nameIn, timeIn } from '../../bridge/error-words.ts'
import { type All } from '../../contributions/contributed.ts'
import { derived } from '../../contributions/registry.ts'
import { when } from '../../i18n/phrases.ts'
import { type MessageId, type Translate, fill } from '../../i18n/translate.ts'

/** A kind of intent, for the eye. */
export interface OutboxWords {
  icon: LucideIcon
  /** Of whom: `{name}`. */
  title: MessageId
  /** What did not happen. */
  refused: MessageId
  /** A conflict's own sentence says all: who did what and when. */
  conflictSaysAll?: true
}

export type OutboxWordsByKind = { readonly [Kind in IntentKind]?: OutboxWords }

/** Some feature has words for every kind; the compiler sees to it. */
type WordedKind = keyof All<'outbox'>

const wordsByKind = derived((contributions): Record<WordedKind, OutboxWords> =>
  Object.assign({}, ...contributions.map(({ outbox }) => outbox)),
)

export const outboxWords = (kind: WordedKind): OutboxWords => wordsByKind()[kind]

/** Respuesta a Lucía Barrientos */
export function outboxTitle({ kind, customerName }: OutboxView, t: Translate): string {
  return fill(t, outboxWords(kind).title, { name: customerName })
}

/** Why the server refused it, and that nothing is lost. */
export function refusalWords(
  { kind, refusal }: OutboxView,
  t: Translate,
  people: ReadonlyMap<string, PersonView>,
): Words {
  const { refused, conflictSaysAll } = outboxWords(kind)
  const title = t(refused)
  if (refusal === null) return { title, detail: '' }
  if (refusal.code === 'reply_outdated') {
    const who = nameIn(refusal, 'by', people) ?? t('person.somebody')
    const at = timeIn(refusal, 'at')
    return { title, detail: t('refused.outdated', { who, at: at === null ? '' : when(at, t) }) }
  }
  const words = errorWords(refusal, t, people)
  // Somebody else's now: what one wrote for it is still one's own.
  if (refusal.code === 'conflict' && kind === 'reply')
    return { title, detail: `${words.title} ${t('refused.wordsKept')}` }
  return refusal.code === 'conflict' && conflictSaysAll
    ? words
    : { title, detail: `${words.title} ${words.detail}` }
}
