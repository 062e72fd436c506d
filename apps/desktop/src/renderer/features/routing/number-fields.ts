/** How a number of the settings is written: in which unit, and within which bounds of the stored value. */
export interface NumberField {
  unit: 'seconds' | 'minutes' | 'hours' | 'days' | 'plain'
  minimum: number
  maximum: number
  /** May be left empty, which means never. */
  isOptional?: true
}

const DAY = 86_400

/** The bounds are the wire's; a test holds them equal. */
export const NUMBER_FIELDS = {
  offerSeconds: { unit: 'seconds', minimum: 5, maximum: 600 },
  stickySeconds: { unit: 'days', minimum: 0, maximum: 90 * DAY },
  relaxSkillsAfterSeconds: { unit: 'seconds', minimum: 10, maximum: DAY, isOptional: true },
  overflowAfterSeconds: { unit: 'minutes', minimum: 10, maximum: DAY, isOptional: true },
  wrapUpSeconds: { unit: 'seconds', minimum: 0, maximum: 3600 },
  returnUnansweredSeconds: { unit: 'minutes', minimum: 0, maximum: DAY },
  reopenWindowSeconds: { unit: 'hours', minimum: 0, maximum: 30 * DAY },
  whatsappWeight: { unit: 'plain', minimum: 0.25, maximum: 10 },
  chatAppWeight: { unit: 'plain', minimum: 0.25, maximum: 10 },
  pendingCustomerFraction: { unit: 'plain', minimum: 0, maximum: 1 },
} as const satisfies Record<string, NumberField>
export type NumberKey = keyof typeof NUMBER_FIELDS

const SECONDS_IN: Record<NumberField['unit'], number> = {
  seconds: 1,
  minutes: 60,
  hours: 3600,
  days: DAY,
  plain: 1,
}

/** As the person reads it: 604800 is "7" in days. */
export function writeNumber(key: NumberKey, stored: number | null): string {
  if (stored === null) return ''
  return String(Number((stored / SECONDS_IN[NUMBER_FIELDS[key].unit]).toFixed(4)))
}

export type NumberProblem =
  | { kind: 'not_a_number' }
  | { kind: 'range'; minimum: string; maximum: string }

/** What was typed, as it is stored. Empty is null where it may be. */
export function readNumber(
  key: NumberKey,
  typed: string,
): { value: number | null; problem: null } | { value: null; problem: NumberProblem } {
  const field: NumberField = NUMBER_FIELDS[key]
  const text = typed.trim().replace(',', '.')
  if (text === '' && field.isOptional) return { value: null, problem: null }
  if (!/^\d+(\.\d+)?$/.test(text)) return { value: null, problem: { kind: 'not_a_number' } }
  const exact = Number(text) * SECONDS_IN[field.unit]
  const value = field.unit === 'plain' ? exact : Math.round(exact)
  if (value < field.minimum || value > field.maximum) {
    const [minimum, maximum] = [writeNumber(key, field.minimum), writeNumber(key, field.maximum)]
    return { value: null, problem: { kind: 'range', minimum, maximum } }
  }
  return { value, problem: null }
}
