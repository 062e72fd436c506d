/**
 * The next value with every unchanged part replaced by the previous one's, so that components compare by
 * identity and a list of thousands redraws only the rows that differ. For plain JSON values.
 */
export function shareStructure<Value>(previous: unknown, next: Value): Value {
  if (Object.is(previous, next)) return next
  if (Array.isArray(previous) && Array.isArray(next)) return shareArray(previous, next) as Value
  if (isRecord(previous) && isRecord(next)) return shareRecord(previous, next) as Value
  return next
}

function shareArray(previous: unknown[], next: unknown[]): unknown[] {
  let same = previous.length === next.length
  const known = keyed(previous)
  const shared = next.map((item, index) => {
    // Rows are found again by their key wherever they moved to.
    const key = keyOf(item)
    const before = key === null ? previous[index] : known.get(key)
    const result = shareStructure(before, item)
    if (result !== previous[index]) same = false
    return result
  })
  return same ? previous : shared
}

function shareRecord(
  previous: Record<string, unknown>,
  next: Record<string, unknown>,
): Record<string, unknown> {
  const keys = Object.keys(next)
  let same = keys.length === Object.keys(previous).length
  const shared: Record<string, unknown> = {}
  for (const key of keys) {
    shared[key] = shareStructure(previous[key], next[key])
    if (shared[key] !== previous[key] || !(key in previous)) same = false
  }
  return same ? previous : shared
}

function keyed(items: unknown[]): Map<string, unknown> {
  const map = new Map<string, unknown>()
  for (const item of items) {
    const key = keyOf(item)
    if (key !== null) map.set(key, item)
  }
  return map
}

function keyOf(item: unknown): string | null {
  if (!isRecord(item)) return null
  const key = item['key'] ?? item['id']
  return typeof key === 'string' ? key : null
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
