/** What was typed as HH:MM: 9, 9:5 and 930 are meant well; null: no time of day. 24:00 only as an end. */
export function readTimeOfDay(typed: string, isEnd = false): string | null {
  const text = typed.trim()
  const parts = /^(\d{1,2})(?:[:.h ](\d{1,2}))?$/.exec(text) ?? /^(\d{1,2})(\d\d)$/.exec(text)
  if (!parts) return null
  const [hours, minutes] = [Number(parts[1]), Number(parts[2] ?? 0)]
  if (hours === 24 && minutes === 0) return isEnd ? '24:00' : null
  if (hours > 23 || minutes > 59) return null
  return `${pad(hours)}:${pad(minutes)}`
}

const pad = (number: number) => String(number).padStart(2, '0')
