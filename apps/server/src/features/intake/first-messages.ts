import { canonicalPhone, type Channel } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { sql, toJson } from '../../platform/sql.ts'
import { storeByChannel, type AddressedMessage, type Placed } from './by-channel.ts'

export interface FirstMessage {
  conversation_id: string
}

/**
 * Stores the first words of people of whom nobody has heard: with them their identities, their conversation and how it
 * began, any number in one statement. All of them or none: where the database refuses one, because somebody else's words
 * were faster, each is to be looked at alone.
 *
 * @returns in order; null for a message that is something else and was not touched
 * @throws whatever the database refuses
 */
export function storeFirstMessages(
  db: Queryable,
  given: readonly AddressedMessage[],
): Promise<(FirstMessage | null)[]> {
  return storeByChannel(given, ofDifferentPeople, async (channel, messages) =>
    (await store(db, channel, messages)).map(({ position, ...result }) => ({ position, result })),
  )
}

/** The first of each: whoever writes twice at once is known by the second. */
function ofDifferentPeople(messages: readonly Placed[]): readonly Placed[] {
  const seen = new Set<string>()
  return messages.filter(([, { message }]) => {
    const identities = message.customer.identities.map(({ externalId }) =>
      canonicalPhone(externalId),
    )
    const isAlone = !identities.some((one) => seen.has(one))
    for (const one of identities) seen.add(one)
    return isAlone
  })
}

function store(
  db: Queryable,
  channel: Channel,
  given: readonly AddressedMessage[],
): Promise<({ position: number } & FirstMessage)[]> {
  const messages = given.map(({ channelAccountId, message }, position) => {
    const { identities, name } = message.customer
    const used = identities.find(({ kind }) => kind === 'phone') ?? identities[0]
    return {
      position,
      channel_account_id: channelAccountId,
      identities: identities.map(({ kind, externalId }, index) => ({
        kind,
        external_id: externalId,
        is_primary: index === 0,
        is_used: externalId === used.externalId,
      })),
      named: used.externalId.slice(0, 255),
      name,
      channel_message_id: message.channelMessageId,
      content_type: message.contentType,
      content_text: message.text,
      content: message.content,
      sent_at: message.sentAt,
      quoted: message.quotedChannelMessageId,
    }
  })
  return db.many(sql`
    WITH given AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${toJson(messages)}::jsonb) AS t(
        position INT, channel_account_id UUID, identities JSONB, named TEXT, name TEXT, channel_message_id TEXT,
        content_type TEXT, content_text TEXT, content JSONB, sent_at TIMESTAMPTZ, quoted TEXT)
    ), told AS MATERIALIZED (
      SELECT given.position, new_id() AS id, i.*, canonical_identity(${channel}, i.external_id) AS canonical
      FROM given
      CROSS JOIN LATERAL jsonb_to_recordset(given.identities) AS i(
        kind TEXT, external_id TEXT, is_primary BOOLEAN, is_used BOOLEAN)
    ), locked AS MATERIALIZED (
      -- As lockIdentities has it. What is read here may be older than what the lock waited for; then the identities'
      -- own uniqueness refuses them.
      SELECT pg_advisory_xact_lock(hash) FROM (
        SELECT DISTINCT hashtextextended(${channel} || ' ' || canonical, 2) AS hash FROM told ORDER BY 1) ordered
    ), fresh AS MATERIALIZED (
      SELECT given.*, new_id() AS customer_id, new_id() AS conversation_id
      FROM given
      WHERE (SELECT COUNT(*) FROM locked) > 0
        AND NOT EXISTS (
          SELECT FROM told
          CROSS JOIN LATERAL (
            SELECT FROM customer_identities k
            WHERE k.channel = ${channel} AND k.canonical = told.canonical LIMIT 1) known
          WHERE told.position = given.position)
        AND NOT EXISTS (
          SELECT FROM told
          CROSS JOIN LATERAL (
            SELECT FROM customer_identity_history h
            WHERE h.channel = ${channel} AND h.canonical = told.canonical LIMIT 1) formerly
          WHERE told.position = given.position)
        AND NOT EXISTS (SELECT FROM customers u WHERE u.external_id = given.named)
        AND NOT EXISTS (SELECT FROM messages m WHERE m.channel_message_id = given.channel_message_id)
    ), named AS (
      INSERT INTO customers (id, external_id, channel, name)
      SELECT customer_id, named, ${channel}, name FROM fresh
    ), identified AS (
      INSERT INTO customer_identities (
        id, customer_id, channel, external_id, kind, is_primary, verified_at, valid_from, last_seen_at)
      SELECT told.id, fresh.customer_id, ${channel}, told.external_id, told.kind, told.is_primary, NOW(), fresh.sent_at,
             fresh.sent_at
      FROM fresh JOIN told USING (position)
    ), opened AS (
      INSERT INTO conversations (
        id, customer_id, channel, channel_account_id, reply_identity_id, status,
        first_message_at, waiting_since, last_inbound_at, last_message_at)
      SELECT conversation_id, customer_id, ${channel}, channel_account_id,
             (SELECT id FROM told WHERE told.position = fresh.position AND told.is_used), 'new',
             sent_at, sent_at, sent_at, sent_at
      FROM fresh
    ), begun AS (
      INSERT INTO conversation_events (id, conversation_id, event_type, actor_type, new_value, metadata)
      SELECT new_id(), conversation_id, 'conversation.created', 'system', '{"status": "new"}', '{}' FROM fresh
    ), stored AS (
      INSERT INTO messages (
        id, conversation_id, channel_message_id, direction, sender_type, sender_id, content_type,
        content_text, content_metadata, status, sent_at, reply_to_id)
      SELECT new_id(), conversation_id, channel_message_id, 'inbound', 'customer', customer_id, content_type,
             content_text, content, 'delivered', sent_at,
             (SELECT id FROM messages WHERE channel_message_id = fresh.quoted)
      FROM fresh
      ORDER BY position
    )
    SELECT position, conversation_id FROM fresh`)
}
