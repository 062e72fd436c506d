import type { SlaClockRow, UiLanguage } from '@parley/contracts'
import { Hourglass } from 'lucide-react'

import { duration, exactMoment, timeOrDate } from '../i18n/moments.ts'
import { type Translate } from '../i18n/translate.ts'
import { useLanguage, useTranslate } from '../i18n/use-translate.tsx'
import { classNames } from './class-names.ts'
import styles from './clock.module.css'
import { dueClockState, needsSeconds } from './due-clock-state.ts'
import { OnlyRead } from './only-read.tsx'
import { SlaShape } from './sla-shape.tsx'
import { useNow } from './use-now.ts'

/** A service-level clock: shape, words, and only then colour. Beats by the second only where that shows. */
export function DueClock({ clock }: { clock: SlaClockRow }) {
  const now = useNow('minute')
  return needsSeconds(clock, now) ? (
    <DueClockBySecond clock={clock} />
  ) : (
    <DueClockFace clock={clock} now={now} />
  )
}

function DueClockBySecond({ clock }: { clock: SlaClockRow }) {
  return <DueClockFace clock={clock} now={useNow('second')} />
}

function DueClockFace({ clock, now }: { clock: SlaClockRow; now: number }) {
  const t = useTranslate()
  const language = useLanguage()
  const face = dueClockState(clock, now)
  return (
    <span
      className={classNames(styles.clock, styles[face.state])}
      title={clockTitle(clock, now, t, language)}
      data-clock={clock.name}
      data-clock-state={face.state}
    >
      <SlaShape
        of={face.state}
        fractionGone={face.state === 'on_time' ? face.fractionGone : 0}
        {...(face.state === 'breached' ? { ground: 'var(--danger-fill)' } : {})}
      />
      {face.state === 'paused' ? (
        t('clock.paused')
      ) : (
        <>
          <OnlyRead>{t(`clock.${face.state}`)} </OnlyRead>
          {face.words}
        </>
      )}
    </span>
  )
}

/** What it is, and its instant: Resolución. Vence: 23 nov, 11:28:30 */
function clockTitle(clock: SlaClockRow, now: number, t: Translate, language: UiLanguage): string {
  const name = t(`clockName.${clock.name}`)
  const target = duration(clock.targetSeconds * 1000)
  if (clock.state === 'stopped') return t('clock.stoppedTitle', { name, target })
  return clock.dueAt === null
    ? t('clock.standsTitle', { name, target })
    : t('clock.dueTitle', { name, at: exactMoment(Date.parse(clock.dueAt), now, language) })
}

/** How long the customer has waited: neutral, because nobody has promised a time yet. */
export function WaitClock({ since }: { since: number }) {
  const t = useTranslate()
  const language = useLanguage()
  const now = useNow('minute')
  return (
    <span
      className={classNames(styles.clock, styles.on_time)}
      title={t('clock.waitingSince', { at: exactMoment(since, now, language) })}
    >
      <Hourglass strokeWidth={1.5} absoluteStrokeWidth size={13} aria-hidden="true" />
      <OnlyRead>{t('clock.waiting')} </OnlyRead>
      {duration(now - since)}
    </span>
  )
}

/** When it last moved, where nobody waits. */
export function PlainTime({ at }: { at: number }) {
  const language = useLanguage()
  const now = useNow('minute')
  return (
    <span className={classNames(styles.clock, styles.plain)}>{timeOrDate(at, now, language)}</span>
  )
}
