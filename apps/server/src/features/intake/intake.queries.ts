import { type Channel } from '@parley/domain'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'
import { type CustomerReference } from '../channels/index.ts'
import { type ConversationRecord } from '../conversations/index.ts'

/** @returns the bodies' ids, in order */
export async function insertBodies(
  db: Queryable,
  bodies: { channel: Channel; body: Buffer }[],
): Promise<string[]> {
  const rows = await db.many<{ id: string }>(sql`
    INSERT INTO webhook_bodies (channel, body)
    SELECT channel, body
    FROM unnest(${bodies.map(({ channel }) => channel)}::text[], ${bodies.map(({ body }) => body)}::bytea[])
      WITH ORDINALITY AS given(channel, body, position)
    ORDER BY position
    RETURNING id`)
  return rows.map(({ id }) => id)
}

export async function markBodiesProcessed(db: Queryable, ids: string[]): Promise<void> {
  await db.run(sql`UPDATE webhook_bodies SET processed_at = NOW() WHERE id = ANY(${ids}::bigint[])`)
}

export interface StoredBody {
  id: string
  channel: Channel
  body: Buffer
}

/** Bodies that nobody has finished, the oldest first. */
export function unprocessedBodies(
  db: Queryable,
  olderThanSeconds: number,
  limit: number,
): Promise<StoredBody[]> {
  return db.many(sql`
    SELECT id, channel, body FROM webhook_bodies
    WHERE processed_at IS NULL AND received_at <= NOW() - make_interval(secs => ${olderThanSeconds})
    ORDER BY id LIMIT ${limit}`)
}

export async function insertQuarantined(
  db: Queryable,
  update: { bodyId: string; path: string; reason: string; detail: string },
): Promise<void> {
  await db.run(sql`
    INSERT INTO quarantined_updates (webhook_body_id, path, reason, detail)
    VALUES (${update.bodyId}, ${update.path}, ${update.reason.slice(0, 50)}, ${update.detail.slice(0, 2000)})
    ON CONFLICT (webhook_body_id, path) DO NOTHING`)
}

export async function findChannelAccount(
  db: Queryable,
  channel: Channel,
  externalId: string,
): Promise<string | null> {
  const row = await db.maybe<{ id: string }>(sql`
    SELECT id FROM channel_accounts
    WHERE channel = ${channel} AND external_id = ${externalId} AND is_active`)
  return row?.id ?? null
}

/** What is known of a customer by one of their identities. */
export interface KnownIdentity {
  identity: string
  customer_id: string
  customer_name: string | null
}

/**
 * Whoever is behind these identities, and their open conversation on this account, locked: all that most
 * messages need, in one round trip.
 */
export async function findCustomer(
  tx: Transaction,
  channel: Channel,
  channelAccountId: string,
  reference: CustomerReference,
): Promise<{ known: KnownIdentity[]; open: ConversationRecord | null }> {
  const rows = await tx.many<
    Omit<KnownIdentity, 'customer_id'> & { known_customer_id: string } & ConversationRecord
  >(sql`
    SELECT i.external_id AS identity, i.customer_id AS known_customer_id, u.name AS customer_name,
           v.*, NOW() AS now
    FROM customer_identities i
    JOIN customers u ON u.id = i.customer_id
    LEFT JOIN LATERAL (
      SELECT * FROM conversations
      WHERE customer_id = i.customer_id AND channel_account_id = ${channelAccountId}
        AND status <> 'closed'
      FOR NO KEY UPDATE) v ON TRUE
    WHERE i.channel = ${channel} AND i.external_id = ANY(${reference.identities}::text[])`)
  const known = rows.map((row) => ({
    identity: row.identity,
    customer_id: row.known_customer_id,
    customer_name: row.customer_name,
  }))
  const customerId = strongestOf(reference, known)?.customer_id
  const open = rows.find((row) => row.known_customer_id === customerId && row.id !== null) ?? null
  return { known, open }
}

/** Two identities may belong to two customers nobody has merged yet: the stronger one counts. */
function strongestOf(
  reference: CustomerReference,
  known: readonly KnownIdentity[],
): KnownIdentity | undefined {
  return reference.identities
    .map((identity) => known.find((row) => row.identity === identity))
    .find((row) => row !== undefined)
}

/** The customer's id, made known if new. Identities not seen before are added. */
export async function resolveCustomer(
  tx: Transaction,
  channel: Channel,
  reference: CustomerReference,
  known: readonly KnownIdentity[],
): Promise<string> {
  const strongest = strongestOf(reference, known)
  const customerId = strongest?.customer_id ?? (await insertCustomer(tx, channel, reference))
  if (strongest && strongest.customer_name === null && reference.name !== null) {
    await tx.run(sql`UPDATE customers SET name = ${reference.name} WHERE id = ${customerId}`)
  }
  const missing = reference.identities.filter(
    (identity) => !known.some((row) => row.identity === identity),
  )
  if (missing.length === 0) return customerId
  await tx.run(sql`
    INSERT INTO customer_identities (customer_id, channel, external_id, is_primary, verified_at)
    SELECT ${customerId}, ${channel}, identity, ${strongest === undefined} AND position = 1, NOW()
    FROM unnest(${missing}::text[]) WITH ORDINALITY AS given(identity, position)
    ON CONFLICT (channel, external_id) DO NOTHING`)
  if (strongest !== undefined) return customerId
  // Somebody else may have made the same customer known a moment ago: theirs is the one.
  const settled = await tx.one<{ customer_id: string }>(sql`
    SELECT customer_id FROM customer_identities
    WHERE channel = ${channel} AND external_id = ${missing[0]}`)
  return settled.customer_id
}

async function insertCustomer(
  tx: Transaction,
  channel: Channel,
  reference: CustomerReference,
): Promise<string> {
  const phone = reference.identities.find((identity) => identity.startsWith('+'))
  const externalId = phone ?? reference.identities[0]
  const inserted = await tx.maybe<{ id: string }>(sql`
    INSERT INTO customers (external_id, channel, name)
    VALUES (${externalId}, ${channel}, ${reference.name})
    ON CONFLICT (external_id) DO NOTHING
    RETURNING id`)
  if (inserted !== null) return inserted.id
  const existing = await tx.one<{ id: string; channel: Channel }>(sql`
    SELECT id, channel FROM customers WHERE external_id = ${externalId}`)
  if (existing.channel === channel) return existing.id
  // external_id is unique over all channels: the same text on another channel is somebody else.
  const prefixed = await tx.one<{ id: string }>(sql`
    INSERT INTO customers (external_id, channel, name)
    VALUES (${`${channel}:${externalId}`.slice(0, 255)}, ${channel}, ${reference.name})
    ON CONFLICT (external_id) DO UPDATE SET external_id = EXCLUDED.external_id
    RETURNING id`)
  return prefixed.id
}
