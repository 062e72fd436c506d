import { type Transaction } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'
import { type ConversationRecord } from './conversation-record.ts'

/**
 * The slot of a conversation that is being closed stays taken for the team's time, for whoever handled it and not
 * for whoever closes it. The rest of that person's capacity is free at once.
 */
export async function holdSlotForWrapUp(
  tx: Transaction,
  { id, team_id, assigned_to: userId }: ConversationRecord,
): Promise<void> {
  if (userId === null) return
  const held = await tx.run(sql`
    INSERT INTO wrap_ups (conversation_id, user_id, until)
    SELECT ${id}, ${userId}, NOW() + make_interval(secs => wrap_up_seconds)
    FROM team_settings WHERE team_id = ${team_id} AND wrap_up_seconds > 0
    ON CONFLICT (conversation_id) DO UPDATE SET user_id = excluded.user_id, until = excluded.until`)
  if (held === 0) return
  await showWrapUp(tx, userId)
  // With the person's row locked, so that two who close do not wait for each other in turn.
  await tx.run(sql`DELETE FROM wrap_ups WHERE user_id = ${userId} AND until <= NOW()`)
}

/** Open again, a conversation holds its slot by itself. */
export async function releaseWrapUp(tx: Transaction, conversationId: string): Promise<void> {
  const released = await tx.maybe<{ user_id: string }>(sql`
    DELETE FROM wrap_ups WHERE conversation_id = ${conversationId} RETURNING user_id`)
  if (released !== null) await showWrapUp(tx, released.user_id)
}

/** What workstations show of it: until when the last of a person's wrap-ups lasts. */
async function showWrapUp(tx: Transaction, userId: string): Promise<void> {
  await tx.run(sql`
    UPDATE agent_presence
    SET wrap_up_until = (SELECT MAX(until) FROM wrap_ups WHERE user_id = ${userId})
    WHERE user_id = ${userId}`)
}
