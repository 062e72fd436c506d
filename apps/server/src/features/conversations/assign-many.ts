import { RECORDED_AS, transition } from '@parley/domain'

import { type Transaction } from '../../platform/database.ts'
import { sql, toJson } from '../../platform/sql.ts'

/** What routing decided for one queued conversation, which the caller holds locked. */
export interface RoutedAssignment {
  conversationId: string
  userId: string
  explanation: object
}

/**
 * Gives queued conversations to the agents who were chosen: `applyTransition` for many at once, because a
 * queue that is handed out is many of the same. State, ownership and audit trail are one statement.
 */
export async function assignMany(
  tx: Transaction,
  assignments: readonly RoutedAssignment[],
): Promise<void> {
  if (assignments.length === 0) return
  await tx.run(sql`
    WITH chosen AS (
      SELECT c.id, c.team_id, t.position, t.user_id, t.explanation
      FROM jsonb_to_recordset(${toJson(
        assignments.map(({ conversationId, userId, explanation }, position) => ({
          position,
          conversation_id: conversationId,
          user_id: userId,
          explanation,
        })),
      )}::jsonb) AS t(position INT, conversation_id UUID, user_id UUID, explanation JSONB)
      JOIN conversations c ON c.id = t.conversation_id
    ), assigned AS (
      UPDATE conversations c
      SET status = ${transition('queued', 'agent_chosen')}, assigned_to = chosen.user_id,
          assigned_at = NOW(), queued_at = NULL, moved_by_time_at = NULL
      FROM chosen WHERE c.id = chosen.id
    ), owned AS (
      INSERT INTO conversation_assignments (id, conversation_id, user_id, team_id, method, explanation)
      SELECT new_id(), id, user_id, team_id, 'auto', explanation FROM chosen ORDER BY position
    )
    INSERT INTO conversation_events (
      id, conversation_id, event_type, actor_type, old_value, new_value, metadata)
    SELECT new_id(), id, ${RECORDED_AS.agent_chosen}, 'system',
           jsonb_build_object('status', 'queued', 'assigned_to', NULL, 'team_id', team_id),
           jsonb_build_object('status', ${transition('queued', 'agent_chosen')}::text,
                              'assigned_to', user_id, 'team_id', team_id),
           jsonb_build_object('assignment_method', 'auto', 'explanation', explanation)
    FROM chosen ORDER BY position`)
}
