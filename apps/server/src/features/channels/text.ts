/** Deeper than any message is: what is nested further would exhaust the stack of whatever walks it. */
const MAXIMUM_DEPTH = 60

/** It is nested deeper than a message can be. */
export class TooDeep extends Error {
  override name = 'TooDeep'
}

/**
 * The same as PostgreSQL can hold it: it knows no U+0000 and no half of a character (as captions have that were cut
 * within an emoji), in text or JSON. In every string and key; nothing else is changed.
 * @throws TooDeep
 */
export function storable<Value>(value: Value): Value {
  return store(value, 0) as Value
}

function store(value: unknown, depth: number): unknown {
  if (depth > MAXIMUM_DEPTH) throw new TooDeep()
  if (typeof value === 'string') return value.replaceAll('\u0000', '').toWellFormed()
  if (Array.isArray(value)) return value.map((item) => store(item, depth + 1))
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [store(key, depth), store(item, depth + 1)]),
    )
  }
  return value
}

const EARLIEST = Date.UTC(2009, 0, 1)
const LATEST = Date.UTC(2100, 0, 1)

/** An instant that a message can have been sent at; null for what a broken clock says. */
export function plausibleInstant(ms: number): Date | null {
  return ms >= EARLIEST && ms < LATEST ? new Date(ms) : null
}
