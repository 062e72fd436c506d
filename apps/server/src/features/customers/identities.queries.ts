import { type Channel, type Identity, type IdentityKind } from '@parley/domain'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { sql, unprepared } from '../../platform/sql.ts'

/** A living identity that came along, and whose it is. */
export interface KnownIdentity {
  id: string
  kind: IdentityKind
  external_id: string
  /** The row of `customers` that it hangs on, and the one that stands for the person. */
  customer_id: string
  person_id: string
  valid_from: Date
  last_seen_at: Date
  /** The person has another living identity of this kind, which did not come along. */
  has_other_user_id: boolean
  has_other_phone: boolean
  /** The person's, and whether the channel's newest one replaces it. */
  name: string | null
  is_name_typed: boolean
  /** All rows that are the person, their own one first. */
  row_ids: string[]
}

/** Makes whoever else is about to learn something of these identities wait until the transaction ends. */
export async function lockIdentities(
  tx: Transaction,
  channel: Channel,
  externalIds: readonly string[],
): Promise<void> {
  // Always in the same order, so that two of them never wait for each other.
  await tx.run(sql`
    SELECT pg_advisory_xact_lock(hash) FROM (
      SELECT DISTINCT hashtextextended(${channel} || ' ' || canonical_identity(${channel}, external_id), 2) AS hash
      FROM unnest(${externalIds}::text[]) AS external_id ORDER BY 1) AS ordered`)
}

export function knownIdentities(
  db: Queryable,
  channel: Channel,
  externalIds: readonly string[],
): Promise<KnownIdentity[]> {
  // Step by step, each by one index: joined freely, the planner would read whole tables as soon as it has not heard of
  // their growth.
  return db.many(sql`
    SELECT known.id, known.kind, known.external_id, known.customer_id, person.id AS person_id, known.valid_from,
           known.last_seen_at, others.user_ids > 0 AS has_other_user_id, others.phones > 0 AS has_other_phone,
           person.name, person.name_source = 'person' AS is_name_typed, rows.ids AS row_ids
    FROM (
      SELECT array_agg(DISTINCT canonical_identity(${channel}, external_id)) AS all_of_them
      FROM unnest(${externalIds}::text[]) AS external_id
    ) given
    CROSS JOIN LATERAL unnest(given.all_of_them) AS wanted(canonical)
    CROSS JOIN LATERAL (
      SELECT * FROM customer_identities i WHERE i.channel = ${channel} AND i.canonical = wanted.canonical LIMIT 1
    ) known
    CROSS JOIN LATERAL (
      SELECT COALESCE(u.merged_into_id, u.id) AS id FROM customers u WHERE u.id = known.customer_id LIMIT 1
    ) whose
    CROSS JOIN LATERAL (
      SELECT u.id, u.name, u.name_source FROM customers u WHERE u.id = whose.id LIMIT 1
    ) person
    CROSS JOIN LATERAL (
      SELECT ARRAY[person.id::text] || ARRAY(
        SELECT u.id::text FROM customers u WHERE u.merged_into_id = person.id ORDER BY u.id) AS ids
    ) rows
    CROSS JOIN LATERAL (
      SELECT COUNT(*) FILTER (WHERE o.kind = 'user_id') AS user_ids, COUNT(*) FILTER (WHERE o.kind = 'phone') AS phones
      FROM (SELECT * FROM customer_identities WHERE customer_id = ANY(rows.ids::uuid[]) OFFSET 0) o
      WHERE o.channel = ${channel} AND o.canonical <> ALL(given.all_of_them)
    ) others`)
}

/** Whose these identities were at that time, where that has ended since; null: nobody's. */
export async function formerOwner(
  db: Queryable,
  channel: Channel,
  externalIds: readonly string[],
  at: Date,
): Promise<string | null> {
  const row = await db.maybe<{ person_id: string }>(sql`
    SELECT COALESCE(u.merged_into_id, u.id) AS person_id
    FROM customer_identity_history h
    CROSS JOIN LATERAL (SELECT id, merged_into_id FROM customers WHERE id = h.customer_id LIMIT 1) u
    WHERE h.channel = ${channel}
      AND h.canonical = ANY(ARRAY(SELECT canonical_identity(${channel}, external_id)
                                  FROM unnest(${externalIds}::text[]) AS external_id))
      AND h.reason <> 'variant' AND h.ended_at >= ${at}
    ORDER BY h.ended_at LIMIT 1`)
  return row?.person_id ?? null
}

export interface NewIdentity {
  kind: IdentityKind
  externalId: string
  isPrimary: boolean
}

export function insertIdentities(
  tx: Transaction,
  owner: { customerId: string; channel: Channel; since: Date },
  identities: readonly NewIdentity[],
): Promise<{ id: string; kind: IdentityKind }[]> {
  if (identities.length === 0) return Promise.resolve([])
  return tx.many(sql`
    INSERT INTO customer_identities (
      id, customer_id, channel, external_id, kind, is_primary, verified_at, valid_from, last_seen_at)
    SELECT new_id(), ${owner.customerId}, ${owner.channel}, external_id, kind, is_primary, NOW(), ${owner.since},
           ${owner.since}
    FROM unnest(${identities.map(({ externalId }) => externalId)}::text[],
                ${identities.map(({ kind }) => kind)}::text[],
                ${identities.map(({ isPrimary }) => isPrimary)}::boolean[]) AS t(external_id, kind, is_primary)
    RETURNING id, kind`)
}

/** It is not theirs any more. Answers that went there go to what else is known of them. */
export async function endIdentity(
  tx: Transaction,
  identityId: string,
  endedAt: Date,
  reason: 'changed' | 'taken',
): Promise<void> {
  await tx.run(sql`
    WITH ended AS (DELETE FROM customer_identities WHERE id = ${identityId} RETURNING *)
    INSERT INTO customer_identity_history (
      id, customer_id, channel, external_id, kind, confidence, valid_from, ended_at, reason)
    SELECT new_id(), customer_id, channel, external_id, kind, confidence, valid_from,
           GREATEST(valid_from, ${endedAt}), ${reason} FROM ended`)
}

/** As the channel writes it now, and when it was last used. */
export async function noteIdentity(
  tx: Transaction,
  identityId: string,
  externalId: string,
  seenAt: Date,
): Promise<void> {
  await tx.run(sql`
    UPDATE customer_identities
    SET external_id = ${externalId}, last_seen_at = GREATEST(last_seen_at, ${seenAt})
    WHERE id = ${identityId}`)
}

/** Identities of which only their end is known. */
export async function insertEnded(
  tx: Transaction,
  owner: { customerId: string; channel: Channel; endedAt: Date },
  identities: readonly Identity[],
): Promise<void> {
  await tx.run(sql`
    INSERT INTO customer_identity_history (
      id, customer_id, channel, external_id, kind, confidence, valid_from, ended_at, reason)
    SELECT new_id(), ${owner.customerId}, ${owner.channel}, external_id, kind, 'channel', ${owner.endedAt},
           ${owner.endedAt}, 'changed'
    FROM unnest(${identities.map(({ externalId }) => externalId)}::text[],
                ${identities.map(({ kind }) => kind)}::text[]) AS t(external_id, kind)`)
}

export async function insertCustomer(
  tx: Transaction,
  customer: { channel: Channel; externalId: string; name: string | null },
): Promise<string> {
  const { channel, name } = customer
  const externalId = customer.externalId.slice(0, 255)
  const inserted = await tx.maybe<{ id: string }>(sql`
    INSERT INTO customers (id, external_id, channel, name)
    VALUES (new_id(), ${externalId}, ${channel}, ${name})
    ON CONFLICT (external_id) DO NOTHING
    RETURNING id`)
  if (inserted !== null) return inserted.id
  // Somebody else has it: on another channel, or in earlier times. Nobody is ever found by this column.
  const { id } = await tx.one<{ id: string }>(sql`
    WITH made AS (SELECT new_id() AS id)
    INSERT INTO customers (id, external_id, channel, name)
    SELECT id, left(${externalId}, 200) || ' (' || id || ')', ${channel}, ${name} FROM made
    RETURNING id`)
  return id
}

/** The channel's newest name, never over one that a person has typed. */
export async function noteName(
  tx: Transaction,
  rowIds: readonly string[],
  name: string,
): Promise<void> {
  // Seldom enough to be planned each time: a plan of when there were few customers would read all of them.
  await tx.run(
    unprepared(sql`
    UPDATE customers SET name = ${name}
    WHERE id = ANY(${rowIds}::uuid[]) AND name_source = 'channel' AND name IS DISTINCT FROM ${name}`),
  )
}

/** The row that stands for the person of whom this row is one. */
export async function personOf(db: Queryable, customerId: string): Promise<string> {
  const { id } = await db.one<{ id: string }>(sql`
    SELECT COALESCE(merged_into_id, id) AS id FROM customers WHERE id = ${customerId}`)
  return id
}

/** All rows that are this person, their own one first. */
export async function rowsOfPerson(db: Queryable, personId: string): Promise<string[]> {
  const rows = await db.many<{ id: string }>(sql`
    SELECT id FROM (
      SELECT id, 1 AS place FROM customers WHERE id = ${personId}
      UNION ALL
      SELECT id, 2 FROM customers WHERE merged_into_id = ${personId}) AS theirs
    ORDER BY place, id`)
  return rows.map(({ id }) => id)
}
