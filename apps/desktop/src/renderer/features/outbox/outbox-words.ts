import type { OutboxKind, OutboxView, PersonView } from '@parley/contracts'

import { type Words, errorWords, nameIn, timeIn } from '../../bridge/error-words.ts'
import { type MessageId, type Translate } from '../../i18n/translate.ts'

const TITLES = {
  reply: 'outbox.reply',
  retry: 'outbox.retry',
  settle: 'outbox.settle',
  claim: 'outbox.claim',
  assign: 'outbox.assign',
  transfer: 'outbox.transfer',
  release: 'outbox.release',
  take_over: 'outbox.takeOver',
  close: 'outbox.close',
  reopen: 'outbox.reopen',
  set_priority: 'outbox.setPriority',
  acknowledge: 'outbox.acknowledge',
} as const satisfies Record<OutboxKind, MessageId>

/** Respuesta a Lucía Barrientos */
export function outboxTitle(intent: OutboxView, t: Translate): string {
  return t(TITLES[intent.kind], { name: intent.customerName })
}

const REFUSED = {
  reply: 'refused.reply',
  retry: 'refused.retry',
  settle: 'refused.settle',
  claim: 'refused.claim',
  assign: 'refused.assign',
  transfer: 'refused.transfer',
  release: 'refused.release',
  take_over: 'refused.takeOver',
  close: 'refused.close',
  reopen: 'refused.reopen',
  set_priority: 'refused.setPriority',
  acknowledge: 'refused.acknowledge',
} as const satisfies Record<OutboxKind, MessageId>

/** Why the server refused it, and that nothing is lost. */
export function refusalWords(
  intent: OutboxView,
  t: Translate,
  people: ReadonlyMap<string, PersonView>,
): Words {
  const title = t(REFUSED[intent.kind])
  const error = intent.refusal
  if (error === null) return { title, detail: '' }
  if (error.code === 'reply_outdated') {
    const who = nameIn(error, 'by', people) ?? t('person.somebody')
    return { title, detail: t('refused.outdated', { who, at: timeIn(error, 'at') ?? '' }) }
  }
  const words = errorWords(error, t, people)
  // A conflict's own sentence says all: who did what and when.
  return error.code === 'conflict' && intent.kind === 'claim'
    ? words
    : { title, detail: `${words.title} ${words.detail}` }
}
