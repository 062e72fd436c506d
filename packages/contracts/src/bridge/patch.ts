/**
 * What has changed between two answers to the same question, plain JSON values both. An answer of a hundred rows of which
 * one has changed travels as that one.
 */
export type Patch =
  /** Something else in its place. Without a `value`: undefined, which JSON does not carry. */
  | { value?: unknown }
  /** A record: what has changed, by name; `names`, where they are others or in another order, are all that it has now. */
  | { fields: [name: string, patch: Patch][]; names?: string[] }
  /**
   * An array: what has changed, by its place now; `runs`, where anything came, went or moved, say where what stands in it
   * now stood before, as (first place, how many). `ADDED` for a place: that many new ones, whose values are among `items`.
   */
  | { items: [at: number, patch: Patch][]; runs?: [from: number, count: number][] }

const ADDED = -1

type Fields = Record<string, unknown>

/** Null: nothing. */
export function changesBetween(before: unknown, after: unknown): Patch | null {
  if (Object.is(before, after)) return null
  if (Array.isArray(before) && Array.isArray(after)) return changesOfItems(before, after)
  if (isRecord(before) && isRecord(after)) return changesOfFields(before, after)
  return { value: after }
}

/** What has not changed is what it was, the same objects: whoever draws it compares them by identity. */
export function withChanges(before: unknown, changes: Patch): unknown {
  if ('items' in changes) {
    const { items, runs } = changes
    const after =
      runs === undefined ? [...(before as unknown[])] : inRuns(before as unknown[], runs)
    for (const [at, patch] of items) after[at] = withChanges(after[at], patch)
    return after
  }
  if ('fields' in changes) {
    const { fields, names = Object.keys(before as Fields) } = changes
    const patches = new Map(fields)
    const after: Fields = {}
    for (const name of names) {
      const patch = patches.get(name)
      const value = (before as Fields)[name]
      setOwn(after, name, patch === undefined ? value : withChanges(value, patch))
    }
    return after
  }
  return changes.value
}

/** `after`, with whatever of it was so before as it was before. */
export function sharing<Value>(before: unknown, after: Value): Value {
  const changes = changesBetween(before, after)
  return (changes === null ? before : withChanges(before, changes)) as Value
}

function changesOfFields(before: Fields, after: Fields): Patch | null {
  const names = Object.keys(after)
  const fields: [string, Patch][] = []
  let isAnythingKept = false
  for (const name of names) {
    const isKept = Object.hasOwn(before, name)
    const patch = isKept ? changesBetween(before[name], after[name]) : { value: after[name] }
    if (patch !== null) fields.push([name, patch])
    isAnythingKept ||= isKept
  }
  if (isSameList(names, Object.keys(before))) return fields.length === 0 ? null : { fields }
  return isAnythingKept ? { fields, names } : { value: after }
}

function changesOfItems(before: readonly unknown[], after: readonly unknown[]): Patch | null {
  const origins = originsOf(before, after)
  const items: [number, Patch][] = []
  let isAnythingKept = false
  let isInPlace = before.length === after.length
  for (const [at, origin] of origins.entries()) {
    const isKept = origin !== ADDED
    const patch = isKept ? changesBetween(before[origin], after[at]) : { value: after[at] }
    if (patch !== null) items.push([at, patch])
    isAnythingKept ||= isKept
    isInPlace &&= origin === at
  }
  if (isInPlace) return items.length === 0 ? null : { items }
  return isAnythingKept ? { items, runs: runsOf(origins) } : { value: after }
}

/** For each item where it stood before: rows by their key, wherever they moved to, everything else by its place. */
function originsOf(before: readonly unknown[], after: readonly unknown[]): number[] {
  const keys = before.map(keyOf)
  const keysNow = after.map(keyOf)
  // Mostly nothing has moved.
  if (isSameList(keys, keysNow)) return keys.map((_key, at) => at)
  const places = new Map<string, number[]>()
  for (const [at, key] of keys.entries()) {
    if (key === null) continue
    const known = places.get(key)
    if (known === undefined) places.set(key, [at])
    else known.push(at)
  }
  return keysNow.map((key, at) => {
    // Of several with one key the first is the first that there was: none is taken twice.
    if (key !== null) return places.get(key)?.shift() ?? ADDED
    return at < keys.length ? at : ADDED
  })
}

function runsOf(origins: readonly number[]): [number, number][] {
  const runs: [number, number][] = []
  for (const origin of origins) {
    const last = runs.at(-1)
    const next = last === undefined ? null : last[0] === ADDED ? ADDED : last[0] + last[1]
    if (last !== undefined && origin === next) last[1] += 1
    else runs.push([origin, 1])
  }
  return runs
}

function inRuns(before: readonly unknown[], runs: readonly [number, number][]): unknown[] {
  const after: unknown[] = []
  for (const [from, count] of runs) {
    for (let step = 0; step < count; step += 1) {
      after.push(from === ADDED ? undefined : before[from + step])
    }
  }
  return after
}

function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, at) => item === other[at])
}

function keyOf(item: unknown): string | null {
  if (!isRecord(item)) return null
  const key = item['key'] ?? item['id']
  return typeof key === 'string' ? key : null
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Plain assignment would set the prototype for the one name `__proto__`. */
function setOwn(target: Fields, name: string, value: unknown): void {
  if (name === '__proto__') {
    const own = { value, writable: true, enumerable: true, configurable: true }
    Object.defineProperty(target, name, own)
  } else target[name] = value
}
