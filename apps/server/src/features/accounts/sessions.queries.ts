import { type SessionPlace } from '@parley/contracts'

import { SESSION_IS_EXPIRED } from '../../platform/actor.ts'
import { type Queryable, type Transaction } from '../../platform/database.ts'
import { every, fragment, sql, type Fragment } from '../../platform/sql.ts'

/**
 * Living sessions: one, which may have to be a person's; those of a person's, on one device or on all, but one; or those
 * that hang on one of a provider's, or on all of a subject's there.
 */
export type WhichSessions =
  | { sessionId: string; userId?: string }
  | { userId: string; deviceId?: string; except?: string }
  | { providerId: string; subject: string | null; providerSession: string | null }

export type SessionEnd =
  | 'signed_out'
  | 'revoked'
  | 'replaced'
  | 'token_reused'
  | 'deactivated'
  | 'expired'
  | 'password_changed'
  | 'provider_ended'

export interface Ended {
  id: string
  user_id: string
}

export function endSessionRows(
  db: Queryable,
  which: WhichSessions,
  reason: SessionEnd,
): Promise<Ended[]> {
  const conditions = [fragment`ended_at IS NULL`, ...conditionsOf(which)]
  return db.many(sql`
    UPDATE sessions SET ended_at = NOW(), end_reason = ${reason}
    WHERE ${every(conditions)} RETURNING id, user_id`)
}

function conditionsOf(which: WhichSessions): Fragment[] {
  if ('providerId' in which) {
    const { providerId, subject, providerSession } = which
    return [
      fragment`provider_id = ${providerId}`,
      ...(subject === null ? [] : [fragment`subject = ${subject}`]),
      ...(providerSession === null ? [] : [fragment`provider_session = ${providerSession}`]),
    ]
  }
  const conditions: Fragment[] = []
  if (which.userId !== undefined) conditions.push(fragment`user_id = ${which.userId}`)
  if ('sessionId' in which) conditions.push(fragment`id = ${which.sessionId}`)
  else {
    if (which.deviceId !== undefined) conditions.push(fragment`device_id = ${which.deviceId}`)
    if (which.except !== undefined) conditions.push(fragment`id <> ${which.except}`)
  }
  return conditions
}

export function endExpiredSessions(db: Queryable): Promise<Ended[]> {
  return db.many(sql`
    UPDATE sessions SET ended_at = NOW(), end_reason = 'expired'
    WHERE id IN (
      SELECT s.id FROM sessions s CROSS JOIN security_policy p
      WHERE s.ended_at IS NULL AND ${SESSION_IS_EXPIRED} FOR UPDATE OF s SKIP LOCKED)
    RETURNING id, user_id`)
}

/** @returns when the session ends at the latest */
export async function insertRefreshToken(
  tx: Transaction,
  sessionId: string,
  hash: Buffer,
  predecessor: Buffer | null,
): Promise<Date> {
  const { ends_at } = await tx.one<{ ends_at: Date }>(sql`
    WITH issued AS (
      INSERT INTO refresh_tokens (hash, session_id, predecessor)
      VALUES (${hash}, ${sessionId}, ${predecessor})
    )
    SELECT s.created_at + make_interval(mins => p.session_lifetime_minutes) AS ends_at
    FROM sessions s CROSS JOIN security_policy p WHERE s.id = ${sessionId}`)
  return ends_at
}

export interface StoredRefreshToken {
  session_id: string
  user_id: string
  predecessor: Buffer | null
  /** Milliseconds since a successor was issued; null: none was. */
  rotated_ms_ago: number | null
  is_retired: boolean
  is_expired: boolean
  session_ended: boolean
  user_active: boolean
}

/** Locks the session's row, so that two refreshes of one session follow each other. */
export function lockRefreshToken(
  tx: Transaction,
  hash: Buffer,
): Promise<StoredRefreshToken | null> {
  return tx.maybe(sql`
    SELECT t.session_id, s.user_id, t.predecessor, t.retired_at IS NOT NULL AS is_retired,
           (EXTRACT(EPOCH FROM NOW() - t.rotated_at) * 1000)::float8 AS rotated_ms_ago,
           ${SESSION_IS_EXPIRED} AS is_expired,
           s.ended_at IS NOT NULL AS session_ended, u.is_active AS user_active
    FROM refresh_tokens t
    JOIN sessions s ON s.id = t.session_id
    JOIN users u ON u.id = s.user_id
    CROSS JOIN security_policy p
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

export async function touchSession(
  tx: Transaction,
  sessionId: string,
  address: string | null,
): Promise<void> {
  await tx.run(sql`
    UPDATE sessions SET last_used_at = NOW(), address = ${address} WHERE id = ${sessionId}`)
}

/** A person's living ones. */
export function sessionsOf(db: Queryable, userId: string): Promise<{ id: string }[]> {
  return db.many(sql`
    SELECT s.id, d.name AS device_name, d.platform, s.created_at, s.last_used_at
    FROM sessions s JOIN devices d ON d.id = s.device_id
    WHERE s.user_id = ${userId} AND s.ended_at IS NULL ORDER BY s.last_used_at DESC`)
}

/** Everybody's, the longest unheard first, those after one of them. */
export function livingSessions(
  db: Queryable,
  { userId, page, limit }: { userId: string | null; page: SessionPlace | null; limit: number },
): Promise<LivingSessionRecord[]> {
  return db.many(sql`
    SELECT to_char(s.last_used_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS place, s.id, s.user_id, d.name AS device_name, d.platform, s.address, s.created_at, s.last_used_at
    FROM sessions s JOIN devices d ON d.id = s.device_id
    WHERE s.ended_at IS NULL
      AND (${userId}::uuid IS NULL OR s.user_id = ${userId}::uuid)
      AND (${page?.lastUsedAt ?? null}::timestamptz IS NULL
           OR (s.last_used_at, s.id) > (${page?.lastUsedAt ?? null}::timestamptz, ${page?.id ?? null}::uuid))
    ORDER BY s.last_used_at, s.id LIMIT ${limit}`)
}

export interface LivingSessionRecord {
  id: string
  /** `last_used_at` to the microsecond, which a `Date` does not hold. */
  place: string
}

export async function countLivingSessions(db: Queryable, userId: string | null): Promise<number> {
  const { count } = await db.one<{ count: number }>(sql`
    SELECT COUNT(*)::int AS count FROM sessions
    WHERE ended_at IS NULL AND (${userId}::uuid IS NULL OR user_id = ${userId}::uuid)`)
  return count
}
