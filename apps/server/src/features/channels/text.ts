/**
 * PostgreSQL holds no U+0000 in text or JSON. It is removed on the way in, in every string and key, and
 * nothing else is changed.
 */
export function withoutNul<Value>(value: Value): Value {
  return strip(value) as Value
}

function strip(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\u0000', '')
  if (Array.isArray(value)) return value.map(strip)
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [strip(key), strip(item)]))
  }
  return value
}
