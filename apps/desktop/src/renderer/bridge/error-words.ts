import type { AppError, ErrorCode, PersonView } from '@parley/contracts'

import { clockTime } from '../i18n/moments.ts'
import { type MessageId, type Translate } from '../i18n/translate.ts'

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
  too_many_attempts: { title: 'error.too_many_attempts', detail: 'error.too_many_attempts.detail' },
  forbidden: { title: 'error.forbidden', detail: 'error.forbidden.detail' },
  not_found: { title: 'error.not_found', detail: 'error.not_found.detail' },
  invalid_input: { title: 'error.invalid_input', detail: 'error.invalid_input.detail' },
  conflict: { title: 'error.conflict', detail: 'error.conflict.detail' },
  refused_transition: {
    title: 'error.refused_transition',
    detail: 'error.refused_transition.detail',
  },
  reply_outdated: { title: 'error.reply_outdated', detail: 'error.reply_outdated.detail' },
  window_closed: { title: 'error.window_closed', detail: 'error.window_closed.detail' },
  not_assignable: { title: 'error.not_assignable', detail: 'error.not_assignable.detail' },
  protocol_mismatch: { title: 'error.protocol_mismatch', detail: 'error.protocol_mismatch.detail' },
  server_unreachable: {
    title: 'error.server_unreachable',
    detail: 'error.server_unreachable.detail',
  },
  internal: { title: 'error.internal', detail: 'error.internal.detail' },
} as const satisfies Record<ErrorCode, { title: MessageId; detail: MessageId }>

/** An expected failure in the person's words, with names and times where the error carries them. */
export function errorWords(error: AppError, t: Translate, people: People): Words {
  const { title, detail } = ERROR_WORDS[error.code]
  const values = {
    who: nameIn(error, 'by', people) ?? nameIn(error, 'userId', people) ?? t('person.somebody'),
    at: timeIn(error, 'at') ?? timeIn(error, 'endedAt') ?? '',
    what: fill(t, conflictAction(error), {}),
    minutes: Math.max(1, Math.ceil(Number(error.details['retryAfterMs'] ?? 0) / 60_000)),
  }
  if (error.code === 'conflict' && values.at === '')
    return { title: t(unnamedConflict(error)), detail: fill(t, detail, values) }
  const code = error.requestId ? ` (${error.requestId.slice(0, 8)})` : ''
  return {
    title: fill(t, title, values),
    detail: fill(t, detail, values) + (error.code === 'internal' ? code : ''),
  }
}

// The words that have no place for a value simply leave it out.
const fill = (t: Translate, id: MessageId, values: Record<string, string | number>) =>
  (t as (id: MessageId, values: Record<string, string | number>) => string)(id, values)

/** Conflicts that nobody in particular has caused. */
function unnamedConflict(error: AppError) {
  if (error.details['action'] === 'already_open') return 'error.conflict.alreadyOpen'
  if (error.details['action'] === 'message_not_failed') return 'error.conflict.messageMoved'
  if (conflictAction(error) === 'conflict.savedSettings') return 'error.conflict.savedSettings'
  return 'error.conflict.unnamed'
}

const CONFLICT_ACTIONS: Record<string, MessageId> = {
  claim: 'conflict.claimed',
  claimed: 'conflict.claimed',
  'conversation.assigned': 'conflict.assigned',
  assign: 'conflict.assigned',
  transfer: 'conflict.transferred',
  'conversation.transferred': 'conflict.transferred',
  release: 'conflict.released',
  'conversation.unassigned': 'conflict.released',
  take_over: 'conflict.tookOver',
  close: 'conflict.closed',
  'conversation.closed': 'conflict.closed',
  reopen: 'conflict.reopened',
  'conversation.reopened': 'conflict.reopened',
  'team_settings.saved': 'conflict.savedSettings',
  'sla.saved': 'conflict.savedSettings',
  'business_hours.saved': 'conflict.savedSettings',
}

function conflictAction(error: AppError): MessageId {
  const { action, by, assignedTo } = error.details
  // Who assigned it to themselves claimed it.
  if (action === 'conversation.assigned' && typeof by === 'string' && by === assignedTo)
    return 'conflict.claimed'
  return (typeof action === 'string' ? CONFLICT_ACTIONS[action] : undefined) ?? 'conflict.changed'
}

export function nameIn(error: AppError, field: string, people: People): string | null {
  const id = error.details[field]
  return typeof id === 'string' ? (people.get(id)?.fullName ?? null) : null
}

export function timeIn(error: AppError, field: string): string | null {
  const at = error.details[field]
  return typeof at === 'string' && !Number.isNaN(Date.parse(at)) ? clockTime(Date.parse(at)) : null
}
