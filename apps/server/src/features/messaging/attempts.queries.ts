import {
  type AttemptState,
  type Identity,
  type MessageStatus,
  type Settlement,
} from '@parley/domain'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { DEAD_AFTER_SECONDS } from '../../platform/heartbeat.ts'
import { sql } from '../../platform/sql.ts'

/** A try that this process alone may make now. */
export interface ClaimedTry {
  attempt_id: string
  message_id: string
  conversation_id: string
  /** The fencing number: what the try brings counts only while the attempt still has it. */
  tries: number
  refusals: number
  text: string
  channel: 'whatsapp' | 'chat_app'
  channel_account_id: string
  account_external_id: string
  /** Its account takes nothing, and this one finds out whether it still does not. */
  is_probe: boolean
  /** Null: the customer has no address on this channel. */
  to: Identity | null
}

export type NextTry =
  | { kind: 'claimed'; claimed: ClaimedTry }
  /** The first one's time has not come. */
  | { kind: 'waits'; forMs: number }
  /** Somebody is at it, or the channel takes nothing; whoever ends that looks again. */
  | { kind: 'held' }
  | { kind: 'nothing' }

interface NextRow extends ClaimedTry {
  is_claimed: boolean
  is_held: boolean
  wait_ms: number
}

/**
 * Claims the next try of a conversation, first in first out: in the row itself, so that of any number of processes
 * one does it, whatever each of them believes.
 */
export async function claimNext(
  db: Queryable,
  conversationId: string,
  processId: string,
): Promise<NextTry> {
  const row = await db.maybe<NextRow>(sql`
    WITH next AS (
      SELECT a.id, a.state, a.tries, a.next_try_at, c.channel, c.channel_account_id, account.external_id,
             account.stopped_at IS NOT NULL AS is_stopped,
             account.next_probe_at <= NOW() AS is_probe_due,
             COALESCE(c.reply_identity_id, (
               -- Who wrote last is not known, or that is not theirs any more: what was seen last of what is.
               -- OFFSET 0: planned while there are few identities, all of the channel would be as good as theirs.
               SELECT i.id
               FROM (SELECT * FROM customer_identities
                     WHERE customer_id = ANY(ARRAY(SELECT same_person(c.customer_id))) OFFSET 0) i
               WHERE i.channel = c.channel
               ORDER BY i.last_seen_at DESC, i.kind = 'phone' DESC, i.id LIMIT 1)) AS identity_id
      FROM message_attempts a
      JOIN conversations c ON c.id = a.conversation_id
      JOIN channel_accounts account ON account.id = c.channel_account_id
      WHERE a.conversation_id = ${conversationId} AND a.state IN ('waiting', 'sending')
      -- While one is under way none of the others is begun, even one that a person sends again.
      ORDER BY a.state = 'sending' DESC, a.message_seq, a.number LIMIT 1
    ), probe AS (
      -- Of everything that waits for a stopped channel one is tried, now and then.
      UPDATE channel_accounts SET next_probe_at = NOW() + INTERVAL '30 seconds'
      FROM next
      WHERE channel_accounts.id = next.channel_account_id AND next.is_stopped AND next.is_probe_due
        AND next.state = 'waiting' AND channel_accounts.next_probe_at <= NOW()
      RETURNING channel_accounts.id
    ), claimed AS (
      UPDATE message_attempts a
      SET state = 'sending', tries = a.tries + 1, sending_by = ${processId}, sending_since = NOW(),
          next_try_at = NULL,
          sent_to = (SELECT external_id FROM customer_identities WHERE id = next.identity_id)
      FROM next
      WHERE a.id = next.id AND a.state = 'waiting' AND a.tries = next.tries
        AND (a.next_try_at IS NULL OR a.next_try_at <= NOW())
        AND (NOT next.is_stopped OR EXISTS (SELECT FROM probe))
      RETURNING a.id, a.message_id, a.tries, a.refusals
    )
    SELECT claimed.id IS NOT NULL AS is_claimed,
           next.state = 'sending' OR (next.is_stopped AND claimed.id IS NULL) AS is_held,
           COALESCE(EXTRACT(EPOCH FROM next.next_try_at - NOW()) * 1000, 0)::float8 AS wait_ms,
           next.id AS attempt_id, claimed.message_id, ${conversationId}::uuid AS conversation_id,
           claimed.tries, claimed.refusals, m.content_text AS text, next.channel, next.channel_account_id,
           next.external_id AS account_external_id, next.is_stopped AS is_probe,
           CASE WHEN address.id IS NOT NULL
                THEN jsonb_build_object('kind', address.kind, 'externalId', address.external_id) END AS "to"
    FROM next
    LEFT JOIN claimed ON TRUE
    LEFT JOIN customer_identities address ON address.id = next.identity_id
    LEFT JOIN messages m ON m.id = claimed.message_id`)
  if (row === null) return { kind: 'nothing' }
  if (row.is_claimed) return { kind: 'claimed', claimed: row }
  if (row.is_held || row.wait_ms <= 0) return { kind: 'held' }
  return { kind: 'waits', forMs: row.wait_ms }
}

/** Conversations with something to send whose time has come. */
export async function conversationsToSend(db: Queryable, limit: number): Promise<string[]> {
  // By the first of each: what waits behind one whose time has not come is not due either.
  const rows = await db.many<{ conversation_id: string }>(sql`
    SELECT a.conversation_id
    FROM (
      SELECT DISTINCT ON (conversation_id) conversation_id, state, next_try_at
      FROM message_attempts WHERE state IN ('waiting', 'sending')
      ORDER BY conversation_id, message_seq
    ) a
    JOIN conversations c ON c.id = a.conversation_id
    JOIN channel_accounts account ON account.id = c.channel_account_id
    WHERE a.state = 'waiting' AND (a.next_try_at IS NULL OR a.next_try_at <= NOW())
      AND (account.stopped_at IS NULL OR account.next_probe_at <= NOW())
    LIMIT ${limit}`)
  return rows.map(({ conversation_id }) => conversation_id)
}

export type Orphan = Pick<ClaimedTry, 'attempt_id' | 'message_id' | 'conversation_id' | 'tries'>

/** Tries of processes that are dead, so that nobody knows what became of them. */
export function orphanedTries(db: Queryable, limit: number): Promise<Orphan[]> {
  return db.many(sql`
    SELECT id AS attempt_id, message_id, conversation_id, tries FROM message_attempts
    WHERE state = 'sending' AND NOT EXISTS (
      SELECT FROM server_processes p
      WHERE p.id = sending_by AND p.seen_at > NOW() - make_interval(secs => ${DEAD_AFTER_SECONDS}))
    ORDER BY sending_since LIMIT ${limit}`)
}

export interface Claim {
  id: string
  tries: number
}

/** What this very process claimed so long ago that it knows of it, unless the answer to the claim was lost. */
export function oldClaims(db: Queryable, processId: string): Promise<Claim[]> {
  return db.many(sql`
    SELECT id, tries FROM message_attempts
    WHERE state = 'sending' AND sending_by = ${processId} AND sending_since < NOW() - INTERVAL '5 seconds'`)
}

/**
 * Claims whose answer was lost, so that they were never begun.
 * @returns the conversations that they are of
 */
export async function returnClaims(db: Queryable, claims: readonly Claim[]): Promise<string[]> {
  const rows = await db.many<{ conversation_id: string }>(sql`
    UPDATE message_attempts a SET state = 'waiting', sending_since = NULL
    FROM unnest(${claims.map(({ id }) => id)}::uuid[], ${claims.map(({ tries }) => tries)}::int[]) AS lost(id, tries)
    WHERE a.id = lost.id AND a.tries = lost.tries AND a.state = 'sending'
    RETURNING a.conversation_id`)
  return rows.map(({ conversation_id }) => conversation_id)
}

export interface Attempt {
  id: string
  number: number
  state: AttemptState
  tries: number
  refusals: number
  channel_message_id: string | null
  failed_reason: string | null
  sent_at: Date | null
  delivered_at: Date | null
  read_at: Date | null
}

/** A message of ours with all its attempts, the oldest first; locked. */
export interface SentMessage {
  id: string
  conversation_id: string
  seq: string
  sender_type: 'agent' | 'system'
  sender_id: string | null
  is_quiet: boolean
  /** Words that Parley can send by itself; what the business's own phone sent may be a picture. */
  is_text: boolean
  status: MessageStatus
  ambiguous_at: Date | null
  discarded_at: Date | null
  settled_as: Settlement | null
  attempts: Attempt[]
}

export async function lockSentMessage(
  tx: Transaction,
  messageId: string,
): Promise<SentMessage | null> {
  const message = await tx.maybe<Omit<SentMessage, 'attempts'>>(sql`
    SELECT id, conversation_id, seq, sender_type, sender_id, is_quiet,
           content_type = 'text' AND COALESCE(content_text, '') <> '' AS is_text,
           status, ambiguous_at, discarded_at, settled_as
    FROM messages WHERE id = ${messageId} AND direction = 'outbound'
    FOR NO KEY UPDATE`)
  if (message === null) return null
  const attempts = await tx.many<Attempt>(sql`
    SELECT id, number, state, tries, refusals, channel_message_id, failed_reason, sent_at, delivered_at, read_at
    FROM message_attempts WHERE message_id = ${messageId} ORDER BY number
    FOR NO KEY UPDATE`)
  return { ...message, attempts }
}

/** The attempt that a channel's id names, or else our own that came back with it. */
export function attemptSpokenOf(
  db: Queryable,
  { channelMessageId, attemptId }: { channelMessageId: string; attemptId: string | null },
): Promise<Pick<ClaimedTry, 'attempt_id' | 'message_id' | 'conversation_id'> | null> {
  return db.maybe(sql`
    SELECT id AS attempt_id, message_id, conversation_id FROM (
      SELECT *, 1 AS preference FROM message_attempts WHERE channel_message_id = ${channelMessageId}
      UNION ALL
      SELECT *, 2 FROM message_attempts WHERE id = ${attemptId}::uuid AND channel_message_id IS NULL
    ) AS named
    ORDER BY preference LIMIT 1`)
}

export async function updateAttempt(
  tx: Transaction,
  attempt: Attempt & { waitsMs?: number; detail?: string | null },
): Promise<void> {
  await tx.run(sql`
    UPDATE message_attempts SET
      state = ${attempt.state}, channel_message_id = ${attempt.channel_message_id},
      failed_reason = ${attempt.failed_reason}, refusals = ${attempt.refusals},
      sent_at = ${attempt.sent_at}, delivered_at = ${attempt.delivered_at}, read_at = ${attempt.read_at},
      detail = COALESCE(${attempt.detail ?? null}, detail),
      sending_since = CASE WHEN ${attempt.state} = 'sending' THEN sending_since END,
      next_try_at = CASE WHEN ${attempt.state} = 'waiting'
                         THEN NOW() + make_interval(secs => ${(attempt.waitsMs ?? 0) / 1000}) END
    WHERE id = ${attempt.id}`)
}

export async function insertAttempt(
  tx: Transaction,
  message: Pick<SentMessage, 'id' | 'conversation_id' | 'seq'>,
  number: number,
): Promise<Attempt> {
  return tx.one(sql`
    INSERT INTO message_attempts (id, message_id, number, conversation_id, message_seq)
    VALUES (new_id(), ${message.id}, ${number}, ${message.conversation_id}, ${message.seq})
    RETURNING id, number, state, tries, refusals, channel_message_id, failed_reason, sent_at, delivered_at, read_at`)
}

/** What is shown of a message, as its attempts make it. */
export async function updateStanding(
  tx: Transaction,
  message: SentMessage,
  shown: {
    status: MessageStatus
    isAmbiguous: boolean
    isDiscarded: boolean
    channelMessageId: string | null
    deliveredAt: Date | null
    readAt: Date | null
    failedReason: string | null
    retryCount: number
  },
): Promise<void> {
  await tx.run(sql`
    UPDATE messages SET
      status = ${shown.status}, settled_as = ${message.settled_as},
      channel_message_id = ${shown.channelMessageId},
      delivered_at = ${shown.deliveredAt}, read_at = ${shown.readAt}, failed_reason = ${shown.failedReason},
      retry_count = ${shown.retryCount},
      ambiguous_at = CASE WHEN ${shown.isAmbiguous} THEN COALESCE(ambiguous_at, NOW()) END,
      discarded_at = CASE WHEN ${shown.isDiscarded} THEN COALESCE(discarded_at, NOW()) END
    WHERE id = ${message.id}`)
}
