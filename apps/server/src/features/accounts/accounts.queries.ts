import { type PersonRow } from '@parley/contracts'
import { type Role } from '@parley/domain'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'
import { toPersonRow } from './accounts.rows.ts'

export interface Credentials {
  id: string
  password_hash: string
  is_active: boolean
}

export function findCredentials(db: Queryable, email: string): Promise<Credentials | null> {
  return db.maybe(sql`
    SELECT id, password_hash, is_active FROM users WHERE LOWER(email) = LOWER(${email})`)
}

export async function findPerson(db: Queryable, userId: string): Promise<PersonRow> {
  return toPersonRow(await db.one<object>(sql`SELECT * FROM person_rows WHERE id = ${userId}`))
}

export interface NewSession {
  userId: string
  device: { id: string; name: string; platform: string }
}

/** A device has one session: signing in again on it replaces the one before. */
export async function insertSession(
  tx: Transaction,
  { userId, device }: NewSession,
): Promise<{ id: string; replaced: string[] }> {
  await tx.run(sql`
    INSERT INTO devices (id, name, platform) VALUES (${device.id}, ${device.name}, ${device.platform})
    ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name`)
  const replaced = await tx.many<{ id: string }>(sql`
    UPDATE sessions SET ended_at = NOW(), end_reason = 'replaced'
    WHERE device_id = ${device.id} AND ended_at IS NULL RETURNING id`)
  const { id } = await tx.one<{ id: string }>(sql`
    INSERT INTO sessions (id, user_id, device_id) VALUES (new_id(), ${userId}, ${device.id}) RETURNING id`)
  return { id, replaced: replaced.map((session) => session.id) }
}

export async function insertRefreshToken(
  tx: Transaction,
  sessionId: string,
  hash: Buffer,
  predecessor: Buffer | null,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO refresh_tokens (hash, session_id, predecessor)
    VALUES (${hash}, ${sessionId}, ${predecessor})`)
}

export interface StoredRefreshToken {
  session_id: string
  predecessor: Buffer | null
  /** Milliseconds since a successor was issued; null: none was. */
  rotated_ms_ago: number | null
  is_retired: boolean
  session_ended: boolean
  user_active: boolean
}

/** Locks the session's row, so that two refreshes of one session follow each other. */
export function lockRefreshToken(
  tx: Transaction,
  hash: Buffer,
): Promise<StoredRefreshToken | null> {
  return tx.maybe(sql`
    SELECT t.session_id, t.predecessor, t.retired_at IS NOT NULL AS is_retired,
           (EXTRACT(EPOCH FROM NOW() - t.rotated_at) * 1000)::float8 AS rotated_ms_ago,
           s.ended_at IS NOT NULL AS session_ended, u.is_active AS user_active
    FROM refresh_tokens t
    JOIN sessions s ON s.id = t.session_id
    JOIN users u ON u.id = s.user_id
    WHERE t.hash = ${hash}
    FOR UPDATE OF s, t`)
}

/** The presented token begins its rotation; its predecessor and unused siblings are over. */
export async function rotateRefreshToken(
  tx: Transaction,
  hash: Buffer,
  predecessor: Buffer | null,
): Promise<void> {
  await tx.run(sql`
    UPDATE refresh_tokens SET retired_at = NOW()
    WHERE retired_at IS NULL AND (hash = ${predecessor} OR predecessor = ${hash})`)
  await tx.run(sql`
    UPDATE refresh_tokens SET rotated_at = COALESCE(rotated_at, NOW()) WHERE hash = ${hash}`)
}

export async function touchSession(tx: Transaction, sessionId: string): Promise<void> {
  await tx.run(sql`UPDATE sessions SET last_used_at = NOW() WHERE id = ${sessionId}`)
}

export type SessionEnd = 'signed_out' | 'revoked' | 'token_reused' | 'deactivated'

export async function endSession(
  db: Queryable,
  sessionId: string,
  reason: SessionEnd,
): Promise<string[]> {
  const rows = await db.many<{ id: string }>(sql`
    UPDATE sessions SET ended_at = NOW(), end_reason = ${reason}
    WHERE id = ${sessionId} AND ended_at IS NULL RETURNING id`)
  return rows.map(({ id }) => id)
}

export async function endSessionsOf(
  db: Queryable,
  userId: string,
  reason: SessionEnd,
): Promise<string[]> {
  const rows = await db.many<{ id: string }>(sql`
    UPDATE sessions SET ended_at = NOW(), end_reason = ${reason}
    WHERE user_id = ${userId} AND ended_at IS NULL RETURNING id`)
  return rows.map(({ id }) => id)
}

export function sessionsOf(db: Queryable, userId: string): Promise<{ id: string }[]> {
  return db.many(sql`
    SELECT s.id, d.name AS device_name, d.platform, s.created_at, s.last_used_at
    FROM sessions s JOIN devices d ON d.id = s.device_id
    WHERE s.user_id = ${userId} AND s.ended_at IS NULL ORDER BY s.last_used_at DESC`)
}

export async function ownsSession(
  db: Queryable,
  userId: string,
  sessionId: string,
): Promise<boolean> {
  const row = await db.maybe(sql`
    SELECT 1 FROM sessions WHERE id = ${sessionId} AND user_id = ${userId} AND ended_at IS NULL`)
  return row !== null
}

export async function updateRole(tx: Transaction, userId: string, role: Role): Promise<void> {
  await tx.run(sql`UPDATE users SET role = ${role} WHERE id = ${userId}`)
}

export async function updateActive(
  tx: Transaction,
  userId: string,
  isActive: boolean,
): Promise<void> {
  await tx.run(sql`UPDATE users SET is_active = ${isActive} WHERE id = ${userId}`)
}

export function lockActiveAdmins(tx: Transaction): Promise<{ id: string }[]> {
  return tx.many(sql`
    SELECT id FROM users WHERE role = 'admin' AND is_active ORDER BY id FOR NO KEY UPDATE`)
}

/** What this person has, is told of or answers for, in one order for all. @returns the ids */
export async function lockConversationsOf(tx: Transaction, userId: string): Promise<string[]> {
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
export async function hasOnly(
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

export async function replaceTeams(
  tx: Transaction,
  userId: string,
  teamIds: string[],
): Promise<void> {
  await tx.run(sql`
    DELETE FROM team_memberships WHERE user_id = ${userId} AND team_id <> ALL(${teamIds}::uuid[])`)
  await tx.run(sql`
    INSERT INTO team_memberships (id, user_id, team_id)
    SELECT new_id(), ${userId}, t.id FROM teams t WHERE t.id = ANY(${teamIds}::uuid[])
    ON CONFLICT (user_id, team_id) DO NOTHING`)
}
