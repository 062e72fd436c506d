import { DEFAULT_PENDING_CUSTOMER_FRACTION } from '@parley/domain'

import { type Transaction } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'
import { applyTransition } from './apply-transition.ts'
import { teamSettings, type ConversationRecord } from './conversation-record.ts'

/** The customer wrote to a closed conversation. Null where the reopen window is over: a new one begins. */
export async function reopenForCustomer(
  tx: Transaction,
  closed: ConversationRecord,
): Promise<ConversationRecord | null> {
  if (closed.closed_at === null || closed.team_id === null || closed.first_message_at === null) {
    return null
  }
  const settings = await teamSettings(tx, closed.team_id)
  const closedForMs = closed.now.getTime() - closed.closed_at.getTime()
  if (closedForMs > settings.reopen_window_seconds * 1000) return null
  return reopen(tx, closed, { actorId: null, fraction: settings.pending_customer_fraction })
}

/** To the same agent if they are online with room for it, else into the same team's queue. */
export async function reopen(
  tx: Transaction,
  closed: ConversationRecord,
  by: { actorId: string | null; fraction?: number },
): Promise<ConversationRecord> {
  const previous = closed.assigned_to
  const cleared = { closed_at: null, closed_by: null, close_reason: null }
  const hasRoom =
    previous !== null &&
    (await canTakeOneMore(
      tx,
      previous,
      closed.team_id,
      by.fraction ?? DEFAULT_PENDING_CUSTOMER_FRACTION,
    ))
  if (hasRoom) {
    return applyTransition(tx, closed, 'reopened_to_agent', {
      actorId: by.actorId,
      set: { ...cleared, assigned_at: closed.now },
      assignment: { method: 'reopen', explanation: { chosenBecause: 'previous_agent' } },
    })
  }
  return applyTransition(tx, closed, 'reopened_to_queue', {
    actorId: by.actorId,
    set: { ...cleared, assigned_to: null, queued_at: closed.now },
  })
}

/** Locks the person's presence, as routing does, so that both count the same load. */
async function canTakeOneMore(
  tx: Transaction,
  userId: string,
  teamId: string | null,
  fraction: number,
): Promise<boolean> {
  const presence = await tx.maybe<{ capacity: number }>(sql`
    SELECT p.capacity FROM agent_presence p
    JOIN users u ON u.id = p.user_id AND u.is_active
    WHERE p.user_id = ${userId} AND p.status = 'online'
      AND EXISTS (SELECT 1 FROM team_memberships m WHERE m.user_id = p.user_id AND m.team_id = ${teamId})
    FOR UPDATE OF p`)
  if (presence === null) return false
  const { load } = await tx.one<{ load: number }>(sql`
    SELECT COALESCE(SUM(CASE WHEN status = 'pending_customer' THEN ${fraction}::float8 ELSE 1 END), 0)::float8 AS load
    FROM conversations
    WHERE assigned_to = ${userId} AND status IN ('assigned', 'pending_agent', 'pending_customer')`)
  return load + 1 <= presence.capacity
}
