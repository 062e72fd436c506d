import { type Channel, type ConversationState, type Priority } from '@parley/domain'

import { type Transaction } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { sql, toJson } from '../../platform/sql.ts'
import { updateClocks } from '../sla/index.ts'

/** A conversation as commands see it: a row of `conversations`, locked by the transaction that read it. */
export interface ConversationRecord {
  id: string
  customer_id: string
  channel: Channel
  channel_account_id: string
  team_id: string | null
  assigned_to: string | null
  status: ConversationState
  priority: Priority
  language: string | null
  required_skills: Record<string, number>
  first_message_at: Date | null
  first_response_at: Date | null
  assigned_at: Date | null
  queued_at: Date | null
  closed_at: Date | null
  closed_by: string | null
  close_reason: string | null
  waiting_since: Date | null
  last_inbound_at: Date | null
  last_message_at: Date | null
  last_agent_id: string | null
  /** The nearest running clock's; follows from the rest, see `changeConversation`. */
  next_due_at: Date | null
  /** Overflowed, or moved because its team was closed, since it was queued. */
  moved_by_time_at: Date | null
  told_closed_at: Date | null
  /** Who wrote last: answers go there; null: to what is known of the customer. */
  reply_identity_id: string | null
  created_at: Date
  /** The database's clock when the row was read: the authority on time. */
  now: Date
}

/** Waits for whoever else is changing it. Null where there is none. */
export function lockConversation(tx: Transaction, id: string): Promise<ConversationRecord | null> {
  return tx.maybe(sql`SELECT *, NOW() AS now FROM conversations WHERE id = ${id} FOR NO KEY UPDATE`)
}

/** Those of several that nobody else is changing at the moment. */
export function lockFreeConversations(
  tx: Transaction,
  ids: readonly string[],
): Promise<ConversationRecord[]> {
  return tx.many(sql`
    SELECT *, NOW() AS now FROM conversations WHERE id = ANY(${ids}::uuid[])
    ORDER BY id FOR NO KEY UPDATE SKIP LOCKED`)
}

/** The open conversation of any of these customers on this account, else the newest closed one, locked. */
export function lockLatestConversation(
  tx: Transaction,
  customerIds: readonly string[],
  channelAccountId: string,
): Promise<ConversationRecord | null> {
  return tx.maybe(sql`
    SELECT *, NOW() AS now FROM conversations
    WHERE customer_id = ANY(${customerIds}::uuid[]) AND channel_account_id = ${channelAccountId}
    ORDER BY (status <> 'closed') DESC, last_inbound_at DESC NULLS LAST, created_at DESC
    LIMIT 1
    FOR NO KEY UPDATE`)
}

/** Opens a conversation. Null where somebody else opened one at the same moment. */
export function insertConversation(
  tx: Transaction,
  conversation: {
    customerId: string
    channel: Channel
    channelAccountId: string
    firstMessageAt: Date
    replyIdentityId: string | null
  },
): Promise<ConversationRecord | null> {
  return tx.maybe(sql`
    INSERT INTO conversations (
      id, customer_id, channel, channel_account_id, reply_identity_id, status,
      first_message_at, waiting_since, last_inbound_at, last_message_at)
    VALUES (
      new_id(), ${conversation.customerId}, ${conversation.channel}, ${conversation.channelAccountId},
      ${conversation.replyIdentityId}, 'new',
      ${conversation.firstMessageAt}, ${conversation.firstMessageAt}, ${conversation.firstMessageAt},
      ${conversation.firstMessageAt})
    ON CONFLICT (customer_id, channel_account_id) WHERE status <> 'closed' DO NOTHING
    RETURNING *, NOW() AS now`)
}

/** A conversation that only holds something quiet: it is nobody's turn, so it begins closed. */
export function insertClosedConversation(
  tx: Transaction,
  conversation: { customerId: string; channel: Channel; channelAccountId: string },
): Promise<ConversationRecord> {
  return tx.one(sql`
    INSERT INTO conversations (
      id, customer_id, channel, channel_account_id, status, closed_at, close_reason)
    VALUES (
      new_id(), ${conversation.customerId}, ${conversation.channel}, ${conversation.channelAccountId},
      'closed', NOW(), 'nothing_to_answer')
    RETURNING *, NOW() AS now`)
}

/**
 * Writes what a command has changed, and brings the service level's clocks to what follows from it.
 * @returns the row as it stands then
 */
export async function changeConversation(
  services: Services,
  tx: Transaction,
  current: ConversationRecord,
  change: Partial<ConversationRecord>,
): Promise<ConversationRecord> {
  const [changed] = await changeConversations(services, tx, [
    { current, next: { ...current, ...change } },
  ])
  return changed as ConversationRecord
}

/** The same for several at once, which one moment read. @returns in order, as they stand then */
export async function changeConversations(
  services: Services,
  tx: Transaction,
  changes: readonly { current: ConversationRecord; next: ConversationRecord }[],
): Promise<ConversationRecord[]> {
  const dueAt = await updateClocks(services, tx, changes)
  const changed = changes.map(({ next }, index) => ({ ...next, next_due_at: dueAt[index] ?? null }))
  // Each by its id: for many at once the planner might read all there are, and keep that plan.
  await Promise.all(changed.map((next) => saveConversation(tx, next)))
  return changed
}

async function saveConversation(tx: Transaction, next: ConversationRecord): Promise<void> {
  await tx.run(sql`
    UPDATE conversations SET
      team_id = ${next.team_id}, assigned_to = ${next.assigned_to}, status = ${next.status},
      priority = ${next.priority}, language = ${next.language},
      required_skills = ${toJson(next.required_skills)},
      first_message_at = ${next.first_message_at}, first_response_at = ${next.first_response_at},
      assigned_at = ${next.assigned_at}, queued_at = ${next.queued_at}, closed_at = ${next.closed_at},
      closed_by = ${next.closed_by}, close_reason = ${next.close_reason},
      waiting_since = ${next.waiting_since}, last_inbound_at = ${next.last_inbound_at},
      last_message_at = ${next.last_message_at}, last_agent_id = ${next.last_agent_id},
      next_due_at = ${next.next_due_at},
      reply_identity_id = ${next.reply_identity_id},
      moved_by_time_at = ${next.moved_by_time_at}, told_closed_at = ${next.told_closed_at}
    WHERE id = ${next.id}`)
}

/** Its row is another one to workstations, though none of its columns has changed: it says what hangs on it. */
export async function touchConversation(tx: Transaction, id: string): Promise<void> {
  await tx.run(sql`UPDATE conversations SET updated_at = NOW() WHERE id = ${id}`)
}

/** What begins anew whenever a conversation comes into a queue. */
export function newlyQueued({
  now,
}: ConversationRecord): Pick<
  ConversationRecord,
  'queued_at' | 'moved_by_time_at' | 'told_closed_at'
> {
  return { queued_at: now, moved_by_time_at: null, told_closed_at: null }
}
