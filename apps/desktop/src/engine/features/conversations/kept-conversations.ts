import { conversationKind, type ConversationRow } from '@parley/contracts'
import { PRIORITIES, may } from '@parley/domain'

import { readOutbox } from '../../outbox/outbox-table.ts'
import { newsOf, type Applied } from '../../store/applied.ts'
import { type Cache } from '../../store/cache.ts'
import { type KeptKind } from '../../store/kept-kind.ts'
import { instantsOf } from '../sla/index.ts'

/** Conversations that became this person's own by somebody else's doing, by id. */
export const becameMine = newsOf<string>('conversations that became mine')

/** What everything else hangs on. Seen through permissions, and shown with what this person wants done to it. */
export const keptConversations: KeptKind<'conversation'> = {
  kind: conversationKind.kind,

  put(cache, row, { force, generation, applied }) {
    const known = cache.store.get<{ version: number; assigned_to: string | null }>(
      'SELECT version, assigned_to FROM conversations WHERE id = ?',
      row.id,
    )
    if (!force && known !== undefined && known.version >= row.version) return
    applied.conversationIds.add(row.id)
    if (!maySee(cache, row)) {
      removeConversation(cache, row.id)
      return
    }
    // By the shown owner: what I claimed myself is mine already and no news.
    const isNews =
      row.assignedTo === cache.myId &&
      row.status === 'assigned' &&
      known?.assigned_to !== cache.myId
    if (isNews) applied.news.tell(becameMine, row.id)
    write(cache, row, generation)
  },

  remove(cache, id, applied) {
    removeConversation(cache, id)
    applied.conversationIds.add(id)
  },

  sweep(cache, { generation }) {
    const stale = cache.store.all<{ id: string }>(
      'SELECT id FROM conversations WHERE generation < ?',
      generation,
    )
    for (const { id } of stale) removeConversation(cache, id)
  },
}

function maySee(cache: Cache, { teamId, assignedTo }: ConversationRow): boolean {
  return may(cache.actor, 'conversation.see', { teamId, assignedTo })
}

export function removeWhatMayNotBeSeen(cache: Cache, applied: Applied): void {
  for (const conversation of cache.store.rows<ConversationRow>('SELECT row FROM conversations')) {
    if (!maySee(cache, conversation)) keptConversations.remove(cache, conversation.id, applied)
  }
}

/** With all that hangs on it. Drafts and unsent intents stay: they are the person's own words. */
function removeConversation(cache: Cache, id: string): void {
  cache.removed(conversationKind.kind, id)
  for (const { hangsOn } of cache.registry.kinds.values()) {
    if (hangsOn === undefined) continue
    cache.store.run(`DELETE FROM ${hangsOn.table} WHERE ${hangsOn.column} = ?`, id)
  }
  const row = cache.store.row<ConversationRow>(
    'DELETE FROM conversations WHERE id = ? RETURNING row',
    id,
  )
  if (row === null) return
  for (const { conversationRemoved } of cache.registry.features) conversationRemoved?.(cache, row)
}

/** Brings the shown columns in line with the intents that wait. */
export function showIntents(cache: Cache, conversationId: string): void {
  const known = cache.store.get<{ row: string; generation: number }>(
    'SELECT row, generation FROM conversations WHERE id = ?',
    conversationId,
  )
  if (known !== undefined) write(cache, JSON.parse(known.row) as ConversationRow, known.generation)
}

function write(cache: Cache, row: ConversationRow, generation: number): void {
  const effective = withIntents(cache, row)
  const { dueAt, warnsAt, promiseDueAt, promiseWarnsAt, escalatesAt } = instantsOf(effective)
  cache.store.upsert('conversations', {
    id: row.id,
    version: row.version,
    row: JSON.stringify(row),
    effective: JSON.stringify(effective),
    customer_id: row.customerId,
    status: effective.status,
    team_id: effective.teamId,
    assigned_to: effective.assignedTo,
    priority_rank: PRIORITIES.length - PRIORITIES.indexOf(effective.priority),
    due_at: dueAt,
    warns_at: warnsAt,
    promise_due_at: promiseDueAt,
    promise_warns_at: promiseWarnsAt,
    escalates_at: escalatesAt,
    queued_at: effective.queuedAt ?? '9',
    waiting_since: effective.waitingSince ?? effective.queuedAt ?? '9',
    last_message_at: effective.lastMessageAt,
    closed_at: effective.closedAt,
    generation,
  })
}

/** The conversation as its person sees it: what the server said, with their unsent intents carried out. */
function withIntents(cache: Cache, row: ConversationRow): ConversationRow {
  return readOutbox(cache.store, row.id)
    .filter(({ state }) => state !== 'refused')
    .reduce((shown, { payload, created_at: at }) => {
      const { shown: show } = cache.registry.intentOf(payload.kind)
      return show?.(shown, payload, { myId: cache.myId, at }) ?? shown
    }, row)
}

/** As the server last said. */
export function conversationOf(cache: Cache, id: string): ConversationRow | null {
  return cache.store.row('SELECT row FROM conversations WHERE id = ?', id)
}

/** With the person's unsent intents carried out. */
export function shownConversation(cache: Cache, id: string): ConversationRow | null {
  return cache.store.row('SELECT effective FROM conversations WHERE id = ?', id)
}
