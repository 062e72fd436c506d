import { RECORDED_AS, type Actor, type Belonging, type Permission } from '@parley/domain'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { sql, toJson } from '../../platform/sql.ts'
import { type ConversationRecord } from './conversation-record.ts'

/** What a person can undo, by its procedure, and what they had to be allowed to do it. */
const UNDOABLE: Readonly<Record<string, Permission>> = {
  'conversations.close': 'conversation.close',
  'conversations.release': 'conversation.assign',
  'conversations.transfer': 'conversation.assign',
  'conversations.assign': 'conversation.assign',
}

/** How a conversation stood before somebody changed that. Instants as the database writes them. */
export type StoodBefore = Pick<ConversationRecord, 'status' | 'team_id' | 'assigned_to'> & {
  queued_at: string | null
  waiting_since: string | null
  moved_by_time_at: string | null
  told_closed_at: string | null
}

export interface UndoableIntent {
  permission: Permission
  stoodBefore: StoodBefore
  /** Of the audit trail. */
  eventId: string
}

/** Keeps how a conversation stood, for whoever wants their intent undone. */
export async function keepUndoable(
  tx: Transaction,
  { intentId, procedure }: { intentId: string; procedure: string },
  before: ConversationRecord,
): Promise<void> {
  if (!Object.hasOwn(UNDOABLE, procedure)) return
  const { status, team_id, assigned_to, queued_at, waiting_since } = before
  const { moved_by_time_at, told_closed_at } = before
  const stood = { status, team_id, assigned_to, queued_at, waiting_since }
  await tx.run(sql`
    UPDATE intents SET stood_before = ${toJson({ ...stood, moved_by_time_at, told_closed_at })},
      event_id = ${(await latestChange(tx, before.id))?.id ?? null}
    WHERE id = ${intentId}`)
}

/** Null where there is none of this person's on this conversation, or it was done before yesterday: that is no undo any more. */
export async function undoableIntent(
  db: Queryable,
  { of, userId, conversationId }: { of: string; userId: string; conversationId: string },
): Promise<UndoableIntent | null> {
  const intent = await db.maybe<{
    procedure: string
    event_id: string | null
    stood_before: StoodBefore
  }>(sql`
    SELECT procedure, event_id, stood_before FROM intents
    WHERE id = ${of} AND user_id = ${userId} AND conversation_id = ${conversationId}
      AND created_at > NOW() - INTERVAL '1 day'`)
  const permission = intent === null ? undefined : UNDOABLE[intent.procedure]
  if (intent === null || intent.event_id === null || permission === undefined) return null
  return { permission, stoodBefore: intent.stood_before, eventId: intent.event_id }
}

export interface LatestChange {
  id: string
  event_type: string
  actor_id: string | null
  created_at: Date
  /** Whose it was until then. */
  before: Belonging
}

/**
 * What changed its state, owner or team last.
 * @param takenFrom only what ended that it was this person's, or their teams'
 */
export async function latestChange(
  db: Queryable,
  conversationId: string,
  { takenFrom }: { takenFrom?: Actor } = {},
): Promise<LatestChange | null> {
  const change = await db.maybe<
    Omit<LatestChange, 'before'> & { team_id: string | null; assigned_to: string | null }
  >(sql`
    SELECT id, event_type, actor_id, created_at,
      old_value->>'team_id' AS team_id, old_value->>'assigned_to' AS assigned_to
    FROM conversation_events
    WHERE conversation_id = ${conversationId} AND event_type = ANY(${Object.values(RECORDED_AS)})
      AND (${takenFrom === undefined} OR (
        (old_value->>'assigned_to' = ${takenFrom?.userId ?? null}
          AND new_value->>'assigned_to' IS DISTINCT FROM old_value->>'assigned_to')
        OR (old_value->>'team_id' = ANY(${takenFrom?.teamIds ?? []})
          AND new_value->>'team_id' IS DISTINCT FROM old_value->>'team_id')))
    ORDER BY seq DESC LIMIT 1`)
  if (change === null) return null
  const { team_id: teamId, assigned_to: assignedTo, ...rest } = change
  return { ...rest, before: { teamId, assignedTo } }
}

/**
 * Whether this is the last thing that a person did to it. That routing has given it to somebody since, who has said
 * nothing to the customer yet, is nobody's doing: it follows from what is undone.
 */
export async function isUntouchedSince(
  db: Queryable,
  conversationId: string,
  eventId: string,
): Promise<boolean> {
  const found = await db.maybe<{ is_untouched: boolean }>(sql`
    SELECT NOT EXISTS (
      SELECT FROM conversation_events e
      WHERE e.conversation_id = ${conversationId} AND e.seq > undone.seq
        AND e.event_type = ANY(${Object.values(RECORDED_AS)})
        AND (e.event_type <> ${RECORDED_AS.agent_chosen} OR e.actor_id IS NOT NULL
             OR e.metadata->>'assignment_method' IS DISTINCT FROM 'auto')
    ) AND NOT EXISTS (
      SELECT FROM messages m
      WHERE m.conversation_id = ${conversationId} AND m.created_at > undone.created_at
        AND m.direction = 'outbound' AND m.sender_id IS NOT NULL
    ) AS is_untouched
    FROM conversation_events undone WHERE undone.id = ${eventId}`)
  return found?.is_untouched ?? false
}
