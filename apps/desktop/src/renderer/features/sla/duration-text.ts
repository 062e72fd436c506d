/** Durations as people type and read them: 15 min, 2 h, 1 h 30 min, 1 d. In seconds. */

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** In both languages, whatever the workstation speaks: people type what they are used to. */
const UNITS: Readonly<Record<string, number>> = {
  s: 1,
  seg: 1,
  segs: 1,
  segundo: 1,
  segundos: 1,
  sec: 1,
  secs: 1,
  second: 1,
  seconds: 1,
  m: MINUTE,
  min: MINUTE,
  mins: MINUTE,
  minuto: MINUTE,
  minutos: MINUTE,
  minute: MINUTE,
  minutes: MINUTE,
  h: HOUR,
  hr: HOUR,
  hrs: HOUR,
  hora: HOUR,
  horas: HOUR,
  hour: HOUR,
  hours: HOUR,
  d: DAY,
  dia: DAY,
  dias: DAY,
  day: DAY,
  days: DAY,
}

/** A number without a unit is minutes, and after hours the minutes of that hour. Null: not a duration. */
export function readDuration(typed: string): number | null {
  const text = typed
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(',', '.')
    .trim()
  if (!/^(?:\d+(?:\.\d+)?\s*[a-z]*\.?\s*)+$/.test(text)) return null
  let seconds = 0
  let smallest = Infinity
  for (const [, number = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)/g)) {
    const size = unit === '' ? MINUTE : UNITS[unit]
    // Each unit once, the greater first: "5 min 2 h" is a slip.
    if (size === undefined || size >= smallest) return null
    smallest = size
    seconds += Number(number) * size
  }
  return Math.round(seconds)
}

/** As `readDuration` reads it again: 5400 is 1 h 30 min. */
export function writeDuration(seconds: number): string {
  const parts: string[] = []
  let rest = seconds
  for (const [unit, size] of [
    ['d', DAY],
    ['h', HOUR],
    ['min', MINUTE],
    ['s', 1],
  ] as const) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(`${count} ${unit}`)
  }
  return parts.length === 0 ? '0 min' : parts.join(' ')
}
