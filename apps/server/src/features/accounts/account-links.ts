import { randomBytes } from 'node:crypto'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { Failure } from '../../platform/failure.ts'
import { sql } from '../../platform/sql.ts'
import { hashToken } from './tokens.ts'

export type LinkPurpose = 'invitation' | 'reset'

/** An invitation waits for somebody's first day, a reset for somebody who stands there. */
const LIFETIME_HOURS: Record<LinkPurpose, number> = { invitation: 7 * 24, reset: 24 }

/** Ends the one before: a person has one at a time. */
export async function makeLink(
  tx: Transaction,
  userId: string,
  purpose: LinkPurpose,
): Promise<{ token: string; expiresAt: Date }> {
  const token = randomBytes(32).toString('base64url')
  await endLinksOf(tx, userId)
  const { expires_at } = await tx.one<{ expires_at: Date }>(sql`
    INSERT INTO account_links (hash, user_id, purpose, expires_at)
    VALUES (${hashToken(token)}, ${userId}, ${purpose}, NOW() + make_interval(hours => ${LIFETIME_HOURS[purpose]}))
    RETURNING expires_at`)
  return { token, expiresAt: expires_at }
}

export async function endLinksOf(tx: Transaction, userId: string): Promise<void> {
  await tx.run(sql`
    UPDATE account_links SET ended_at = NOW() WHERE user_id = ${userId} AND ended_at IS NULL`)
}

export interface OpenLink {
  purpose: LinkPurpose
  user_id: string
  email: string
  full_name: string
}

/** @throws Failure `link_over`, of one that never was, too */
export async function findLink(db: Queryable, token: string): Promise<OpenLink> {
  const link = await db.maybe<OpenLink>(sql`
    SELECT l.purpose, l.user_id, u.email, u.full_name
    FROM account_links l JOIN users u ON u.id = l.user_id AND u.is_active
    WHERE l.hash = ${hashToken(token)} AND l.ended_at IS NULL AND l.expires_at > NOW()`)
  if (link === null) throw new Failure('link_over')
  return link
}
