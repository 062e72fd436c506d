import { type Role } from '@parley/domain'

import { type AuditLog } from '../../platform/audit-log.ts'
import { type Transaction } from '../../platform/database.ts'
import { type Doer } from '../../platform/doer.ts'
import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import { fragment, sql } from '../../platform/sql.ts'
import { isBreakGlass } from '../accounts/index.ts'
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
      const before = await readRights(tx, userId)
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
 * Of all active administrators' rows, locked, one at least is somebody else's: two who go at once follow each other. Nor
 * is it the one whom a password lets in where single sign-on is forced.
 * @throws Failure `last_admin`, `break_glass`
 */
export async function requireAnotherAdmin(tx: Transaction, userId: string): Promise<void> {
  const why = await whyAdminStays(tx, userId)
  if (why !== null) throw new Failure(why)
}

/** Null: they may go. */
export async function whyAdminStays(
  tx: Transaction,
  userId: string,
): Promise<'last_admin' | 'break_glass' | null> {
  const admins = await tx.many<{ id: string }>(sql`
    SELECT id FROM users WHERE role = 'admin' AND is_active ORDER BY id FOR NO KEY UPDATE`)
  if (admins.length === 1 && admins[0]?.id === userId) return 'last_admin'
  return (await isBreakGlass(tx, userId)) ? 'break_glass' : null
}

/** Of whom, what they may until now, and on whose behalf. */
interface Change {
  userId: string
  before: Rights
  by: Doer
}

/** Within `changeRights`. */
export async function changeRole(
  audit: AuditLog,
  tx: Transaction,
  { userId, before, by }: Change,
  role: Role,
): Promise<void> {
  await tx.run(sql`UPDATE users SET role = ${role} WHERE id = ${userId}`)
  audit.record(tx, by, {
    action: 'person.role_changed',
    target: { kind: 'person', id: userId },
    before: { role: before.role },
    after: { role },
  })
}

/** Within `changeRights`. @param teamIds sorted */
export async function changeTeams(
  audit: AuditLog,
  tx: Transaction,
  { userId, before, by }: Change,
  teamIds: readonly string[],
): Promise<void> {
  await replaceTeams(tx, userId, teamIds)
  audit.record(tx, by, {
    action: 'person.teams_changed',
    target: { kind: 'person', id: userId },
    before: { teamIds: before.team_ids },
    after: { teamIds },
  })
}

export async function replaceTeams(
  tx: Transaction,
  userId: string,
  teamIds: readonly string[],
): Promise<void> {
  await tx.run(sql`
    DELETE FROM team_memberships WHERE user_id = ${userId} AND team_id <> ALL(${teamIds}::uuid[])`)
  await tx.run(sql`
    INSERT INTO team_memberships (id, user_id, team_id)
    SELECT new_id(), ${userId}, t.id FROM teams t WHERE t.id = ANY(${teamIds}::uuid[])
    ON CONFLICT (user_id, team_id) DO NOTHING`)
}

/** Of a person `u`. */
export const RIGHTS = fragment`
  u.role, u.is_active,
  ARRAY(SELECT m.team_id::text FROM team_memberships m WHERE m.user_id = u.id ORDER BY 1) AS team_ids`

async function readRights(tx: Transaction, userId: string): Promise<Rights> {
  const rights = await tx.maybe<Rights>(sql`
    SELECT ${RIGHTS} FROM users u WHERE u.id = ${userId}`)
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
