import {
  type Coverage,
  type InboxCounts,
  type InboxList,
  type InboxSection,
  type InboxView,
  type ListPage,
  type ListPageSection,
  type Reach,
} from '@parley/contracts'

import { Beside } from '../../beside.ts'
import { type EngineCore } from '../../feature.ts'
import { countInbox } from './count-inbox.ts'
import { listInbox } from './list-inbox.ts'
import { listedSince } from './selections.ts'

/** Rows that the server is asked for at a time. */
const PAGE = 200
const MOST_PAGES = 100
/** The longest list has 25 pages of each section, of which whoever is in all teams of a company has some tens. */
const MOST_KEPT = 2000
/** Once here their rows are kept in step like any other: only the first page says the numbers. */
const FOLLOWING_FRESH_MS = 10 * 60_000
/** Before they become old, so that they are not asked for from where they went on and then from where they do. */
const NEXT_FRESH_MS = FOLLOWING_FRESH_MS - 60_000

interface Asked {
  view: InboxView
  limit: number
  filter: string
  order: 'queue' | 'due'
}
type Question = Asked & { after: string | null }

/** Of a page what its rows do not say, which are in the cache. */
interface KeptPage {
  total: number
  sections: KeptSection[]
}
interface KeptSection extends Omit<ListPageSection, 'ids'> {
  count: number
  /** Since when `next` is what it is, by the monotonic clock. */
  nextAtMs: number
}
type Pages = Beside<Question, ListPage, KeptPage>

/**
 * Lists and their numbers, from the cache at once. Where that does not reach, the server is asked beside it: its rows
 * come into the cache, where they stand in their places, and its numbers are said instead of those that are counted here.
 */
export function listAndCount(engine: EngineCore): {
  list(asked: Asked): InboxList
  counts(): InboxCounts & Reach
} {
  const pages: Pages = new Beside(engine, {
    request: (trpc, question) => trpc.lists.page.query(question),
    itemsOf: ({ items }) => items,
    keep: ({ total, sections }, before) => ({
      total,
      sections: sections.map((section) => keptSection(section, before)),
    }),
    mostKept: MOST_KEPT,
  })
  const numbers = new Beside(engine, {
    request: (trpc, _nothing: null) => trpc.lists.counts.query(),
    keep: ({ inbox }) => inbox,
  })

  function list({ view, limit, filter, order }: Asked): InboxList {
    const { cache } = engine
    const nowMs = engine.serverNowMs()
    const here = listInbox(cache, view, limit, { filter, order, nowMs })
    if (reaches(cache.coverage, view, nowMs)) return here
    // What the server adds to it is not taken from under its reader's eyes.
    cache.lookedBeyondAtMs = performance.now()
    const question = { view, filter, order, limit: PAGE, after: null }
    const { answer } = pages.ask(question)
    if (answer === null) return partial(here, cache.completeLoad > 0)
    const there = withFollowing(pages, question, answer, limit)
    const sections = here.sections.map((section) => {
      // One's own are all here, and what waits on this device is known here alone.
      if (OWN.has(section.key)) return section
      const said = there.find((one) => isSame(one, section))
      return { ...section, total: Math.max(section.total, said?.total ?? 0) }
    })
    // One's own are all here.
    const total = view.kind === 'mine' ? here.total : Math.max(here.total, answer.total)
    return { ...here, sections, total, isPartial: false }
  }

  function counts(): InboxCounts & Reach {
    const { cache } = engine
    const here = countInbox(cache, engine.serverNowMs())
    if (cache.coverage.open) return { ...here, isPartial: false }
    const { answer } = numbers.ask(null)
    if (answer === null) return { ...here, isPartial: true }
    const { open, teams, due } = answer
    return { ...here, open: Math.max(open, here.open), teams, due, isPartial: false }
  }

  return { list, counts }
}

const OWN: ReadonlySet<InboxSection['key']> = new Set([
  'to_decide',
  'awaiting_me',
  'awaiting_customer',
])

/** @param isLoaded one's own are all here, as after every load that is complete */
function partial(here: InboxList, isLoaded: boolean): InboxList {
  const isPartial = (key: InboxSection['key']): boolean => !(isLoaded && OWN.has(key))
  return {
    ...here,
    sections: here.sections.map((section) => ({ ...section, isPartial: isPartial(section.key) })),
    isPartial: !(isLoaded && here.view.kind === 'mine'),
  }
}

function reaches({ open, closedSince }: Coverage, view: InboxView, nowMs: number): boolean {
  if (view.kind !== 'closed') return open
  return closedSince === null || closedSince <= listedSince(nowMs)
}

/**
 * What follows a page goes on where it went on: as its head changes, which it does all the time, nothing that follows is
 * asked for anew. What stood in between was here, and is.
 */
function keptSection({ ids, ...section }: ListPageSection, before: KeptPage | null): KeptSection {
  const nowMs = performance.now()
  const known = before?.sections.find((one) => isSame(one, section))
  const isStill =
    known !== undefined &&
    known.next !== null &&
    section.next !== null &&
    nowMs - known.nextAtMs < NEXT_FRESH_MS
  const { next, nextAtMs } = isStill ? known : { next: section.next, nextAtMs: nowMs }
  return { ...section, count: ids.length, next, nextAtMs }
}

/** What is read further down than the first page is asked for page by page, each of a section alone. */
function withFollowing(
  pages: Pages,
  question: Question,
  first: KeptPage,
  limit: number,
): KeptSection[] {
  for (const section of first.sections) {
    let last: KeptSection | undefined = section
    let { count } = section
    for (let page = 0; page < MOST_PAGES && count < limit; page += 1) {
      const after: string | null = last?.next ?? null
      if (after === null) break
      const { answer } = pages.ask({ ...question, after }, FOLLOWING_FRESH_MS)
      last = answer?.sections.find((one) => isSame(one, section))
      if (last === undefined) break
      count += last.count
    }
  }
  return first.sections
}

function isSame(
  one: Pick<ListPageSection, 'key' | 'teamId'>,
  other: Pick<ListPageSection, 'key' | 'teamId'>,
): boolean {
  return one.key === other.key && one.teamId === other.teamId
}
