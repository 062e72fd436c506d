/** One thing that is another now; without `was` or `is` it came or went. */
export interface Difference {
  /** From the outermost field in. */
  path: readonly string[]
  was?: unknown
  is?: unknown
}

type Fields = Readonly<Record<string, unknown>>

/**
 * What an entry says, field by field: of what has fields of its own only those that differ, of a list what came and what
 * went.
 */
export function differencesOf(before: Fields | null, after: Fields | null): Difference[] {
  return betweenFields([], before ?? {}, after ?? {})
}

function betweenFields(path: readonly string[], before: Fields, after: Fields): Difference[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names.flatMap((name) => between([...path, name], before[name], after[name]))
}

function between(path: readonly string[], was: unknown, is: unknown): Difference[] {
  if (isSame(was, is)) return []
  const sides = [was ?? {}, is ?? {}]
  if ((hasFields(was) || hasFields(is)) && sides.every(hasFields)) {
    const [one, other] = sides as [Fields, Fields]
    return betweenFields(path, one, other)
  }
  if (Array.isArray(was) && Array.isArray(is)) {
    const went = was.filter((one) => !is.some((other) => isSame(one, other)))
    const came = is.filter((one) => !was.some((other) => isSame(one, other)))
    // The same in another order.
    if (went.length + came.length > 0) return [{ path, ...some('was', went), ...some('is', came) }]
  }
  return [{ path, ...given('was', was), ...given('is', is) }]
}

const hasFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isSame = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other)
const given = (name: 'was' | 'is', value: unknown) => (value === undefined ? {} : { [name]: value })
const some = (name: 'was' | 'is', list: readonly unknown[]) =>
  list.length === 0 ? {} : { [name]: list }
