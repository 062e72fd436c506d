import { type BootstrapPage, type ConversationRow, type PutItem } from '@parley/contracts'
import { type Actor } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { Failure } from '../../platform/failure.ts'
import { currentPosition } from './feed.queries.ts'
import { type Kinds, carries, put, putWhole } from './kinds.ts'
import { toCursor } from './position.ts'

const PARTS_PER_CONVERSATION = 100
/** A page takes in kind after kind until it has so many rows. */
const ROWS_PER_PAGE = 100

/**
 * The initial load, page by page: kind after kind, conversations with what hangs on them. The cursor is taken
 * before anything is read, so the feed repeats whatever changes meanwhile. A page is asked for by where it
 * begins: `kind|after`, null for the first.
 * @throws Failure `invalid_input` for a page that was never handed out
 */
export async function bootstrapPage(
  db: Queryable,
  kinds: Kinds,
  actor: Actor,
  page: string | null,
): Promise<BootstrapPage> {
  const cursor = page === null ? toCursor(await currentPosition(db)) : null
  const initial = kinds.all.filter((served) => served.initial !== undefined)
  const [asked, ...rest] = page?.split('|') ?? [initial[0]?.kind]
  const from = initial.findIndex(({ kind }) => kind === asked)
  if (from === -1) throw new Failure('invalid_input', { field: 'page', problem: 'unknown' })
  const items: PutItem[] = []
  let after = rest.join('|') || null
  for (const served of initial.slice(from)) {
    if (items.length >= ROWS_PER_PAGE)
      return { cursor, items, nextPage: `${served.kind}|`, coverage: null }
    const part = (await served.initial?.(db, actor, after)) ?? { rows: [], next: null }
    if (!carries(served)) items.push(...part.rows.map((row) => put(served.kind, row)))
    else {
      const conversations = part.rows as ConversationRow[]
      items.push(...conversations.map((row) => putWhole(served, row)))
      const hanging = await kinds.hangingOn(db, conversations, PARTS_PER_CONVERSATION)
      items.push(...kinds.readBy(actor, hanging, conversations))
    }
    if (part.next !== null) {
      return { cursor, items, nextPage: `${served.kind}|${part.next}`, coverage: null }
    }
    after = null
  }
  return { cursor, items, nextPage: null, coverage: { open: true, closedSince: null } }
}
