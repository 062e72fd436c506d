import { id, type ListPage, type ListPageSection, type listPageInput } from '@parley/contracts'
import { parseSearch, printSearch, type Actor } from '@parley/domain'
import { z } from 'zod'

import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import { every, fragment, sql, unprepared, type Fragment } from '../../platform/sql.ts'
import { understand } from '../search/index.ts'
import { inReachOf, visibleTo, type FeedHub } from '../sync/index.ts'
import { afterPlace, inOrder, placeIn, sectionsOf, type Order, type Section } from './sections.ts'

/** Of closed ones, which pile up, and of those that a filter leaves, so many are counted; beyond that they are many. */
const MOST_COUNTED = 10_000

type Asked = z.infer<typeof listPageInput>

interface Place {
  key: string
  teamId: string | null
  values: string[]
}

/**
 * A page of a list, of everything in this person's reach.
 * @throws Failure `invalid_input` for a filter that nobody knows, and a place that was never handed out
 */
export async function readListPage(
  services: Services,
  feed: FeedHub,
  actor: Actor,
  { view, filter, order, limit, after }: Asked,
): Promise<ListPage> {
  const place = after === null ? null : placeOf(after)
  const wanted = sectionsOf(actor, view, order).filter(
    ({ key, teamId }) => place === null || (place.key === key && place.teamId === teamId),
  )
  if (place !== null && !wanted.some(({ order }) => isPlaceIn(order, place.values))) {
    throw unknownPlace()
  }
  const among = await conditionsOf(services, filter)
  const read = await Promise.all(
    wanted.map((section) => {
      const most = filter === '' && section.key !== 'closed' ? null : MOST_COUNTED
      return readSection(services, actor, section, among, { limit, most }, place)
    }),
  )
  const ids = read.flatMap((section) => section.ids)
  return {
    sections: read.filter(({ total, key }) => total > 0 || key === 'queue'),
    total: read.reduce(
      (sum, { total }, index) => sum + (wanted[index]?.isCounted === true ? total : 0),
      0,
    ),
    items: ids.length === 0 ? [] : await feed.conversations(actor, ids, { threads: false }),
  }
}

/** All that is asked for has to be known: a list that is narrowed by less than its reader thinks misleads. */
async function conditionsOf(services: Services, filter: string): Promise<Fragment> {
  const { conditions, others } = await understand(services, parseSearch(filter))
  if (others.length > 0) {
    throw new Failure('invalid_input', { field: 'filter', problem: printSearch(others) })
  }
  return every(conditions)
}

async function readSection(
  { db }: Services,
  actor: Actor,
  section: Section,
  among: Fragment,
  { limit, most }: { limit: number; most: number | null },
  place: Place | null,
): Promise<ListPageSection> {
  const { key, teamId, order } = section
  const chosen = chosenBy(actor, section, among)
  // Planned by what is asked: a filter is one of any number, and may leave little or everything.
  const [rows, counted] = await Promise.all([
    db.many<{ id: string; place: string[] }>(
      unprepared(sql`
        SELECT c.id, ${placeIn(order)} AS place FROM ${chosen(
          place === null ? fragment`TRUE` : afterPlace(order, place.values),
          fragment`ORDER BY ${inOrder(order)} LIMIT ${limit + 1}`,
        )} c
        ORDER BY ${inOrder(order)} LIMIT ${limit + 1}`),
    ),
    db.one<{ count: number }>(
      unprepared(sql`
        SELECT COUNT(*)::int AS count FROM (
          SELECT c.id FROM ${chosen(fragment`TRUE`, fragment`LIMIT ${most}`)} c
          LIMIT ${most}) counted`),
    ),
  ])
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return {
    key,
    teamId,
    ids: shown.map((row) => row.id),
    total: counted.count,
    next: last === undefined ? null : JSON.stringify([key, teamId, ...last.place]),
  }
}

/**
 * The conversations of a section, as a table. Closed ones pile up for ever, and are read by an index of each team and of
 * their owner, so that nobody's page walks through everybody's.
 */
function chosenBy(
  actor: Actor,
  { key, where }: Section,
  among: Fragment,
): (after: Fragment, most: Fragment) => Fragment {
  const { all, userId, teamIds } = visibleTo(actor, 'conversation.see')
  return (after, most) => {
    const chosen = fragment`${where} AND ${among} AND ${after}`
    if (all || key !== 'closed') {
      return fragment`(SELECT c.* FROM conversations c WHERE ${chosen} AND ${inReachOf(actor)} ${most})`
    }
    return fragment`(
      SELECT found.* FROM unnest(${teamIds}::uuid[]) AS team(id)
      CROSS JOIN LATERAL (
        SELECT c.* FROM conversations c WHERE c.team_id = team.id AND ${chosen} ${most}) found
      UNION ALL (
        SELECT c.* FROM conversations c
        WHERE c.assigned_to = ${userId}::uuid AND (c.team_id = ANY(${teamIds}::uuid[])) IS NOT TRUE AND ${chosen}
        ${most}))`
  }
}

const placeSchema = z.tuple([z.string().max(30), id.nullable()]).rest(z.string().max(60))

/** Whether they are what `placeIn` writes: it comes from outside, and goes into a statement. */
function isPlaceIn({ keys }: Order, values: readonly string[]): boolean {
  return (
    keys.length === values.length &&
    keys.every(({ type }, index) => IS_WRITTEN[type](values[index] as string))
  )
}

const IS_WRITTEN = {
  int: (text: string) => /^\d$/.test(text),
  uuid: (text: string) => id.safeParse(text).success,
  timestamptz(text: string) {
    if (text === 'infinity' || text === '-infinity') return true
    const written =
      /^([1-9]\d{3}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d{1,6})?[+-](0\d|1[0-4])(:[0-5]\d){0,2}$/.exec(
        text,
      )
    const at = new Date(`${written?.[1]}T${written?.[2]}Z`)
    return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(written?.[1] ?? '')
  },
}

function placeOf(given: string): Place {
  const parsed = placeSchema.safeParse(jsonOf(given))
  if (!parsed.success) throw unknownPlace()
  const [key, teamId, ...values] = parsed.data
  return { key, teamId, values }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw unknownPlace()
  }
}

function unknownPlace(): Failure {
  return new Failure('invalid_input', { field: 'after', problem: 'unknown' })
}
