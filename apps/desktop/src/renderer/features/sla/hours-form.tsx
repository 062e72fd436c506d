import { Copy, Plus, X } from 'lucide-react'

import { weekdayName } from '../../i18n/moments.ts'
import { useLanguage, useTranslate } from '../../i18n/use-translate.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import fields from '../../ui/field.module.css'
import { Field } from '../../ui/field.tsx'
import { Fields, Group, Note } from '../../ui/form/panel.tsx'
import { Icon } from '../../ui/icon.tsx'
import { TimeInput } from '../../ui/time-input.tsx'
import { TimeZoneInput } from '../../ui/time-zone-input.tsx'
import {
  type HolidayDraft,
  type HoursDraft,
  type HoursProblems,
  WEEKDAYS,
  type WindowDraft,
  withDay,
  withHoliday,
  withMondayOnWeekdays,
  withWindow,
} from './hours-draft.ts'
import styles from './hours-form.module.css'

interface HoursFormProps {
  draft: HoursDraft
  problems: HoursProblems
  isReadOnly: boolean
  onChange: (draft: HoursDraft) => void
}

export function HoursForm({ draft, problems, isReadOnly, onChange }: HoursFormProps) {
  const t = useTranslate()
  const isAlways = draft.days.every((windows) => windows.length === 0)
  const problemOf = (key: string) => {
    const reason = problems.get(key)
    return reason && t(`hours.problem.${reason}`)
  }
  return (
    <Fields isReadOnly={isReadOnly}>
      <Group
        heading={t('hours.week')}
        action={
          <Button
            size="small"
            look="quiet"
            disabled={isReadOnly || draft.days[0]?.length === 0}
            onClick={() => onChange(withMondayOnWeekdays(draft))}
          >
            <Icon of={Copy} size={14} />
            {t('hours.copyMonday')}
          </Button>
        }
      >
        {isAlways && <Note>{t('hours.always')}</Note>}
        {WEEKDAYS.map((day) => (
          <DayRow
            key={day}
            day={day}
            windows={draft.days[day] ?? []}
            problemOf={problemOf}
            onChange={(windows) => onChange(withDay(draft, day, windows))}
            onAdd={() => onChange(withWindow(draft, day))}
          />
        ))}
        <Field
          label={t('hours.timeZone')}
          hint={t('hours.timeZoneHint')}
          problem={problemOf('timeZone')}
        >
          {(ids) => (
            <TimeZoneInput
              {...ids}
              value={draft.timeZone}
              data-field="timeZone"
              onChange={(timeZone) => onChange({ ...draft, timeZone })}
            />
          )}
        </Field>
      </Group>
      <Group
        heading={t('hours.holidays')}
        action={
          <Button size="small" look="quiet" onClick={() => onChange(withHoliday(draft))}>
            <Icon of={Plus} size={14} />
            {t('hours.addHoliday')}
          </Button>
        }
      >
        {draft.holidays.length === 0 && <Note>{t('hours.noHolidays')}</Note>}
        <ul>
          {draft.holidays.map((holiday) => (
            <HolidayRow
              key={holiday.key}
              holiday={holiday}
              problem={problemOf(holiday.key)}
              onChange={(next) =>
                onChange({
                  ...draft,
                  holidays: draft.holidays.map((one) => (one === holiday ? next : one)),
                })
              }
              onRemove={() =>
                onChange({ ...draft, holidays: draft.holidays.filter((one) => one !== holiday) })
              }
            />
          ))}
        </ul>
      </Group>
    </Fields>
  )
}

function DayRow({
  day,
  windows,
  problemOf,
  onChange,
  onAdd,
}: {
  day: number
  windows: readonly WindowDraft[]
  problemOf: (key: string) => string | undefined
  onChange: (windows: readonly WindowDraft[]) => void
  onAdd: () => void
}) {
  const t = useTranslate()
  const language = useLanguage()
  const name = weekdayName(day, 'long', language)
  const replace = (window: WindowDraft, next: WindowDraft) =>
    onChange(windows.map((one) => (one === window ? next : one)))
  return (
    <div className={styles.day} role="group" aria-label={name} data-day={day}>
      <span className={styles.name}>{name}</span>
      <div className={styles.windows}>
        {windows.length === 0 && <span className={styles.closed}>{t('hours.closed')}</span>}
        {windows.map((window) => {
          const problem = problemOf(window.key)
          return (
            <div key={window.key} className={classNames(styles.window, problem && fields.wrong)}>
              <TimeInput
                value={window.opensAt}
                aria-label={t('hours.opensAt', { day: name })}
                aria-invalid={problem !== undefined}
                onChange={(opensAt) => replace(window, { ...window, opensAt })}
              />
              {t('alertPrefs.to')}
              <TimeInput
                isEnd
                value={window.closesAt}
                aria-label={t('hours.closesAt', { day: name })}
                aria-invalid={problem !== undefined}
                onChange={(closesAt) => replace(window, { ...window, closesAt })}
              />
              <IconButton
                label={t('hours.removeWindow', { day: name })}
                size="small"
                onClick={() => onChange(windows.filter((one) => one !== window))}
              >
                <Icon of={X} size={14} />
              </IconButton>
              {problem && (
                <span className={styles.problem} role="alert">
                  {problem}
                </span>
              )}
            </div>
          )
        })}
      </div>
      <IconButton label={t('hours.addWindow', { day: name })} size="small" onClick={onAdd}>
        <Icon of={Plus} size={14} />
      </IconButton>
    </div>
  )
}

function HolidayRow({
  holiday,
  problem,
  onChange,
  onRemove,
}: {
  holiday: HolidayDraft
  problem: string | undefined
  onChange: (holiday: HolidayDraft) => void
  onRemove: () => void
}) {
  const t = useTranslate()
  return (
    <li className={classNames(styles.window, problem && fields.wrong)} data-holiday={holiday.date}>
      <input
        type="date"
        className={fields.input}
        value={holiday.date}
        aria-label={t('hours.holidayDate')}
        aria-invalid={problem !== undefined}
        onChange={({ target }) => onChange({ ...holiday, date: target.value })}
      />
      <input
        className={classNames(fields.input, styles.holidayName)}
        value={holiday.name}
        maxLength={255}
        placeholder={t('hours.holidayName')}
        aria-label={t('hours.holidayName')}
        aria-invalid={problem !== undefined}
        onChange={({ target }) => onChange({ ...holiday, name: target.value })}
      />
      <IconButton
        label={t('hours.removeHoliday', { name: holiday.name || holiday.date })}
        size="small"
        onClick={onRemove}
      >
        <Icon of={X} size={14} />
      </IconButton>
      {problem && (
        <span className={styles.problem} role="alert">
          {problem}
        </span>
      )}
    </li>
  )
}
