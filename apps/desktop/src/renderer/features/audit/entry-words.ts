import { API_SCOPES, AUDIT_ACTIONS, type ApiScope, type AuditAction } from '@parley/domain'

import { type Directory } from '../../bridge/views.ts'
import { exactMoment, duration, weekdayName } from '../../i18n/moments.ts'
import { type MessageId, type Translate } from '../../i18n/translate.ts'
import { es } from './words.es.ts'

/** Fields by the name that the log has for them, and what they may be, as people say it. */

interface Reading {
  t: Translate
  now: number
  directory: Directory
}

/** What a newer server writes is shown by its name. */
export function actionWords(action: string, t: Translate): string {
  return isAction(action) ? t(`audit.${action}` satisfies MessageId) : action
}

function isAction(action: string): action is AuditAction {
  return (AUDIT_ACTIONS as readonly string[]).includes(action)
}

function isScope(value: string): value is ApiScope {
  return (API_SCOPES as readonly string[]).includes(value)
}

type FieldWord = keyof typeof es & `audit.field.${string}`
export const hasWord = (id: string): id is FieldWord => Object.hasOwn(es, id)

/** Priorities are fields of a policy; skills are called as people called them. */
const PRIORITY_WORDS: Readonly<Record<string, MessageId>> = {
  urgent: 'priority.urgent',
  high: 'priority.high',
  normal: 'priority.normal',
  low: 'priority.low',
}

export function fieldWords(path: readonly string[], t: Translate): string {
  return path
    .map((name) => {
      const id = `audit.field.${name}`
      if (hasWord(id)) return t(id)
      const priority = PRIORITY_WORDS[name]
      return priority === undefined ? name : (t as (id: MessageId) => string)(priority)
    })
    .join(' · ')
}

/** What is one of a few, by the field that it is in. */
const VALUE_WORDS: Readonly<Record<string, Readonly<Record<string, MessageId>>>> = {
  role: {
    agent: 'role.agent',
    team_lead: 'role.team_lead',
    supervisor: 'role.supervisor',
    admin: 'role.admin',
  },
  managedBy: {
    manual: 'audit.value.managedBy.manual',
    scim: 'audit.value.managedBy.scim',
    sso: 'audit.value.managedBy.sso',
  },
  purpose: { invitation: 'audit.value.purpose.invitation', reset: 'audit.value.purpose.reset' },
  secondFactor: {
    code: 'audit.value.secondFactor.code',
    recovery_code: 'audit.value.secondFactor.recovery_code',
  },
  reason: {
    inactive: 'audit.value.reason.inactive',
    password: 'audit.value.reason.password',
    second_factor: 'audit.value.reason.second_factor',
    unknown: 'audit.value.reason.unknown',
    email_unverified: 'audit.value.reason.email_unverified',
    linked_otherwise: 'audit.value.reason.linked_otherwise',
    not_valid: 'audit.value.reason.not_valid',
    other_domain: 'audit.value.reason.other_domain',
    over: 'audit.value.reason.over',
    provider_unavailable: 'audit.value.reason.provider_unavailable',
    refused: 'audit.value.reason.refused',
    sign_on_required: 'audit.value.reason.sign_on_required',
    unknown_person: 'audit.value.reason.unknown_person',
    wrong_verifier: 'audit.value.reason.wrong_verifier',
    address: 'audit.value.reason.address',
    expired: 'audit.value.reason.expired',
    owner: 'audit.value.reason.owner',
    revoked: 'audit.value.reason.revoked',
    scope: 'audit.value.reason.scope',
    break: 'away.break',
    lunch: 'away.lunch',
    meeting: 'away.meeting',
    training: 'away.training',
    idle: 'away.idle',
    asleep: 'away.asleep',
    missed_offers: 'away.missed_offers',
  },
  status: {
    online: 'presence.online',
    busy: 'presence.busy',
    away: 'presence.away',
    offline: 'presence.offline',
  },
  mode: { auto: 'mode.auto', offer: 'mode.offer', pull: 'mode.pull' },
  strategy: {
    best_skilled: 'strategy.best_skilled',
    least_loaded: 'strategy.least_loaded',
    longest_idle: 'strategy.longest_idle',
    round_robin: 'strategy.round_robin',
  },
  outOfHours: {
    auto_reply: 'outOfHours.auto_reply',
    queue: 'outOfHours.queue',
    team: 'outOfHours.team',
  },
  warnLeads: { always: 'goals.warnLeads.always', unattended: 'goals.warnLeads.unattended' },
  steps: {
    built_in: 'triage.step.built_in',
    model: 'triage.step.model',
    rules: 'triage.step.rules',
  },
  priorities: PRIORITY_WORDS,
  actorKind: {
    anonymous: 'audit.actor.anonymous',
    api_key: 'audit.actor.api_key',
    command_line: 'audit.actor.command_line',
    scim: 'audit.actor.scim',
    system: 'audit.actor.system',
  },
}
const SAME_AS: Readonly<Record<string, string>> = {
  secondFactorRoles: 'role',
  defaultRole: 'role',
  given: 'role',
}

/** A value as people say it: who an id is of, a time in this device's zone, yes and no, how long. */
export function valueWords(field: string, value: unknown, reading: Reading): string {
  const { t } = reading
  if (value === null || value === undefined || value === '') return t('audit.nothing')
  if (typeof value === 'boolean') return t(value ? 'audit.yes' : 'audit.no')
  if (typeof value === 'number') return numberWords(field, value, t)
  if (typeof value === 'string') return stringWords(field, value, reading)
  if (Array.isArray(value)) {
    if (value.length === 0) return t('audit.nothing')
    return value.map((one) => valueWords(field, one, reading)).join('\n')
  }
  return Object.entries(value)
    .map(([name, one]) => `${fieldWords([name], t)}: ${valueWords(name, one, reading)}`)
    .join(' · ')
}

function stringWords(field: string, value: string, { t, now, directory }: Reading): string {
  const known = VALUE_WORDS[SAME_AS[field] ?? field]?.[value]
  if (known !== undefined) return (t as (id: MessageId) => string)(known)
  if (field === 'scopes' && isScope(value)) return t(`apiKeys.scope.${value}`)
  if (field === 'actions' || field === 'saying') return actionWords(value, t)
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) {
    return exactMoment(Date.parse(value), now, t.language)
  }
  return directory.people.get(value)?.fullName ?? directory.teams.get(value)?.name ?? value
}

const MINUTE_MS = 60_000

function numberWords(field: string, value: number, t: Translate): string {
  if (field === 'dayOfWeek') return weekdayName(value, 'long', t.language)
  if (field.endsWith('Percent')) return `${value} %`
  if (field.endsWith('Ms')) return `${value} ms`
  if (field.endsWith('Minutes')) return duration(value * MINUTE_MS)
  if (!field.endsWith('Seconds')) return String(value)
  return value % 60 === 0 && value > 0 ? duration(value * 1000) : `${value} s`
}
