import { type ENGINE_INPUTS, type ThreadPage } from '@parley/contracts'
import { v7 as uuidv7 } from 'uuid'
import { type z } from 'zod'

import { type IntentPayload } from './outbox/outbox-record.ts'
import { type OpenSession } from './session/open-session.ts'
import { refusal, type ServerClient } from './session/server-client.ts'
import { type Cache } from './store/cache.ts'
import { isHistoryComplete, readThread } from './views/conversation.ts'

/** What a person does in a conversation, each a transaction of the cache. */

/**
 * Puts what the person wants into the outbox.
 * @throws Refusal `session_ended`, `not_found`
 */
export function intend(
  { cache, outbox, expired }: OpenSession,
  conversationId: string,
  payload: IntentPayload,
): { intentId: string } {
  if (expired) throw refusal('session_ended')
  if (cache.conversation(conversationId) === null) throw refusal('not_found')
  const intentId = uuidv7()
  outbox.add(intentId, conversationId, payload)
  return { intentId }
}

/**
 * Acknowledges an alert: it ends here at once, and for everybody when the server hears of it. One that is over
 * already is none to acknowledge, and no failure.
 * @throws Refusal `session_ended`
 */
export function acknowledgeAlert({ cache, outbox, expired }: OpenSession, alertId: string): void {
  if (expired) throw refusal('session_ended')
  const alert = cache.alerts.openById(alertId)
  if (alert === null) return
  outbox.add(uuidv7(), alert.conversationId, { kind: 'acknowledge', alertId })
}

/** The draft becomes the reply: both or neither. */
export function reply(
  session: OpenSession,
  conversationId: string,
  text: string,
): { intentId: string } {
  const { cache } = session
  return cache.store.write(() => {
    const result = intend(session, conversationId, {
      kind: 'reply',
      text,
      lastSeenSeq: cache.newestSeq(conversationId),
      despiteNewerReply: false,
    })
    cache.store.run('DELETE FROM drafts WHERE conversation_id = ?', conversationId)
    return result
  })
}

/** @returns whether there was anything unseen */
export function markSeen({ cache }: OpenSession, conversationId: string): boolean {
  const seq = cache.newestSeq(conversationId)
  if (seq === null) return false
  const changed = cache.store.write(() =>
    cache.store.run(
      `INSERT INTO seen (conversation_id, seq) VALUES (?, ?)
       ON CONFLICT (conversation_id) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > seen.seq`,
      conversationId,
      seq,
    ),
  )
  return changed > 0
}

export function saveDraft({ cache }: OpenSession, conversationId: string, text: string): void {
  cache.store.write(() => {
    if (text === '') {
      cache.store.run('DELETE FROM drafts WHERE conversation_id = ?', conversationId)
      return
    }
    cache.store.run(
      `INSERT INTO drafts (conversation_id, text, updated_at) VALUES (?, ?, ?)
       ON CONFLICT (conversation_id) DO UPDATE SET text = excluded.text, updated_at = excluded.updated_at`,
      conversationId,
      text,
      new Date().toISOString(),
    )
  })
}

/** A page of the thread; where the cache ends and the server is there, what it lacks is fetched first. */
export async function openThread(
  { cache, client }: OpenSession,
  isOnline: boolean,
  { conversationId, before, limit, reach }: z.output<(typeof ENGINE_INPUTS)['conversation.thread']>,
): Promise<ThreadPage> {
  let page = readThread(cache, conversationId, before, limit, reach)
  const messages = page.entries.filter(({ type }) => type === 'message').length
  const isShort = messages < limit && page.hasOlder && !isHistoryComplete(cache, conversationId)
  if (isShort && before !== null && client !== null && isOnline) {
    await fetchHistory(cache, client, conversationId)
    page = readThread(cache, conversationId, before, limit)
  }
  return { entries: page.entries, hasOlder: page.hasOlder, seenSeq: page.seenSeq }
}

async function fetchHistory(
  cache: Cache,
  client: ServerClient,
  conversationId: string,
): Promise<void> {
  const oldest = cache.store.get<{ seq: number | null }>(
    'SELECT MIN(seq) AS seq FROM messages WHERE conversation_id = ?',
    conversationId,
  )
  const older = await client.ask((trpc) =>
    trpc.conversations.history.query({ conversationId, beforeSeq: oldest?.seq ?? null }),
  )
  cache.store.write(() => {
    cache.applyRows([
      ...older.messages.map((row) => ({ op: 'put', kind: 'message', row }) as const),
      ...older.events.map((row) => ({ op: 'put', kind: 'event', row }) as const),
    ])
    if (older.hasOlder) return
    cache.store.run('UPDATE conversations SET history_complete = 1 WHERE id = ?', conversationId)
  })
}
