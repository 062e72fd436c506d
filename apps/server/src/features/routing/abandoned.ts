import { type Queryable } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { lockConversation, returnToQueue } from '../conversations/index.ts'

/** What an agent who is gone leaves unanswered goes back to the queue after the team's time. */
export async function returnAbandoned(services: Services): Promise<void> {
  for (const { id } of await abandonedConversations(services.db, 100)) {
    await returnIfUnanswered(services, id, null, 'agent_gone')
  }
}

/** End of shift: what waits for this person goes back now. @returns how many went */
export async function returnAllOf(services: Services, userId: string): Promise<number> {
  const held = await services.db.many<{ id: string }>(sql`
    SELECT id FROM conversations
    WHERE assigned_to = ${userId} AND status IN ('assigned', 'pending_agent')`)
  let returned = 0
  for (const { id } of held) {
    // Each in its own transaction: routing locks conversations before people.
    if (await returnIfUnanswered(services, id, userId, 'shift_ended')) returned++
  }
  return returned
}

/** @param ownerId only if it is still theirs; null: whoever has it */
async function returnIfUnanswered(
  services: Services,
  id: string,
  ownerId: string | null,
  reason: string,
): Promise<boolean> {
  return services.db.transaction(async (tx) => {
    const conversation = await lockConversation(tx, id)
    // Somebody may have answered or taken it since.
    if (conversation?.status !== 'assigned' && conversation?.status !== 'pending_agent')
      return false
    if (ownerId !== null && conversation.assigned_to !== ownerId) return false
    await returnToQueue(services, tx, conversation, { actorId: ownerId, reason })
    return true
  })
}

function abandonedConversations(db: Queryable, limit: number): Promise<{ id: string }[]> {
  return db.many(sql`
    SELECT c.id FROM conversations c
    JOIN agent_presence p ON p.user_id = c.assigned_to AND p.status = 'offline'
    JOIN team_settings s ON s.team_id = c.team_id
    WHERE c.status IN ('assigned', 'pending_agent')
      AND p.since <= NOW() - make_interval(secs => s.return_unanswered_seconds)
    LIMIT ${limit}`)
}
