import { type Queryable, type Transaction } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { lockConversation, returnToQueue, type ConversationRecord } from '../conversations/index.ts'
import { fallbackTeam } from '../triage/index.ts'

/**
 * What an agent who is gone leaves unanswered goes back to the queue after the team's time, and at once all that
 * somebody has who is switched off.
 * @param listeningSince the database's time from which this process could have heard of anybody: after a restart of
 *   the server graces begin again
 */
export async function returnAbandoned(services: Services, listeningSince: Date): Promise<void> {
  for (const id of await abandoned(services.db, listeningSince)) {
    await services.db.transaction(async (tx) => {
      const conversation = await lockConversation(tx, id)
      // Somebody may have answered, taken it or come back since.
      const isStill = (await abandoned(tx, listeningSince, id)).length > 0
      if (conversation === null || !isStill) return
      await giveBack(services, tx, conversation, { actorId: null, reason: 'agent_gone' })
    })
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
    const went = await services.db.transaction(async (tx) => {
      const conversation = await lockConversation(tx, id)
      // Somebody may have answered or taken it since.
      if (conversation?.assigned_to !== userId || !NEEDS_AGENT.has(conversation.status))
        return false
      await giveBack(services, tx, conversation, { actorId: userId, reason: 'shift_ended' })
      return true
    })
    if (went) returned++
  }
  return returned
}

/** All that this person has goes back, in the caller's transaction, which holds these conversations locked. */
export async function giveBackAll(
  services: Services,
  tx: Transaction,
  userId: string,
): Promise<void> {
  const held = await tx.many<{ id: string }>(sql`
    SELECT id FROM conversations
    WHERE assigned_to = ${userId} AND status IN ('assigned', 'pending_customer', 'pending_agent')
    ORDER BY id`)
  for (const { id } of held) {
    const conversation = await lockConversation(tx, id)
    if (conversation === null) continue
    await giveBack(services, tx, conversation, { actorId: null, reason: 'agent_gone' })
  }
}

/** Offers to this person that they may not accept any more: of teams that are not theirs, or because they are switched off. */
export async function withdrawOffersBeyond(tx: Transaction, userId: string): Promise<void> {
  await tx.run(sql`
    UPDATE offers o SET outcome = 'withdrawn', decided_at = NOW()
    WHERE o.user_id = ${userId} AND o.outcome = 'open'
      AND NOT EXISTS (SELECT 1 FROM users u JOIN team_memberships m ON m.user_id = u.id
                      WHERE u.id = o.user_id AND u.is_active AND m.team_id = o.team_id)`)
}

/** In one turn; the next one goes on. */
const PAGE = 100
/** What the team's setting is by default, for what has no team. */
const WITHOUT_TEAM_SECONDS = 600
const NEEDS_AGENT: ReadonlySet<string> = new Set(['assigned', 'pending_agent'])

/** Into its team's queue; one that a person took before it had a team goes where triage sends what nothing places. */
async function giveBack(
  services: Services,
  tx: Transaction,
  conversation: ConversationRecord,
  by: { actorId: string | null; reason: string },
): Promise<void> {
  const teamId = conversation.team_id ?? (await fallbackTeam(tx))
  await returnToQueue(services, tx, conversation, { ...by, teamId })
}

/**
 * The grace counts from the latest of having got it, being gone, and our being there to notice.
 * @param id whether it is this one; without: some of all, and the next ones next time
 */
async function abandoned(db: Queryable, listeningSince: Date, id?: string): Promise<string[]> {
  const rows = await db.many<{ id: string }>(sql`
    SELECT c.id
    FROM users u
    LEFT JOIN agent_presence p ON p.user_id = u.id
    JOIN conversations c ON c.assigned_to = u.id AND c.status IN ('assigned', 'pending_customer', 'pending_agent')
    LEFT JOIN team_settings s ON s.team_id = c.team_id
    WHERE (${id ?? null}::uuid IS NULL OR c.id = ${id ?? null}::uuid)
      AND (NOT u.is_active
           OR (COALESCE(p.status, 'offline') = 'offline' AND c.status <> 'pending_customer'
               AND GREATEST(p.since, c.assigned_at, ${listeningSince}::timestamptz)
                   <= NOW() - make_interval(secs => COALESCE(s.return_unanswered_seconds, ${WITHOUT_TEAM_SECONDS}))))
    LIMIT ${PAGE}`)
  return rows.map((row) => row.id)
}
