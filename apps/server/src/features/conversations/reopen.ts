import { type Transaction } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { applyTransition, type TransitionDetails } from './apply-transition.ts'
import { teamSettings } from '../team-settings/index.ts'
import { newlyQueued, type ConversationRecord } from './conversation-record.ts'
import { releaseWrapUp } from './wrap-up.ts'

/** The customer wrote to a closed conversation. Null where the reopen window is over: a new one begins. */
export async function reopenForCustomer(
  services: Services,
  tx: Transaction,
  closed: ConversationRecord,
): Promise<ConversationRecord | null> {
  if (closed.closed_at === null || closed.team_id === null || closed.first_message_at === null) {
    return null
  }
  const [settings] = await teamSettings(tx, [closed.team_id])
  const closedForMs = closed.now.getTime() - closed.closed_at.getTime()
  if (settings === undefined || closedForMs > settings.reopenWindowSeconds * 1000) return null
  return reopen(services, tx, closed, { actorId: null })
}

/** To the same agent if they are online with room for it, else into the same team's queue. */
export async function reopen(
  services: Services,
  tx: Transaction,
  closed: ConversationRecord,
  by: { actorId: string | null },
): Promise<ConversationRecord> {
  const previous = closed.assigned_to
  await releaseWrapUp(tx, closed.id)
  const cleared = {
    closed_at: null,
    closed_by: null,
    close_reason: null,
    ...(await lastWordsOf(tx, closed)),
  }
  if (previous !== null && (await canTakeItBack(tx, previous, closed))) {
    return applyTransition(services, tx, closed, 'reopened_to_agent', {
      actorId: by.actorId,
      set: { ...cleared, assigned_at: closed.now },
      assignment: { method: 'reopen', explanation: { chosenBecause: 'previous_agent' } },
    })
  }
  return applyTransition(services, tx, closed, 'reopened_to_queue', {
    actorId: by.actorId,
    set: { ...cleared, assigned_to: null, ...newlyQueued(closed) },
  })
}

/** What the channel counts, it counts for the customer and not for each conversation: when they wrote last, and from where. */
async function lastWordsOf(
  tx: Transaction,
  conversation: ConversationRecord,
): Promise<Pick<ConversationRecord, 'last_inbound_at' | 'reply_identity_id'>> {
  const latest = await tx.maybe<
    Pick<ConversationRecord, 'last_inbound_at' | 'reply_identity_id'>
  >(sql`
    SELECT other.last_inbound_at, other.reply_identity_id
    FROM conversations other
    WHERE other.customer_id = ANY(ARRAY(SELECT same_person(${conversation.customer_id})))
      AND other.channel_account_id = ${conversation.channel_account_id} AND other.last_inbound_at IS NOT NULL
    ORDER BY other.last_inbound_at DESC LIMIT 1`)
  const { last_inbound_at, reply_identity_id } = latest ?? conversation
  return { last_inbound_at, reply_identity_id }
}

/**
 * What was taken for an answer did not reach the customer: back to whom it was, here or not, else into the queue.
 * Stays closed where the customer has a newer one open: what they wait for is said there.
 */
export async function reopenForOwner(
  services: Services,
  tx: Transaction,
  closed: ConversationRecord,
  details: Pick<TransitionDetails, 'actorId' | 'set' | 'metadata'>,
): Promise<void> {
  if (closed.team_id === null || (await openConversationOf(tx, closed)) !== null) return
  await releaseWrapUp(tx, closed.id)
  const set = { ...details.set, closed_at: null, closed_by: null, close_reason: null }
  if (closed.assigned_to !== null && (await isActive(tx, closed.assigned_to))) {
    await applyTransition(services, tx, closed, 'reopened_to_agent', {
      ...details,
      set: { ...set, assigned_at: closed.now },
      assignment: { method: 'reopen', explanation: { chosenBecause: 'previous_agent' } },
    })
  } else {
    await applyTransition(services, tx, closed, 'reopened_to_queue', {
      ...details,
      set: { ...set, assigned_to: null, ...newlyQueued(closed) },
    })
  }
}

/** @returns an open conversation of the person's on the same account */
export async function openConversationOf(
  tx: Transaction,
  { customer_id, channel_account_id }: ConversationRecord,
): Promise<string | null> {
  const open = await tx.maybe<{ id: string }>(sql`
    SELECT id FROM conversations
    WHERE customer_id = ANY(ARRAY(SELECT same_person(${customer_id})))
      AND channel_account_id = ${channel_account_id} AND status <> 'closed' LIMIT 1`)
  return open?.id ?? null
}

async function isActive(tx: Transaction, userId: string): Promise<boolean> {
  const person = await tx.maybe<{ is_active: boolean }>(sql`
    SELECT is_active FROM users WHERE id = ${userId}`)
  return person?.is_active === true
}

/** Locks the person's presence, as routing does, so that both count the same load. */
async function canTakeItBack(
  tx: Transaction,
  userId: string,
  conversation: ConversationRecord,
): Promise<boolean> {
  const presence = await tx.maybe<{ capacity: number; weight: number }>(sql`
    SELECT p.capacity, COALESCE((s.channel_weights->>${conversation.channel})::float8, 1) AS weight
    FROM agent_presence p
    JOIN users u ON u.id = p.user_id AND u.is_active
    JOIN team_memberships m ON m.user_id = p.user_id AND m.team_id = ${conversation.team_id}
    JOIN team_settings s ON s.team_id = m.team_id
    WHERE p.user_id = ${userId} AND p.status = 'online' AND p.is_connected AND NOT p.is_finishing
    FOR UPDATE OF p`)
  if (presence === null) return false
  const held = await tx.maybe<{ load: number }>(sql`
    SELECT load FROM loads_of(ARRAY[${userId}]::uuid[])`)
  return (held?.load ?? 0) + presence.weight <= presence.capacity
}
