import type { QueueEntry, QueueWait } from '@parley/contracts'

import { duration, minutesAndSeconds } from '../../i18n/moments.ts'
import { when } from '../../i18n/phrases.ts'
import { type Translate } from '../../i18n/translate.ts'
import { skillWords } from '../../ui/skill-words.ts'

/** What keeps it in the queue, in a few words. */
export function waitWords(
  wait: QueueWait,
  t: Translate,
  nameOf: (userId: string) => string,
  now: number,
): string {
  switch (wait.kind) {
    case 'skill': {
      const values = { skill: skillWords(wait.skill, t), level: wait.level }
      return wait.relaxesAt === null
        ? t('wait.skill', values)
        : t('wait.skillUntil', { ...values, at: when(Date.parse(wait.relaxesAt), t, now) })
    }
    case 'offer': {
      const seconds = Math.max(0, Math.ceil((Date.parse(wait.expiresAt) - now) / 1000))
      return t('wait.offer', { name: firstName(nameOf(wait.userId)), seconds })
    }
    case 'nothing':
    case 'presence':
    case 'capacity':
    case 'declined':
    case 'pull':
      return t(`wait.${wait.kind}`)
  }
}

/** How long it has waited: by the second under ten minutes, as the clocks do. */
export function waitedWords(entry: Pick<QueueEntry, 'queuedAt'>, now: number): string {
  const waitedMs = now - Date.parse(entry.queuedAt)
  return waitedMs < 10 * 60_000 ? minutesAndSeconds(waitedMs) : duration(waitedMs)
}

/** About 4 min; under a minute it is that. */
export function expectedWords(seconds: number | null, t: Translate): string {
  if (seconds === null) return t('watch.noPace')
  return seconds < 60 ? t('watch.underMinute') : duration(seconds * 1000)
}

const firstName = (name: string) => name.split(' ')[0] ?? name
