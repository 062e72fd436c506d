import { timeOrDate } from '../i18n/moments.ts'
import { useLanguage } from '../i18n/use-translate.tsx'
import { useNow } from './use-now.ts'

/** An instant of the wire as people read it: the time today, else the date. */
export function useTimeOrDate(): (instant: string) => string {
  const language = useLanguage()
  const now = useNow('minute')
  return (instant) => timeOrDate(Date.parse(instant), now, language)
}
