import type { BusinessCalendar, Priority } from '@parley/domain'
import { useState } from 'react'

import { useServerRead } from '../../bridge/use-server-read.ts'
import { weekdayName, zonedMoment } from '../../i18n/moments.ts'
import { type Translate } from '../../i18n/translate.ts'
import { useLanguage, useTranslate } from '../../i18n/use-translate.tsx'
import { classNames } from '../../ui/class-names.ts'
import fields from '../../ui/field.module.css'
import { Group, Note } from '../../ui/form/panel.tsx'
import { Select } from '../../ui/form/fields.tsx'
import { readTimeOfDay } from '../../ui/time-of-day.ts'
import { TimeInput } from '../../ui/time-input.tsx'
import { useNow } from '../../ui/use-now.ts'
import { writeDuration } from './duration-text.ts'
import { PRIORITIES_SHOWN } from './goals-draft.ts'
import { type HoursDraft, WEEKDAYS } from './hours-draft.ts'
import styles from './hours-meaning.module.css'
import { WeekPicture } from './week-picture.tsx'
import { dueOf, nextMoment, nextTurn } from './what-if.ts'

/** What the hours as they stand in the form mean, computed as the server would. Nothing of it is saved. */
export function HoursMeaning({
  teamId,
  draft,
  calendar,
}: {
  teamId: string
  draft: HoursDraft
  /** Null while anything in the form is wrong. */
  calendar: BusinessCalendar | null
}) {
  const t = useTranslate()
  return (
    <aside className={styles.meaning} aria-label={t('hours.meaning')}>
      <Group heading={t('hours.meaning')}>
        {calendar === null ? (
          <Note>{t('hours.unusable')}</Note>
        ) : (
          <>
            <WeekPicture calendar={calendar} holidays={draft.holidays} />
            <NextTurnLine calendar={calendar} />
            <WhatIf teamId={teamId} calendar={calendar} />
          </>
        )}
      </Group>
    </aside>
  )
}

function NextTurnLine({ calendar }: { calendar: BusinessCalendar }) {
  const t = useTranslate()
  const language = useLanguage()
  const now = useNow('minute')
  const turn = nextTurn(calendar, now)
  return (
    <p className={styles.line} data-next-turn={turn.kind}>
      {turn.kind === 'always' || turn.kind === 'never'
        ? t(`hours.turn.${turn.kind}`)
        : t(`hours.turn.${turn.kind}`, {
            at: zonedMoment(turn.atMs, now, calendar.timeZone, language),
          })}
    </p>
  )
}

const FRIDAY = 4

/** A message of a day and a time: when its first response would be due. */
function WhatIf({ teamId, calendar }: { teamId: string; calendar: BusinessCalendar }) {
  const t = useTranslate()
  const language = useLanguage()
  const now = useNow('minute')
  const { value: goals } = useServerRead('sla.settings', { teamId })
  const [day, setDay] = useState(FRIDAY)
  const [typed, setTyped] = useState('17:55')
  const [priority, setPriority] = useState<Priority>('normal')
  const seconds = goals?.settings.policies[priority]?.firstResponseSeconds ?? null
  const time = readTimeOfDay(typed)
  const at = time === null ? null : nextMoment(calendar.timeZone, day, time, now)
  return (
    <div className={styles.whatIf}>
      <h3 className={styles.heading}>{t('whatIf.title')}</h3>
      <div className={styles.choices}>
        <select
          className={fields.input}
          value={day}
          aria-label={t('whatIf.day')}
          onChange={({ target }) => setDay(Number(target.value))}
        >
          {WEEKDAYS.map((one) => (
            <option key={one} value={one}>
              {weekdayName(one, 'long', language)}
            </option>
          ))}
        </select>
        <TimeInput value={typed} aria-label={t('whatIf.time')} onChange={setTyped} />
        <Select
          aria-label={t('triage.priority')}
          value={priority}
          options={PRIORITIES_SHOWN.map((value) => ({ value, label: t(`priority.${value}`) }))}
          onChange={setPriority}
        />
      </div>
      <p className={classNames(styles.line, styles.answer)} data-what-if role="status">
        {answerWords({
          t,
          at,
          seconds,
          isKnown: goals !== undefined,
          due: at === null || seconds === null ? null : dueOf(calendar, at, seconds),
          words: (instant) => zonedMoment(instant, now, calendar.timeZone, language),
        })}
      </p>
    </div>
  )
}

/** «Un mensaje el viernes 17:55 vence el lunes 9:05 (30 min).» */
function answerWords({
  t,
  at,
  seconds,
  isKnown,
  due,
  words,
}: {
  t: Translate
  at: number | null
  seconds: number | null
  isKnown: boolean
  due: number | null
  words: (instant: number) => string
}): string {
  if (at === null) return t('whatIf.noTime')
  if (!isKnown) return t('whatIf.noGoals')
  if (seconds === null) return t('whatIf.nothingPromised')
  const values = { at: words(at), target: writeDuration(seconds) }
  return due === null ? t('whatIf.never', values) : t('whatIf.due', { ...values, due: words(due) })
}
