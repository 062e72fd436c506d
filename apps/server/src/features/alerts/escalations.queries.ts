import { ESCALATION_STEP_MS, type EscalationLevel } from '@parley/domain'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { sql, toJson } from '../../platform/sql.ts'

/** An escalation whose next step is due, its conversation locked. */
export interface DueEscalation {
  id: string
  conversation_id: string
  /** The conversation's present team. */
  team_id: string | null
  customer_id: string
  waiting_since: Date
  level: EscalationLevel
  /** Null: nobody has been called yet, because the customer flooded us. */
  escalated_to: string | null
  due_at: Date
}

/**
 * Locks what is due, conversations first. What another process is at is left to it.
 * @param limit how many at most
 */
export async function lockDueEscalations(tx: Transaction, limit: number): Promise<DueEscalation[]> {
  const locked = await tx.many<{ id: string }>(sql`
    SELECT id FROM conversations
    WHERE id IN (SELECT conversation_id FROM escalations
                 WHERE next_step_at <= NOW() ORDER BY next_step_at LIMIT ${limit})
    ORDER BY id FOR NO KEY UPDATE SKIP LOCKED`)
  if (locked.length === 0) return []
  // Read again: until the conversation was locked, somebody else may have taken the step or ended it.
  return tx.many(sql`
    SELECT e.id, e.conversation_id, c.team_id, c.customer_id, e.waiting_since, e.level, e.escalated_to,
           COALESCE((SELECT MIN(a.due_at) FROM alerts a WHERE a.subject_id = e.id), e.escalated_at) AS due_at
    FROM escalations e JOIN conversations c ON c.id = e.conversation_id
    WHERE e.conversation_id = ANY(${locked.map(({ id }) => id)}::uuid[])
      AND e.ended_at IS NULL AND e.next_step_at <= NOW()
    ORDER BY e.next_step_at, e.id
    FOR NO KEY UPDATE OF e`)
}

export interface NewEscalation {
  conversationId: string
  teamId: string | null
  waitingSince: Date
  level: EscalationLevel
  escalatedTo: string | null
  /** Not before this instant is anybody called; null: somebody is called now, or there is nobody. */
  waitsUntil: Date | null
}

/** @returns id and next step of those that are new, by conversation */
export async function insertEscalations(
  tx: Transaction,
  escalations: readonly NewEscalation[],
): Promise<Map<string, { id: string; nextStepAt: Date | null }>> {
  const given = escalations.map((one) => ({
    conversation_id: one.conversationId,
    team_id: one.teamId,
    waiting_since: one.waitingSince,
    level: one.level,
    escalated_to: one.escalatedTo,
    waits_until: one.waitsUntil,
  }))
  const rows = await tx.many<{
    id: string
    conversation_id: string
    next_step_at: Date | null
  }>(sql`
    INSERT INTO escalations (id, conversation_id, team_id, waiting_since, level, escalated_to, next_step_at)
    SELECT new_id(), conversation_id, team_id, waiting_since, level, escalated_to,
           COALESCE(waits_until, CASE WHEN level < 3 AND escalated_to IS NOT NULL
             THEN NOW() + make_interval(secs => ${ESCALATION_STEP_MS / 1000}) END)
    FROM jsonb_to_recordset(${toJson(given)}::jsonb) AS t(
      conversation_id UUID, team_id UUID, waiting_since TIMESTAMPTZ, level INT, escalated_to UUID,
      waits_until TIMESTAMPTZ)
    ORDER BY conversation_id
    ON CONFLICT (conversation_id) WHERE ended_at IS NULL DO NOTHING
    RETURNING id, conversation_id, next_step_at`)
  return new Map(
    rows.map(({ id, conversation_id, next_step_at }) => [
      conversation_id,
      { id, nextStepAt: next_step_at },
    ]),
  )
}

/** Raises escalations to their new levels, with what is told of them. @returns their next steps by id */
export async function raiseEscalations(
  tx: Transaction,
  steps: readonly { id: string; level: EscalationLevel; escalatedTo: string }[],
): Promise<Map<string, Date | null>> {
  if (steps.length === 0) return new Map()
  const given = steps.map(({ id, level, escalatedTo }) => ({
    id,
    level,
    escalated_to: escalatedTo,
  }))
  const rows = await tx.many<{ id: string; next_step_at: Date | null }>(sql`
    WITH risen AS (
      UPDATE escalations e
      SET level = t.level, escalated_to = t.escalated_to,
          escalated_at = CASE WHEN e.escalated_to IS NULL THEN NOW() ELSE e.escalated_at END,
          next_step_at = CASE WHEN t.level < 3
            THEN NOW() + make_interval(secs => ${ESCALATION_STEP_MS / 1000}) END
      FROM jsonb_to_recordset(${toJson(given)}::jsonb) AS t(id UUID, level INT, escalated_to UUID)
      WHERE e.id = t.id
      RETURNING e.id, e.level, e.next_step_at
    ), told AS (
      UPDATE alerts a SET level = risen.level, rises_at = risen.next_step_at
      FROM risen WHERE a.subject_id = risen.id AND a.ended_at IS NULL
    )
    SELECT id, next_step_at FROM risen`)
  return new Map(rows.map(({ id, next_step_at }) => [id, next_step_at]))
}

/** There is nobody above: it stays where it is. */
export async function leaveAtTop(tx: Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.run(sql`
    WITH left_there AS (
      UPDATE escalations SET next_step_at = NULL WHERE id = ANY(${ids}::uuid[]) RETURNING id
    )
    UPDATE alerts a SET rises_at = NULL
    FROM left_there WHERE a.subject_id = left_there.id AND a.ended_at IS NULL`)
}

export async function postponeEscalations(
  tx: Transaction,
  postponed: readonly { id: string; until: Date }[],
): Promise<void> {
  if (postponed.length === 0) return
  await tx.run(sql`
    WITH postponed AS (
      UPDATE escalations e SET next_step_at = t.until
      FROM jsonb_to_recordset(${toJson(postponed)}::jsonb) AS t(id UUID, until TIMESTAMPTZ)
      WHERE e.id = t.id RETURNING e.id, e.next_step_at
    )
    UPDATE alerts a SET rises_at = postponed.next_step_at
    FROM postponed WHERE a.subject_id = postponed.id AND a.ended_at IS NULL`)
}

/**
 * Who answers for open escalations, for breaches that are recorded after somebody was called.
 * @returns by conversation; `escalatedTo` is null where nobody could be called
 */
export async function escalationOf(
  tx: Transaction,
  conversationIds: readonly string[],
): Promise<Map<string, { escalatedTo: string | null; escalatedAt: Date }>> {
  const rows = await tx.many<{
    conversation_id: string
    escalated_to: string | null
    escalated_at: Date
  }>(sql`
    SELECT conversation_id, escalated_to, escalated_at FROM escalations
    WHERE conversation_id = ANY(${conversationIds}::uuid[]) AND ended_at IS NULL
      AND (escalated_to IS NOT NULL OR next_step_at IS NULL)`)
  return new Map(
    rows.map(({ conversation_id, escalated_to, escalated_at }) => [
      conversation_id,
      { escalatedTo: escalated_to, escalatedAt: escalated_at },
    ]),
  )
}

/** Milliseconds until the next rise by the database's clock; null: none within a second. */
export async function nextClimbMs(db: Queryable): Promise<number | null> {
  const { next } = await db.one<{ next: number | null }>(sql`
    SELECT EXTRACT(EPOCH FROM MIN(next_step_at) - clock_timestamp())::float8 * 1000 AS next
    FROM escalations WHERE next_step_at < NOW() + INTERVAL '1 second'`)
  return next === null ? null : Math.max(0, next)
}
