import { type Channel } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { sql, toJson } from '../../platform/sql.ts'
import { storeByChannel, type AddressedMessage, type Placed } from './by-channel.ts'

export interface FurtherMessage {
  conversation_id: string
  conversation_status: string
  /** False for a duplicate, which changed nothing. */
  is_stored: boolean
}

/**
 * Stores one more message of customers who are known already, in open conversations that wait for an answer
 * already: nothing but the message and the conversation's latest times changes, no state and no clock. That is
 * what most messages are, so any number of them take effect in one statement.
 *
 * @returns in order; null for a message that is something else and was not touched
 */
export function storeFurtherMessages(
  db: Queryable,
  given: readonly AddressedMessage[],
): Promise<(FurtherMessage | null)[]> {
  const together = new Set(given.map(({ message }) => message.channelMessageId))
  // What one quotes must be there to be found.
  const quotesNone = ([, { message }]: Placed): boolean =>
    message.quotedChannelMessageId === null || !together.has(message.quotedChannelMessageId)
  return storeByChannel(
    given,
    (ofChannel) => ofChannel.filter(quotesNone),
    async (channel, messages) =>
      (await store(db, channel, messages)).map(({ position, ...result }) => ({ position, result })),
  )
}

function store(
  db: Queryable,
  channel: Channel,
  given: readonly AddressedMessage[],
): Promise<({ position: number } & FurtherMessage)[]> {
  const messages = given.map(({ channelAccountId, message }, position) => ({
    position,
    channel_account_id: channelAccountId,
    identities: message.customer.identities.map(({ externalId }) => externalId),
    answers_to: (
      message.customer.identities.find(({ kind }) => kind === 'phone') ??
      message.customer.identities[0]
    ).externalId,
    name: message.customer.name,
    channel_message_id: message.channelMessageId,
    content_type: message.contentType,
    content_text: message.text,
    content: message.content,
    sent_at: message.sentAt,
    quoted: message.quotedChannelMessageId,
  }))
  // Each step looks up one row by an index, whatever the planner thinks of the tables' sizes.
  return db.many(sql`
    WITH given AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${toJson(messages)}::jsonb) AS t(
        position INT, channel_account_id UUID, identities TEXT[], answers_to TEXT, name TEXT,
        channel_message_id TEXT, content_type TEXT, content_text TEXT, content JSONB, sent_at TIMESTAMPTZ,
        quoted TEXT)
    ), identified AS MATERIALIZED (
      -- Known by all identities that came along, since before it was sent, and by all as the same customer.
      SELECT given.*, known.customer_id, known.answers_to_id
      FROM given
      CROSS JOIN LATERAL (
        SELECT (array_agg(i.customer_id))[1] AS customer_id,
               (array_agg(i.id) FILTER (WHERE i.external_id = given.answers_to))[1] AS answers_to_id
        FROM unnest(given.identities) AS wanted(external_id)
        CROSS JOIN LATERAL (
          SELECT id, customer_id, external_id FROM customer_identities
          -- Both columns that are unique beside the channel: whichever index is taken, it leads to one row.
          WHERE channel = ${channel} AND external_id = wanted.external_id
            AND canonical = canonical_identity(${channel}, wanted.external_id) AND valid_from <= given.sent_at
          LIMIT 1) i
        HAVING COUNT(*) = cardinality(given.identities) AND COUNT(DISTINCT i.customer_id) = 1) known
    ), opened AS MATERIALIZED (
      SELECT identified.*, v.id AS conversation_id
      FROM identified
      CROSS JOIN LATERAL (
        SELECT u.id FROM customers u
        WHERE u.id = identified.customer_id AND u.merged_into_id IS NULL
          AND (identified.name IS NULL OR u.name = identified.name OR (u.name_source = 'person'))
          AND NOT EXISTS (SELECT FROM customers m WHERE m.merged_into_id = u.id)
        LIMIT 1) u
      CROSS JOIN LATERAL (
        SELECT c.id FROM conversations c
        WHERE c.customer_id = u.id AND c.channel_account_id = identified.channel_account_id
          AND c.status <> 'closed'
        LIMIT 1) v
    ), waiting AS MATERIALIZED (
      SELECT opened.*, v.status AS conversation_status
      -- Always in the same order, so that two batches never wait for each other.
      FROM (SELECT * FROM opened ORDER BY conversation_id) opened
      CROSS JOIN LATERAL (
        SELECT c.status FROM conversations c
        WHERE c.id = opened.conversation_id
          AND c.status IN ('new', 'triage', 'queued', 'assigned', 'pending_agent')
          AND c.first_message_at <= opened.sent_at AND c.waiting_since <= opened.sent_at
          -- Not by an equality, which has an index, too.
          AND c.reply_identity_id IS NOT DISTINCT FROM opened.answers_to_id
        LIMIT 1
        FOR NO KEY UPDATE) v
    ), stored AS (
      INSERT INTO messages (
        id, conversation_id, channel_message_id, direction, sender_type, sender_id, content_type,
        content_text, content_metadata, status, sent_at, reply_to_id)
      SELECT new_id(), conversation_id, channel_message_id, 'inbound', 'customer', customer_id, content_type,
             content_text, content, 'delivered', sent_at,
             (SELECT id FROM messages WHERE channel_message_id = waiting.quoted)
      FROM waiting
      ORDER BY position
      ON CONFLICT (channel_message_id) WHERE channel_message_id IS NOT NULL DO NOTHING
      RETURNING conversation_id, channel_message_id, sent_at
    ), touched AS (
      UPDATE conversations v
      SET last_inbound_at = GREATEST(v.last_inbound_at, (SELECT MAX(sent_at) FROM stored WHERE conversation_id = v.id)),
          last_message_at = GREATEST(v.last_message_at, (SELECT MAX(sent_at) FROM stored WHERE conversation_id = v.id))
      WHERE v.id = ANY(ARRAY(SELECT conversation_id FROM stored))
    )
    SELECT waiting.position, waiting.conversation_id, waiting.conversation_status,
           stored.channel_message_id IS NOT NULL AS is_stored
    FROM waiting LEFT JOIN stored USING (channel_message_id)`)
}
