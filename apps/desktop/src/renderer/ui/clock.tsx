import { Hourglass } from 'lucide-react'
import { type ReactNode } from 'react'

import { duration, exactMoment, timeOrDate } from '../i18n/moments.ts'
import { useLanguage, useTranslate } from '../i18n/use-translate.tsx'
import { classNames } from './class-names.ts'
import styles from './clock.module.css'
import {
  SECONDS_UNDER_MS,
  type ServiceClock,
  dueClockState,
  warningBeginsAt,
} from './due-clock-state.ts'
import { OnlyRead } from './only-read.tsx'
import { useNow } from './use-now.ts'

/** A service-level clock: shape, words, and only then colour. Beats by the second only where seconds show. */
export function DueClock({ clock }: { clock: ServiceClock }) {
  const now = useNow('minute')
  return needsSeconds(clock, now) ? (
    <DueClockBySecond clock={clock} />
  ) : (
    <DueClockFace clock={clock} now={now} />
  )
}

/** While seconds are shown, and in the minute before one of its turning points, so that none comes late. */
function needsSeconds(clock: ServiceClock, now: number): boolean {
  const face = dueClockState(clock, now)
  if (face.state === 'met' || face.state === 'paused' || face.state === 'breached') return false
  const turns = [warningBeginsAt(clock), clock.dueAt - SECONDS_UNDER_MS, clock.dueAt]
  return face.showsSeconds || turns.some((at) => at > now && at - now < 61_000)
}

function DueClockBySecond({ clock }: { clock: ServiceClock }) {
  return <DueClockFace clock={clock} now={useNow('second')} />
}

function DueClockFace({ clock, now }: { clock: ServiceClock; now: number }) {
  const t = useTranslate()
  const language = useLanguage()
  const face = dueClockState(clock, now)
  return (
    <span
      className={classNames(styles.clock, styles[face.state])}
      title={t('clock.dueAt', { at: exactMoment(clock.dueAt, now, language) })}
    >
      {SHAPES[face.state](face.state === 'on_time' ? face.fractionGone : 0)}
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

const QUARTER = 16.34
const SHAPES: Record<
  ReturnType<typeof dueClockState>['state'],
  (fractionGone: number) => ReactNode
> = {
  on_time: (fractionGone) => (
    <svg viewBox="0 0 14 14" aria-hidden="true">
      <circle cx="7" cy="7" r="5.7" fill="none" stroke="currentColor" strokeWidth="1.3" />
      <circle
        cx="7"
        cy="7"
        r="2.6"
        fill="none"
        stroke="currentColor"
        strokeWidth="5.2"
        strokeDasharray={`${(fractionGone * QUARTER).toFixed(2)} ${QUARTER}`}
        transform="rotate(-90 7 7)"
        opacity=".75"
      />
    </svg>
  ),
  warning: () => (
    <svg viewBox="0 0 14 14" aria-hidden="true">
      <path
        d="M7 1.4 13 12.3H1z"
        fill="currentColor"
        stroke="currentColor"
        strokeWidth="1.2"
        strokeLinejoin="round"
      />
      <path
        d="M7 5v3.3M7 10.3v.1"
        stroke="var(--bg-pane)"
        strokeWidth="1.5"
        strokeLinecap="round"
      />
    </svg>
  ),
  breached: () => (
    <svg viewBox="0 0 14 14" aria-hidden="true">
      <path d="M4.3.8h5.4l3.5 3.5v5.4l-3.5 3.5H4.3L.8 9.7V4.3z" fill="currentColor" />
      <path
        d="M7 3.7v3.6M7 10v.1"
        stroke="var(--danger-fill)"
        strokeWidth="1.6"
        strokeLinecap="round"
      />
    </svg>
  ),
  paused: () => (
    <svg viewBox="0 0 14 14" aria-hidden="true">
      <path
        d="M4.8 3.2v7.6M9.2 3.2v7.6"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
        fill="none"
      />
    </svg>
  ),
  met: () => (
    <svg viewBox="0 0 14 14" aria-hidden="true">
      <path
        d="M2.5 7.5 5.5 10.5 11.5 3.8"
        stroke="currentColor"
        strokeWidth="1.7"
        strokeLinecap="round"
        strokeLinejoin="round"
        fill="none"
      />
    </svg>
  ),
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
