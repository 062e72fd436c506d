import type { UiLanguage } from '@parley/contracts'
import { whenWords, type AlertKind, type SlaClockName } from '@parley/domain'

import type { Notice } from '../../engine/protocol.ts'
import { oneLine } from '../one-line.ts'
import { followTimeZone } from '../time-zone.ts'
import type { Policy } from '../policy.ts'

/** What alerts are called where the operating system shows them. */

interface Words {
  kind: Record<AlertKind, string>
  clock: Record<SlaClockName, string>
  due(at: string): string
  overdue(at: string): string
  unassigned: string
  storm: Record<
    Notice<'alert_storm'>['alertKind'],
    (count: number, team: string, minutes: number) => string
  >
  missed: { title: string; counts: Record<AlertKind, (count: number) => string> }
  open: string
  takeOver: string
  acknowledge: string
}

const WORDS: Readonly<Record<UiLanguage, Words>> = {
  es: {
    kind: { warning: 'Por vencer', breach: 'Vencida', escalation: 'Escalación' },
    clock: {
      first_response: '1.ª respuesta',
      resolution: 'Resolución',
      escalation: 'Respuesta',
      next_response: 'Siguiente respuesta',
    },
    due: (at) => `vence ${at}`,
    overdue: (at) => `venció ${at}`,
    unassigned: 'sin asignar',
    storm: {
      warning: (count, team, minutes) =>
        `${count} conversaciones${team && ` de ${team}`} vencen en ${minutes} min.`,
      breach: (count, team, minutes) =>
        `${count} conversaciones${team && ` de ${team}`} vencieron en ${minutes} min.`,
    },
    missed: {
      title: 'Mientras no había conexión',
      counts: {
        escalation: (count) => (count === 1 ? '1 escalación' : `${count} escalaciones`),
        breach: (count) => (count === 1 ? '1 vencida' : `${count} vencidas`),
        warning: (count) => `${count} por vencer`,
      },
    },
    open: 'Abrir',
    takeOver: 'Tomar',
    acknowledge: 'Acusar recibo',
  },
  en: {
    kind: { warning: 'Due soon', breach: 'Overdue', escalation: 'Escalation' },
    clock: {
      first_response: 'First response',
      resolution: 'Resolution',
      escalation: 'Response',
      next_response: 'Next response',
    },
    due: (at) => `due ${at}`,
    overdue: (at) => `was due ${at}`,
    unassigned: 'unassigned',
    storm: {
      warning: (count, team, minutes) =>
        `${count} conversations${team && ` of ${team}`} are due within ${minutes} min.`,
      breach: (count, team, minutes) =>
        `${count} conversations${team && ` of ${team}`} fell overdue within ${minutes} min.`,
    },
    missed: {
      title: 'While there was no connection',
      counts: {
        escalation: (count) => (count === 1 ? '1 escalation' : `${count} escalations`),
        breach: (count) => `${count} overdue`,
        warning: (count) => `${count} due soon`,
      },
    },
    open: 'Open',
    takeOver: 'Take over',
    acknowledge: 'Acknowledge',
  },
}

export interface NotificationText {
  title: string
  body: string
}

/**
 * By the policy: `none` says neither who waits nor who has it, `name` no word of the customer's. The instant
 * is said as such, for a notification stands longer than a countdown in it would be true.
 */
export function textOfAlert(
  notice: Notice<'alert'>,
  content: Policy['notificationContent'],
  language: UiLanguage,
): NotificationText {
  const words = WORDS[language]
  const kind = words.kind[notice.alertKind]
  followTimeZone()
  // With the day where it is another one: a promise in business time may reach over a weekend.
  const at = whenWords({ at: notice.dueAtMs, now: Date.now(), language })
  const when = `${words.clock[notice.clock]}: ${notice.isOverdue ? words.overdue(at) : words.due(at)}.`
  const team = oneLine(notice.teamName)
  if (content === 'none') return { title: kind, body: join([when, sentence([team])]) }
  const name = oneLine(notice.customerName)
  const assignee = oneLine(notice.assigneeName ?? '') || words.unassigned
  const said = content === 'full' && notice.text !== null ? oneLine(notice.text) : ''
  return {
    title: name === '' ? kind : `${kind}: ${name}`,
    body: join([when, sentence([team, assignee]), said]),
  }
}

export function textOfStorm(
  { alertKind, count, teamName, minutes }: Notice<'alert_storm'>,
  language: UiLanguage,
): NotificationText {
  return {
    title: 'Parley',
    body: WORDS[language].storm[alertKind](count, oneLine(teamName), minutes),
  }
}

export function textOfMissed(
  { escalations, breaches, warnings }: Notice<'alerts_missed'>,
  language: UiLanguage,
): NotificationText {
  const { title, counts } = WORDS[language].missed
  const said = [
    escalations > 0 ? counts.escalation(escalations) : '',
    breaches > 0 ? counts.breach(breaches) : '',
    warnings > 0 ? counts.warning(warnings) : '',
  ]
  return { title, body: sentence(said) }
}

export function buttonWords(
  language: UiLanguage,
): Pick<Words, 'open' | 'takeOver' | 'acknowledge'> {
  return WORDS[language]
}

function sentence(parts: readonly string[]): string {
  const said = parts.filter((part) => part !== '').join(', ')
  return said === '' ? '' : `${said}.`
}

function join(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ')
}
