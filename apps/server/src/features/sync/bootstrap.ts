import { type BootstrapPage, type PutItem } from '@parley/contracts'
import { reachOf, type Actor } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { Failure } from '../../platform/failure.ts'
import { seesCannedResponse } from './deliver-batch.ts'
import { currentPosition } from './feed.queries.ts'
import { toCursor } from './position.ts'
import {
  alertPreferences,
  alerts,
  cannedResponses,
  closedConversationsPage,
  customersById,
  offers,
  openConversationsPage,
  people,
  recentParts,
  teams,
} from './rows.queries.ts'

const CONVERSATIONS_PER_PAGE = 100
const PARTS_PER_CONVERSATION = 100
const CLOSED_DAYS = 30

/**
 * The initial load, page by page: the directory, what is open, what was closed lately. The cursor is taken
 * before anything is read, so the feed repeats whatever changes meanwhile.
 * @throws Failure `invalid_input` for a page that was never handed out
 */
export async function bootstrapPage(
  db: Queryable,
  actor: Actor,
  page: string | null,
): Promise<BootstrapPage> {
  if (page === null) return firstPage(db, actor)
  const [stage, first, second] = page.split('|')
  if (stage === 'open') return openPage(db, actor, first || null)
  if (stage === 'closed') {
    return closedPage(db, actor, first && second ? { closedAt: first, id: second } : null)
  }
  throw new Failure('invalid_input', { field: 'page', problem: 'unknown' })
}

async function firstPage(db: Queryable, actor: Actor): Promise<BootstrapPage> {
  const cursor = toCursor(await currentPosition(db))
  const canned = await cannedResponses(db, null)
  const items: PutItem[] = [
    ...(await teams(db, null)).map((row): PutItem => ({ op: 'put', kind: 'team', row })),
    ...(await people(db, null)).map((row): PutItem => ({ op: 'put', kind: 'person', row })),
    ...canned
      .filter((row) => seesCannedResponse(actor, row))
      .map((row): PutItem => ({ op: 'put', kind: 'canned_response', row })),
    ...(await offers(db, { openOf: actor.userId })).map((row): PutItem => ({
      op: 'put',
      kind: 'offer',
      row,
    })),
    ...(await alerts(db, { currentOf: actor.userId })).map((row): PutItem => ({
      op: 'put',
      kind: 'alert',
      row,
    })),
    ...(await alertPreferences(db, [actor.userId])).map((row): PutItem => ({
      op: 'put',
      kind: 'alert_preferences',
      row,
    })),
  ]
  return { cursor, items, nextPage: 'open' }
}

async function openPage(
  db: Queryable,
  actor: Actor,
  afterId: string | null,
): Promise<BootstrapPage> {
  const rows = await openConversationsPage(db, visibleTo(actor), afterId, CONVERSATIONS_PER_PAGE)
  const last = rows.at(-1)
  const isFull = rows.length === CONVERSATIONS_PER_PAGE
  return {
    cursor: null,
    items: await withParts(db, rows),
    nextPage: isFull && last ? `open|${last.id}` : 'closed',
  }
}

async function closedPage(
  db: Queryable,
  actor: Actor,
  after: { closedAt: string; id: string } | null,
): Promise<BootstrapPage> {
  const rows = await closedConversationsPage(
    db,
    visibleTo(actor),
    after,
    CLOSED_DAYS,
    CONVERSATIONS_PER_PAGE,
  )
  const last = rows.at(-1)
  const isFull = rows.length === CONVERSATIONS_PER_PAGE
  return {
    cursor: null,
    items: await withParts(db, rows),
    nextPage: isFull && last ? `closed|${last.closedAt}|${last.id}` : null,
  }
}

async function withParts(
  db: Queryable,
  conversations: Awaited<ReturnType<typeof openConversationsPage>>,
): Promise<PutItem[]> {
  if (conversations.length === 0) return []
  const customerIds = [...new Set(conversations.map(({ customerId }) => customerId))]
  const customers = await customersById(db, customerIds)
  const { messages, events } = await recentParts(
    db,
    conversations.map(({ id }) => id),
    PARTS_PER_CONVERSATION,
  )
  return [
    ...customers.map(({ row }): PutItem => ({ op: 'put', kind: 'customer', row })),
    ...conversations.map((row): PutItem => ({ op: 'put', kind: 'conversation', row })),
    ...messages.map((row): PutItem => ({ op: 'put', kind: 'message', row })),
    ...events.map((row): PutItem => ({ op: 'put', kind: 'event', row })),
  ]
}

function visibleTo(actor: Actor): { all: boolean; userId: string; teamIds: readonly string[] } {
  return {
    all: reachOf(actor.role, 'conversation.see') === 'all',
    userId: actor.userId,
    teamIds: actor.teamIds,
  }
}
