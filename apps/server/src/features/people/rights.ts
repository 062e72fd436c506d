import { type Role } from '@parley/domain'

import { type Transaction } from '../../platform/database.ts'
import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { settleAlertsOf } from '../alerts/index.ts'
import { lockPresence, withdrawOffersBeyond } from '../routing/index.ts'

export interface Rights {
  role: Role
  is_active: boolean
  team_ids: string[]
}

/**
 * Changes what a person may do, with all that follows from it: what they were told and what they were offered ends
 * where it is beyond their reach. Conversations are locked before people, as everywhere.
 * @param change is given what they may do now, locked
 * @throws Failure `not_found`
 */
export async function changeRights(
  services: Services,
  userId: string,
  change: (tx: Transaction, before: Rights) => Promise<void>,
): Promise<void> {
  const { db, signals } = services
  const attempt = (): Promise<boolean> =>
    db.transaction(async (tx) => {
      const locked = await lockConversationsOf(tx, userId)
      await lockPresence(tx, [userId])
      const before = await lockRights(tx, userId)
      if (!(await hasOnly(tx, userId, locked))) return false
      await change(tx, before)
      await settleAlertsOf(services, tx, userId)
      await withdrawOffersBeyond(tx, userId)
      tx.afterCommit(() => {
        signals.send('feed')
        signals.send('routing')
      })
      return true
    })
  // Given something in the moment before the lock, they begin again; with the lock nothing more is handed out to them.
  while (!(await attempt()));
}

/**
 * Of all active administrators' rows, locked, one at least is somebody else's: two who go at once follow each other.
 * @throws Failure `last_admin`
 */
export async function requireAnotherAdmin(tx: Transaction, userId: string): Promise<void> {
  const admins = await tx.many<{ id: string }>(sql`
    SELECT id FROM users WHERE role = 'admin' AND is_active ORDER BY id FOR NO KEY UPDATE`)
  const isOne = admins.some(({ id }) => id === userId)
  if (isOne && admins.length === 1) throw new Failure('last_admin')
}

async function lockRights(tx: Transaction, userId: string): Promise<Rights> {
  const rights = await tx.maybe<Rights>(sql`
    SELECT u.role, u.is_active,
           ARRAY(SELECT m.team_id::text FROM team_memberships m WHERE m.user_id = u.id ORDER BY 1) AS team_ids
    FROM users u WHERE u.id = ${userId}`)
  if (rights === null) throw new Failure('not_found')
  return rights
}

/** What this person has, is told of or answers for, in one order for all. @returns the ids */
async function lockConversationsOf(tx: Transaction, userId: string): Promise<string[]> {
  const rows = await tx.many<{ id: string }>(sql`
    SELECT id FROM conversations
    WHERE id IN (
      SELECT id FROM conversations
      WHERE assigned_to = ${userId} AND status IN ('assigned', 'pending_customer', 'pending_agent')
      UNION SELECT conversation_id FROM alerts WHERE user_id = ${userId} AND ended_at IS NULL
      UNION SELECT conversation_id FROM escalations WHERE escalated_to = ${userId} AND ended_at IS NULL)
    ORDER BY id FOR NO KEY UPDATE`)
  return rows.map(({ id }) => id)
}

/** Whether this person has nothing but these conversations. */
async function hasOnly(
  tx: Transaction,
  userId: string,
  conversationIds: readonly string[],
): Promise<boolean> {
  const other = await tx.maybe(sql`
    SELECT 1 FROM conversations
    WHERE assigned_to = ${userId} AND status IN ('assigned', 'pending_customer', 'pending_agent')
      AND id <> ALL(${conversationIds}::uuid[]) LIMIT 1`)
  return other === null
}
