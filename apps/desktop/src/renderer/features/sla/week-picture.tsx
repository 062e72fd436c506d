import { type BusinessCalendar } from '@parley/domain'

import { weekdayName } from '../../i18n/moments.ts'
import { useLanguage, useTranslate } from '../../i18n/use-translate.tsx'
import { classNames } from '../../ui/class-names.ts'
import { useNow } from '../../ui/use-now.ts'
import { type HoursDraft, WEEKDAYS } from './hours-draft.ts'
import { weekDates } from './what-if.ts'
import styles from './week-picture.module.css'

const HOURS_MARKED = [0, 6, 12, 18, 24] as const

/** This week's openings by the wall clock of where the team works; a holiday takes its day away. */
export function WeekPicture({
  calendar,
  holidays,
}: {
  calendar: BusinessCalendar
  holidays: HoursDraft['holidays']
}) {
  const t = useTranslate()
  const language = useLanguage()
  const now = useNow('minute')
  const dates = weekDates(calendar.timeZone, now)
  const isAlways = calendar.windows.length === 0
  return (
    <div className={styles.week}>
      {WEEKDAYS.map((day) => {
        // A team that has stated no hours has nothing that a holiday could take away.
        const holiday = isAlways ? undefined : holidays.find(({ date }) => date === dates[day])
        const windows = isAlways
          ? [{ opensAt: '00:00', closesAt: '24:00' }]
          : calendar.windows.filter(({ dayOfWeek }) => dayOfWeek === day)
        return (
          <div key={day} className={styles.day}>
            <span className={styles.name}>{weekdayName(day, 'short', language)}</span>
            <span
              className={classNames(styles.track, holiday && styles.holiday)}
              role="img"
              aria-label={
                holiday?.name ??
                (windows.map(({ opensAt, closesAt }) => `${opensAt}–${closesAt}`).join(', ') ||
                  t('hours.closed'))
              }
            >
              {holiday
                ? holiday.name
                : windows.map(({ opensAt, closesAt }) => (
                    <i
                      key={opensAt}
                      className={styles.open}
                      style={{
                        left: `${share(opensAt) * 100}%`,
                        width: `${(share(closesAt) - share(opensAt)) * 100}%`,
                      }}
                    />
                  ))}
            </span>
          </div>
        )
      })}
      <div className={styles.day} aria-hidden="true">
        <span />
        <span className={styles.scale}>
          {HOURS_MARKED.map((hour) => (
            <span key={hour}>{hour}</span>
          ))}
        </span>
      </div>
    </div>
  )
}

/** Of the day, 0 to 1. */
function share(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return (hours * 60 + minutes) / (24 * 60)
}
