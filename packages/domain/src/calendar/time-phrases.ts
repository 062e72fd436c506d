/**
 * Instants and spans as people say them in a sentence, with the words that they need before them: a sentence that
 * brought its own ("at …") would be wrong on another day. 24-hour clock, in the zone of whoever reads.
 */

export type PhraseLanguage = 'es' | 'en'

interface Reading {
  at: number
  now: number
  language: PhraseLanguage
  /** Default: the device's, as it is now. */
  timeZone?: string | undefined
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const LOCALES: Record<PhraseLanguage, string> = { es: 'es-MX', en: 'en-GB' }

/** a las 16:57 · ayer a las 16:57 · el jue 26 a las 16:57 · el 20 de noviembre a las 9:05 */
export function whenWords(reading: Reading): string {
  const { time, isOne, day } = read(reading)
  const at = reading.language === 'en' ? `at ${time}` : `${isOne ? 'a la' : 'a las'} ${time}`
  if (day.name === 'today') return at
  return `${ARTICLE[reading.language][day.name]}${day.words} ${at}`
}

/** desde las 16:57 · desde ayer a las 16:57 · desde el jue 26 a las 16:57 */
export function sinceWords(reading: Reading): string {
  return from(reading, { es: 'desde', en: 'since' })
}

/** hasta las 16:57 · hasta mañana a las 9:00 */
export function untilWords(reading: Reading): string {
  return from(reading, { es: 'hasta', en: 'until' })
}

/** hace un momento · hace 6 min · hace 2 h 05 */
export function agoWords(ms: number, language: PhraseLanguage): string {
  if (ms < MINUTE) return language === 'es' ? 'hace un momento' : 'just now'
  return language === 'es' ? `hace ${spanWords(ms)}` : `${spanWords(ms)} ago`
}

/** en menos de 1 min · en 6 min */
export function withinWords(ms: number, language: PhraseLanguage): string {
  if (ms < MINUTE) return language === 'es' ? 'en menos de 1 min' : 'in under 1 min'
  return `${language === 'es' ? 'en' : 'in'} ${spanWords(ms)}`
}

/** <1 min, 42 min, 2 h 05, 3 d: by itself, beside a shape or in a column. */
export function spanWords(ms: number): string {
  if (ms < MINUTE) return '<1 min'
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`
  if (ms < DAY) {
    return `${Math.floor(ms / HOUR)} h ${String(Math.floor((ms % HOUR) / MINUTE)).padStart(2, '0')}`
  }
  return `${Math.floor(ms / DAY)} d`
}

type DayName = 'today' | 'yesterday' | 'tomorrow' | 'near' | 'far'

const ARTICLE: Record<PhraseLanguage, Record<Exclude<DayName, 'today'>, string>> = {
  es: { yesterday: '', tomorrow: '', near: 'el ', far: 'el ' },
  en: { yesterday: '', tomorrow: '', near: 'on ', far: 'on ' },
}
const NAMES: Record<PhraseLanguage, Record<'yesterday' | 'tomorrow', string>> = {
  es: { yesterday: 'ayer', tomorrow: 'mañana' },
  en: { yesterday: 'yesterday', tomorrow: 'tomorrow' },
}

function from(reading: Reading, words: Record<PhraseLanguage, string>): string {
  const { language } = reading
  const { time, isOne, day } = read(reading)
  if (day.name === 'today') {
    return language === 'en' ? `${words.en} ${time}` : `${words.es} ${isOne ? 'la' : 'las'} ${time}`
  }
  const when = whenWords(reading)
  return `${words[language]} ${language === 'en' ? when.replace(/^on /, '') : when}`
}

interface Read {
  time: string
  /** Spanish says "a la 1". */
  isOne: boolean
  day: { name: DayName; words: string }
}

function read(reading: Reading): Read {
  const part = partsOf(reading.at, reading)
  const hour = Number(part('hour'))
  const name = dayName(dayNumber(reading.at, reading) - dayNumber(reading.now, reading))
  return {
    time: `${hour}:${part('minute').padStart(2, '0')}`,
    isOne: hour === 1,
    day: { name, words: dayWords(name, part, reading) },
  }
}

function dayName(days: number): DayName {
  if (days === 0) return 'today'
  if (days === -1) return 'yesterday'
  if (days === 1) return 'tomorrow'
  return Math.abs(days) < 7 ? 'near' : 'far'
}

function dayWords(name: DayName, part: Part, reading: Reading): string {
  const { language, now } = reading
  if (name === 'today') return ''
  if (name === 'yesterday' || name === 'tomorrow') return NAMES[language][name]
  if (name === 'near') return `${part('weekday').replace('.', '')} ${part('day')}`
  const isThisYear = part('year') === partsOf(now, reading)('year')
  const date = [part('day'), part('month'), ...(isThisYear ? [] : [part('year')])]
  return date.join(language === 'es' ? ' de ' : ' ')
}

type Part = (name: Intl.DateTimeFormatPartTypes) => string
type InZone = Pick<Reading, 'language' | 'timeZone'>

function partsOf(at: number, { language, timeZone }: InZone): Part {
  const parts = new Intl.DateTimeFormat(LOCALES[language], {
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
  }).formatToParts(at)
  return (name) => parts.find(({ type }) => type === name)?.value ?? ''
}

/** Days by the calendar: one at a change of the clocks is longer or shorter than another. */
function dayNumber(at: number, { timeZone }: InZone): number {
  const written = new Intl.DateTimeFormat('sv', { dateStyle: 'short', timeZone }).format(at)
  return Date.parse(`${written}T00:00:00Z`) / DAY
}
