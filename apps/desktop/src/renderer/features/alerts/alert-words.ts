import type { AlertView } from '@parley/contracts'

import { duration, minutesAndSeconds } from '../../i18n/moments.ts'
import { ago } from '../../i18n/phrases.ts'
import { type Translate } from '../../i18n/translate.ts'
import { loadText } from '../../ui/load-text.ts'
import { contentWords } from '../../ui/content-words.ts'

/** Escalación: Héctor Quintanilla. A conversation that is not here (yet) has no name. */
export function alertLabel(alert: AlertView, t: Translate): string {
  return t(`alert.label.${alert.kind}`, { name: titleOf(alert, t) })
}

export function titleOf({ title }: AlertView, t: Translate): string {
  return title === '' ? t('alert.unknown') : title
}

/** What the band says at its end: until it rises, or how long it has been overdue. */
export function bandWords(
  alert: AlertView,
  length: 'long' | 'short',
  t: Translate,
  now: number,
): string {
  if (alert.kind !== 'escalation') {
    return ago(Date.parse(alert.dueAt), t, now)
  }
  if (alert.risesAt === null) return t('alert.atTheTop')
  const leftMs = Date.parse(alert.risesAt) - now
  const to = (alert.level ?? 1) >= 2 ? 'admins' : 'supervisors'
  if (leftMs <= 0) return t('alert.rising')
  const id =
    length === 'long' ? (`alert.risesTo.${to}` as const) : (`alert.risesShort.${to}` as const)
  return t(id, { time: minutesAndSeconds(leftMs) })
}

/** The customer's newest words, or the name of what they sent. */
export function wordsOf({ preview }: AlertView, t: Translate): string | null {
  if (preview === null) return null
  return preview.text === ''
    ? t(contentWords(preview.contentType).name as 'content.image')
    : t('quoted', { text: preview.text })
}

export interface Fact {
  name: 'team' | 'waits' | 'owner' | 'clock'
  words: string
}

/** What a person decides by. What is not known is left out. */
export function factsOf(
  alert: AlertView,
  { t, teamName, now }: { t: Translate; teamName: string | null; now: number },
): Fact[] {
  const target = alert.targetSeconds === null ? null : duration(alert.targetSeconds * 1000)
  const facts: (Fact | null)[] = [
    teamName === null
      ? null
      : {
          name: 'team',
          words:
            alert.priority === null || alert.priority === 'normal'
              ? teamName
              : t('alert.teamAnd', {
                  team: teamName,
                  priority: t(`priority.${alert.priority}`).toLowerCase(),
                }),
        },
    alert.kind === 'escalation'
      ? null
      : {
          name: 'clock',
          words:
            target === null
              ? t(`clockName.${alert.clock}`)
              : t('alert.clockTarget', { clock: t(`clockName.${alert.clock}`), target }),
        },
    alert.waitingSince === null
      ? null
      : { name: 'waits', words: waitsWords(alert.waitingSince, target, { t, now, alert }) },
    { name: 'owner', words: ownerWords(alert, t) },
  ]
  return facts.filter((fact) => fact !== null)
}

function waitsWords(
  since: string,
  target: string | null,
  { t, now, alert }: { t: Translate; now: number; alert: AlertView },
): string {
  const time = duration(now - Date.parse(since))
  // A breach has its target beside its clock.
  return target === null || alert.kind !== 'escalation' ? time : t('alert.waits', { time, target })
}

function ownerWords({ assignedTo, assigneeName, assigneeLoad }: AlertView, t: Translate): string {
  if (assignedTo === null) return t('alert.nobody')
  const name = assigneeName ?? t('person.somebody')
  if (assigneeLoad === null) return name
  return t('alert.ownerLoad', { name, load: loadText(assigneeLoad.load, assigneeLoad.capacity) })
}

/** How one that is over ended: acusó Rodrigo Ceja. */
export function endWords({ endReason, acknowledgedByName }: AlertView, t: Translate): string {
  if (endReason === 'acknowledged') {
    return acknowledgedByName === null
      ? t('alert.end.acknowledged')
      : t('alert.end.acknowledgedBy', { name: acknowledgedByName })
  }
  return t(`alert.end.${endReason ?? 'resolved'}`)
}
