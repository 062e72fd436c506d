import type { UiLanguage } from '@parley/contracts'
import { spanWords } from '@parley/domain'

import { LOCALES } from './locales.ts'

/**
 * Instants and durations as people read them: 24-hour clock, "20 nov" / "20 Nov", `4:12`, `42 min`,
 * `2 h 05`, `3 d`. In the workstation's own time zone.
 */

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const formats = new Map<string, Intl.DateTimeFormat>()
/**
 * A format is made once for all times, and keeps the zone in which it was made. So it is made for UTC, and given what a
 * clock on the wall shows: `Date` follows the workstation's zone when that changes.
 */
function format(language: UiLanguage, options: Intl.DateTimeFormatOptions, at: number): string {
  const key = language + JSON.stringify(options)
  let made = formats.get(key)
  if (!made) {
    made = new Intl.DateTimeFormat(LOCALES[language], { timeZone: 'UTC', ...options })
    formats.set(key, made)
  }
  return made.format(options.timeZone === undefined ? onTheWall(at) : at)
}

const onTheWall = (at: number) => at - new Date(at).getTimezoneOffset() * MINUTE

const pad = (n: number) => String(n).padStart(2, '0')

/** 9:28, 23:05 */
export function clockTime(at: number): string {
  const date = new Date(at)
  return `${date.getHours()}:${pad(date.getMinutes())}`
}

/** 20 nov; with the year where it is another one. */
export function shortDate(at: number, now: number, language: UiLanguage): string {
  const year =
    new Date(at).getFullYear() === new Date(now).getFullYear() ? {} : { year: 'numeric' as const }
  return format(language, { day: 'numeric', month: 'short', ...year }, at).replaceAll('.', '')
}

/** marzo de 2024 */
export function monthAndYear(at: number, language: UiLanguage): string {
  return format(language, { month: 'long', year: 'numeric' }, at)
}

/** The time today, else the date. */
export function timeOrDate(at: number, now: number, language: UiLanguage): string {
  return isSameDay(at, now) ? clockTime(at) : shortDate(at, now, language)
}

/** For tooltips: 23 nov, 11:28:30 */
export function exactMoment(at: number, now: number, language: UiLanguage): string {
  return `${shortDate(at, now, language)}, ${clockTime(at)}:${pad(new Date(at).getSeconds())}`
}

/** lunes, lun. @param day 0 is Monday */
export function weekdayName(day: number, length: 'long' | 'short', language: UiLanguage): string {
  // 5 January 1970 was a Monday; noon in UTC, so that no zone makes it another day.
  const at = Date.UTC(1970, 0, 5 + day, 12)
  return format(language, { weekday: length, timeZone: 'UTC' }, at).replaceAll('.', '')
}

const WEEK = 7 * DAY

/** lunes 9:05 in another time zone; with the date where it is not within a week. */
export function zonedMoment(
  at: number,
  now: number,
  timeZone: string,
  language: UiLanguage,
): string {
  const isNear = Math.abs(at - now) < WEEK
  const day = format(
    language,
    isNear
      ? { weekday: 'long', timeZone }
      : { weekday: 'long', day: 'numeric', month: 'short', timeZone },
    at,
  )
  const time = format(
    language,
    { hour: 'numeric', minute: '2-digit', hourCycle: 'h23', timeZone },
    at,
  ).replace(/^0(?=\d:)/, '')
  return `${day.replaceAll(/[.,]/g, '')} ${time}`
}

export type DayName = { day: 'today' | 'yesterday' | 'other'; date: string }

/** lunes 23 de noviembre, and whether that is today or yesterday. */
export function dayName(at: number, now: number, language: UiLanguage): DayName {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  const date = format(
    language,
    { weekday: 'long', day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) },
    at,
  ).replace(',', '')
  const day = isSameDay(at, now) ? 'today' : isSameDay(at, dayBefore(now)) ? 'yesterday' : 'other'
  return { day, date }
}

export function isSameDay(a: number, b: number): boolean {
  const one = new Date(a)
  const other = new Date(b)
  return (
    one.getDate() === other.getDate() &&
    one.getMonth() === other.getMonth() &&
    one.getFullYear() === other.getFullYear()
  )
}

// By the calendar, not by 24 hours: days at a change of the clocks are longer or shorter.
function dayBefore(at: number): number {
  const date = new Date(at)
  date.setDate(date.getDate() - 1)
  return date.getTime()
}

/** 42 min, 2 h 05, 3 d; <1 min: seconds are shown only where they matter. In sentences: `phrases.ts`. */
export const duration = spanWords

/** 4:12 */
export function minutesAndSeconds(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND))
  return `${Math.floor(seconds / 60)}:${pad(seconds % 60)}`
}

/** 23 h 58 min, 58 min: for the customer's window. */
export function hoursAndMinutes(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / MINUTE))
  const hours = Math.floor(minutes / 60)
  return hours === 0 ? `${minutes} min` : `${hours} h ${pad(minutes % 60)} min`
}
