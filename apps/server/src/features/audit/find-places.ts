import { type AuditFilter } from '@parley/contracts'

import { type Queryable } from '../../platform/database.ts'
import { every, fragment, sql, unprepared, type Fragment } from '../../platform/sql.ts'

/**
 * Entries that one question looks at where no index answers all of its filters. What is further back is asked for again,
 * so that a filter that nothing matches takes no longer in a log of two years than in one of a day.
 */
const LOOKED_AT = 5_000
/** Of a text that more names have in them, entries are looked at one by one instead. */
const MOST_VALUES = 100

/** Where an entry stands in the order that is shown: by time, and of one time as they were written. */
interface Place {
  at: Date
  seq: string
}

/** Values of an indexed column: the entries of each are walked along. */
interface Way {
  column: Fragment
  values: readonly string[]
  type: Fragment
}

interface Search {
  /** None: all entries are walked along. */
  ways: Way[]
  /** What is asked of each entry on the way. */
  rest: Fragment[]
}

const byActor = (values: string[]): Way => ({
  column: fragment`a.actor_id`,
  values,
  type: fragment`uuid[]`,
})
const byText = (column: Fragment, values: string[]): Way => ({
  column,
  values,
  type: fragment`text[]`,
})
const byTarget = (values: string[]): Way => byText(fragment`a.target_id`, values)
const byAction = (values: string[]): Way => byText(fragment`a.action`, values)
const byKind = (values: string[]): Way => byText(fragment`a.actor_kind`, values)
const isAmong = ({ column, values, type }: Way): Fragment =>
  fragment`${column} = ANY(${values}::${type})`

/** Which entries are next, the newest first. */
export async function findPlaces(
  db: Queryable,
  filter: AuditFilter,
  { before, limit }: { before: number | null; limit: number },
): Promise<{ seqs: string[]; next: number | null; lookedBackTo: string | null }> {
  const search = await chooseWays(db, filter)
  const range = rangeOf(search, filter, before)
  const end = search.rest.length === 0 ? null : await lookedUntil(db, search.ways, range)
  const places = await db.many<Place>(
    unprepared(
      walk(search, [...range, ...notBefore(search, end)], fragment`LIMIT ${limit}`, limit),
    ),
  )
  const last = places.length === limit ? places.at(-1) : end
  return {
    seqs: places.map(({ seq }) => seq),
    next: last ? Number(last.seq) : null,
    lookedBackTo: last ? last.at.toISOString() : null,
  }
}

/** Along the one that has the fewest entries as a rule; the others are asked of each. */
async function chooseWays(db: Queryable, filter: AuditFilter): Promise<Search> {
  const { actorId, actorKind, targetId, actions, text } = filter
  const asked = [
    targetId === null ? null : byTarget([targetId]),
    actorId === null ? null : byActor([actorId]),
    actions.length === 0 ? null : byAction(actions),
    actorKind === null ? null : byKind([actorKind]),
  ].filter((way) => way !== null)
  if (text === null) return { ways: asked.slice(0, 1), rest: asked.slice(1).map(isAmong) }

  const named = await idsNamed(db, text.typed)
  const saysIt = [byActor(named), byTarget([...named, text.typed]), byAction(text.actions)]
  const rest = asked.map(isAmong)
  if (countValues(saysIt) <= MOST_VALUES) return { ways: saysIt, rest }
  const any = saysIt.map(isAmong).reduce((whole, one) => fragment`${whole} OR ${one}`)
  return { ways: [], rest: [...rest, any] }
}

/** Of people, teams and tags that are called so, and the id itself where a whole one was typed. */
async function idsNamed(db: Queryable, typed: string): Promise<string[]> {
  const pattern = `%${typed.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`
  const rows = await db.many<{ id: string }>(sql`
    SELECT id FROM users WHERE LOWER(full_name) LIKE ${pattern} OR LOWER(email) LIKE ${pattern}
    UNION SELECT id FROM teams WHERE LOWER(name) LIKE ${pattern}
    UNION SELECT id FROM tags WHERE LOWER(name) LIKE ${pattern}`)
  const ids = rows.map(({ id }) => id)
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(typed)
    ? [...ids, typed.toLowerCase()]
    : ids
}

function rangeOf(search: Search, { from, to }: AuditFilter, before: number | null): Fragment[] {
  const { time, of } = orderOf(search)
  const place = fragment`(SELECT b.at FROM audit_log b WHERE b.seq = ${before})`
  return [
    before === null ? null : fragment`(${time}, a.seq) < (${of(place)}, ${before}::bigint)`,
    from === null ? null : fragment`${time} >= ${of(from)}`,
    to === null ? null : fragment`${time} < ${of(to)}`,
  ].filter((condition) => condition !== null)
}

function notBefore(search: Search, end: Place | null): Fragment[] {
  const { time, of } = orderOf(search)
  return end === null ? [] : [fragment`(${time}, a.seq) >= (${of(end.at)}, ${end.seq}::bigint)`]
}

/** Where each way has been followed for its share; null: to its end. */
function lookedUntil(db: Queryable, ways: Way[], range: Fragment[]): Promise<Place | null> {
  const last = fragment`OFFSET ${shareOf(ways) - 1} LIMIT 1`
  return db.maybe<Place>(unprepared(walk({ ways, rest: [] }, range, last, 1)))
}

function shareOf(ways: readonly Way[]): number {
  return Math.ceil(LOOKED_AT / Math.max(1, countValues(ways)))
}

/**
 * Each value's entries in the order of its index, as many as `first` says of those for which the rest holds. That is asked
 * of a share that was walked along already: PostgreSQL would look for another index that has it, and read that one through.
 */
function walk({ ways, rest }: Search, range: Fragment[], first: Fragment, limit: number) {
  const { time } = orderOf({ ways })
  const order = fragment`ORDER BY ${time} DESC, a.seq DESC`
  const kept = (value: Fragment): Fragment => {
    const along = fragment`FROM audit_log a WHERE ${every([value, ...range])} ${order}`
    if (rest.length === 0) return fragment`SELECT a.at, a.seq ${along} ${first}`
    return fragment`
      SELECT a.at, a.seq FROM (SELECT * ${along} LIMIT ${shareOf(ways)}) a
      WHERE ${every(rest)} ${order} ${first}`
  }
  const walked =
    ways.length === 0
      ? kept(fragment`TRUE`)
      : ways
          .map(
            ({ column, values, type }) => fragment`
              SELECT one.at, one.seq FROM unnest(${values}::${type}) value
              CROSS JOIN LATERAL (${kept(fragment`${column} = value`)}) one`,
          )
          .reduce((whole, one) => fragment`${whole} UNION ${one}`)
  return sql`
    SELECT at, seq::text FROM (${walked}) found ORDER BY at DESC, found.seq DESC LIMIT ${limit}`
}

/** The entry's time, and others to compare it with, as the indexes of the ways have it: see the migration. */
function orderOf({ ways }: Pick<Search, 'ways'>): { time: Fragment; of(at: unknown): Fragment } {
  return ways.length === 0
    ? { time: fragment`a.at`, of: (at) => fragment`${at}::timestamptz` }
    : {
        time: fragment`(a.at AT TIME ZONE 'UTC')`,
        of: (at) => fragment`(${at}::timestamptz AT TIME ZONE 'UTC')`,
      }
}

function countValues(ways: readonly Way[]): number {
  return ways.reduce((sum, { values }) => sum + values.length, 0)
}
