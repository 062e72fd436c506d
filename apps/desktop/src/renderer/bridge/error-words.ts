import type { AppError, ErrorCode, PersonView } from '@parley/contracts'

import { type RefusalWords } from '../contributions/contribution.ts'
import { derived } from '../contributions/registry.ts'
import { when } from '../i18n/phrases.ts'
import { type MessageId, type Translate, fill } from '../i18n/translate.ts'

/** What happened, and then what is safe and what to do. */
export interface Words {
  title: string
  detail: string
}

type People = ReadonlyMap<string, Pick<PersonView, 'fullName'>>

/** Every code has its words; the compiler sees to it. */
export const ERROR_WORDS = {
  unauthenticated: { title: 'error.unauthenticated', detail: 'error.unauthenticated.detail' },
  session_ended: { title: 'error.session_ended', detail: 'error.session_ended.detail' },
  second_factor_required: {
    title: 'error.second_factor_required',
    detail: 'error.second_factor_required.detail',
  },
  wrong_password: { title: 'error.wrong_password', detail: 'error.wrong_password.detail' },
  wrong_code: { title: 'error.wrong_code', detail: 'error.wrong_code.detail' },
  weak_password: { title: 'error.weak_password', detail: 'error.weak_password.detail' },
  link_over: { title: 'error.link_over', detail: 'error.link_over.detail' },
  taken: { title: 'error.taken', detail: 'error.taken.detail' },
  too_many_attempts: { title: 'error.too_many_attempts', detail: 'error.too_many_attempts.detail' },
  forbidden: { title: 'error.forbidden', detail: 'error.forbidden.detail' },
  not_found: { title: 'error.not_found', detail: 'error.not_found.detail' },
  invalid_input: { title: 'error.invalid_input', detail: 'error.invalid_input.detail' },
  conflict: { title: 'error.conflict.unnamed', detail: 'error.conflict.detail' },
  required: { title: 'error.required', detail: 'error.required.detail' },
  refused_transition: {
    title: 'error.refused_transition',
    detail: 'error.refused_transition.detail',
  },
  reply_outdated: { title: 'error.reply_outdated', detail: 'error.reply_outdated.detail' },
  window_closed: { title: 'error.window_closed', detail: 'error.window_closed.detail' },
  sign_on_required: { title: 'error.sign_on_required', detail: 'error.sign_on_required.detail' },
  sign_on_failed: { title: 'error.sign_on_failed', detail: 'error.sign_on_failed.detail' },
  break_glass: { title: 'error.break_glass', detail: 'error.break_glass.detail' },
  last_admin: { title: 'error.last_admin', detail: 'error.last_admin.detail' },
  managed_elsewhere: { title: 'error.managed_elsewhere', detail: 'error.managed_elsewhere.detail' },
  not_assignable: { title: 'error.not_assignable', detail: 'error.not_assignable.detail' },
  protocol_mismatch: { title: 'error.protocol_mismatch', detail: 'error.protocol_mismatch.detail' },
  try_later: { title: 'error.try_later', detail: 'error.try_later.detail' },
  server_unreachable: {
    title: 'error.server_unreachable',
    detail: 'error.server_unreachable.detail',
  },
  not_understood: { title: 'error.not_understood', detail: 'error.not_understood.detail' },
  insecure_server: { title: 'error.insecure_server', detail: 'error.insecure_server.detail' },
  not_kept: { title: 'error.not_kept', detail: 'error.not_kept.detail' },
  internal: { title: 'error.internal', detail: 'error.internal.detail' },
} as const satisfies Record<ErrorCode, { title: MessageId; detail: MessageId }>

/** Settings that somebody else saved in between. */
export const SAVED_MEANWHILE: RefusalWords = {
  did: 'conflict.savedSettings',
  title: 'error.conflict.savedSettings',
  detail: 'error.conflict.choose',
}

/** An expected failure in the person's words, with names and times where the error carries them. */
export function errorWords(error: AppError, t: Translate, people: People): Words {
  const words = { ...ERROR_WORDS[error.code], ...ownWords(error) }
  const atMs = timeIn(error, 'at') ?? timeIn(error, 'endedAt')
  const at = atMs === null ? '' : when(atMs, t)
  const values = {
    at,
    who: nameIn(error, 'by', people) ?? nameIn(error, 'userId', people) ?? t('person.somebody'),
    what: fill(t, words.did ?? 'conflict.changed', {
      version: Number(error.details['version'] ?? 0),
    }),
    problem: textIn(error, 'problem'),
    of: textIn(error, 'what'),
    reason: textIn(error, 'reason'),
    name: textIn(error, 'name'),
    minLength: Number(error.details['minLength'] ?? 0),
    minutes: Math.max(1, Math.ceil(Number(error.details['retryAfterMs'] ?? 0) / 60_000)),
  }
  // Where it is known who was faster, and when, that is what to say.
  const title = error.code === 'conflict' && at !== '' ? 'error.conflict' : words.title
  const code = error.requestId ? ` (${error.requestId.slice(0, 8)})` : ''
  return {
    title: fill(t, title, values),
    detail: fill(t, words.detail, values) + (error.code === 'internal' ? code : ''),
  }
}

const wordings = derived((contributions) => contributions.flatMap(({ refusals }) => refusals ?? []))

/** As the feature says it whose refusal it is. */
function ownWords(error: AppError): RefusalWords {
  for (const wording of wordings()) {
    const words = wording(error)
    if (words !== null) return words
  }
  return {}
}

export function nameIn(error: AppError, field: string, people: People): string | null {
  const id = error.details[field]
  return typeof id === 'string' ? (people.get(id)?.fullName ?? null) : null
}

export function timeIn(error: AppError, field: string): number | null {
  const at = error.details[field]
  return typeof at === 'string' && !Number.isNaN(Date.parse(at)) ? Date.parse(at) : null
}

/** A word of the server's that phrases choose by. */
function textIn({ details }: AppError, name: string): string {
  const value = details[name]
  return typeof value === 'string' ? value : ''
}
