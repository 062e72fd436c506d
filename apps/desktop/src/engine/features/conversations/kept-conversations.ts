import { conversationKind, isNewerMessage, type ConversationRow } from '@parley/contracts'
import { may } from '@parley/domain'

import { newsOf, type Applied } from '../../store/applied.ts'
import { type Cache } from '../../store/cache.ts'
import { type Arrival, type KeptKind } from '../../store/kept-kind.ts'

/** Conversations that became this person's own by somebody else's doing, by id. */
export const becameMine = newsOf<string>('conversations that became mine')

interface Known {
  customer_id: string
  version: number
  generation: number
}

/** What everything else hangs on. Seen through permissions, and shown with what this person wants done to it. */
export const keptConversations: KeptKind<'conversation'> = {
  kind: conversationKind.kind,

  put(cache, row, arrival) {
    const { force, generation, applied } = arrival
    const known = cache.store.get<Known>(
      'SELECT customer_id, version, generation FROM conversation_rows WHERE id = ?',
      row.id,
    )
    if (!force && known !== undefined && !isNewerThan(cache, known, row)) {
      confirm(cache, row.id, known, arrival)
      return
    }
    applied.conversationIds.add(row.id)
    if (!maySee(cache, row)) {
      removeConversation(cache, row.id)
      return
    }
    if (isNewsToMe(cache, row)) applied.news.tell(becameMine, row.id)
    const columns = { version: row.version, row: JSON.stringify(row) }
    if (known === undefined) {
      clearLeftovers(cache, row.id)
      const { id, customerId: customer_id } = row
      cache.store.upsert('conversation_rows', { id, customer_id, generation, ...columns })
      if (comesAlone(cache, id, arrival)) noteCameAlone(cache, id)
      return
    }
    confirm(cache, row.id, known, arrival)
    cache.store.update('conversation_rows', row.id, {
      ...columns,
      // Two customers may have become one.
      ...(known.customer_id !== row.customerId && { customer_id: row.customerId }),
    })
  },

  remove(cache, id, applied) {
    removeConversation(cache, id)
    applied.conversationIds.add(id)
  },
}

function comesAlone(cache: Cache, id: string, { isAlone = false }: Arrival): boolean {
  return isAlone && !cache.comingThreads.has(id)
}

/** The server thinks that what hangs on it is here: it is fetched (holder.ts). */
function noteCameAlone({ store }: Cache, id: string): void {
  store.run('INSERT OR IGNORE INTO came_alone VALUES (?)', id)
}

/**
 * It is there still. Alone it is as old as what hangs on it: if the last load did not bring that, it goes, and is fetched
 * for this one.
 */
function confirm(cache: Cache, id: string, known: Known, arrival: Arrival): void {
  const { generation } = arrival
  if (comesAlone(cache, id, arrival)) {
    if (known.generation >= cache.completeLoad) return
    noteCameAlone(cache, id)
  } else {
    cache.store.run('DELETE FROM came_alone WHERE conversation_id = ?', id)
  }
  if (known.generation !== generation) cache.store.update('conversation_rows', id, { generation })
}

/** Of the same version the one whose last message is newer. */
function isNewerThan(cache: Cache, { version }: Known, row: ConversationRow): boolean {
  if (row.version !== version) return row.version > version
  if (row.lastMessage === null) return false
  return isNewerMessage(row.lastMessage, conversationOf(cache, row.id)?.lastMessage ?? null)
}

/** By the shown owner: what I claimed myself is mine already. */
function isNewsToMe(cache: Cache, row: ConversationRow): boolean {
  if (row.assignedTo !== cache.myId || row.status !== 'assigned') return false
  const shownOwner = cache.store.value('SELECT assigned_to FROM conversations WHERE id = ?', row.id)
  return shownOwner !== cache.myId
}

function maySee(cache: Cache, { teamId, assignedTo }: ConversationRow): boolean {
  return may(cache.actor, 'conversation.see', { teamId, assignedTo })
}

/**
 * At once, so that nothing of it is found any more. What hangs on them goes slice by slice. By team and owner as they
 * are shown: what of a team cannot be seen can all be gone through, what is seen of it by its owner is looked at.
 */
export function removeWhatMayNotBeSeen(cache: Cache, applied: Applied): void {
  const teams = cache.store.all<{ who: string }>(
    `SELECT DISTINCT who FROM tallies WHERE of = 'team' AND count > 0`,
  )
  // Shown in another place than where the server has it: by this person's own unsent intents, which are few.
  const moved = cache.store.all<{ id: string }>('SELECT DISTINCT conversation_id AS id FROM outbox')
  const suspects = new Set(moved.map(({ id }) => id))
  for (const { who } of teams) {
    const teamId = who === '' ? null : who
    if (may(cache.actor, 'conversation.see', { teamId, assignedTo: null })) continue
    const ids = cache.store.all<{ id: string }>(
      'SELECT id FROM conversations WHERE team_id IS ?',
      teamId,
    )
    for (const { id } of ids) suspects.add(id)
  }
  for (const id of suspects) {
    const row = conversationOf(cache, id)
    if (row === null || maySee(cache, row)) continue
    forget(cache, id)
    applied.conversationIds.add(id)
  }
}

/** With all that hangs on it. Drafts and unsent intents stay: they are the person's own words. */
export function removeConversation(cache: Cache, id: string): void {
  forget(cache, id)
  clearLeftovers(cache, id)
}

/** It is found no more, and what hangs on it can be removed later. */
function forget(cache: Cache, id: string): void {
  cache.removed(conversationKind.kind, id)
  const row = cache.store.row<ConversationRow>(
    'DELETE FROM conversation_rows WHERE id = ? RETURNING row',
    id,
  )
  if (row === null) return
  cache.store.run('INSERT OR IGNORE INTO leftovers VALUES (?)', id)
  for (const { conversationRemoved } of cache.registry.features) conversationRemoved?.(cache, row)
}

export function clearLeftovers(cache: Cache, id: string): void {
  for (const { hangsOn } of cache.registry.kinds.values()) {
    if (hangsOn === undefined) continue
    cache.store.run(`DELETE FROM ${hangsOn.table} WHERE ${hangsOn.column} = ?`, id)
  }
  cache.store.run('DELETE FROM leftovers WHERE conversation_id = ?', id)
}

/** As the server last said. */
export function conversationOf(cache: Cache, id: string): ConversationRow | null {
  return cache.store.row('SELECT row FROM conversation_rows WHERE id = ?', id)
}

/** With the person's unsent intents carried out. */
export function shownConversation(cache: Cache, id: string): ConversationRow | null {
  return cache.store.row('SELECT COALESCE(shown, row) FROM conversation_rows WHERE id = ?', id)
}
