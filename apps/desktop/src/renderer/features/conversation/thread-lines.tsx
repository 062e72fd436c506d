import { clockTime, dayName, timeOrDate } from '../../i18n/moments.ts'
import { useLanguage, useTranslate } from '../../i18n/use-translate.tsx'
import { classNames } from '../../ui/class-names.ts'
import { useNow } from '../../ui/use-now.ts'
import styles from './thread.module.css'

export function DayLine({ at }: { at: number }) {
  const t = useTranslate()
  const language = useLanguage()
  const { day, date } = dayName(at, useNow('minute'), language)
  return (
    <div className={styles.day}>
      <span>{day === 'other' ? capitalised(date) : t(`day.${day}`, { date })}</span>
    </div>
  )
}

const capitalised = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)

export function NewSinceLine({ at }: { at: number }) {
  const t = useTranslate()
  const language = useLanguage()
  const now = useNow('minute')
  const isToday = timeOrDate(at, now, language) === clockTime(at)
  return (
    <div className={classNames(styles.day, styles.newSince)}>
      <span>
        {isToday
          ? t('thread.newSince', { at: clockTime(at) })
          : t('thread.newSinceDate', { at: timeOrDate(at, now, language) })}
      </span>
    </div>
  )
}
