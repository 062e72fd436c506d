import { type ReadMark, type ReadMarkRow } from '@parley/contracts'

import { type SessionActor } from '../../platform/actor.ts'
import { type Transaction } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { visibleTo } from '../sync/index.ts'
import { readMarksOf } from './reads.rows.ts'

/**
 * Takes this person's marks where they are greater than what is known, one statement for all of them. Nobody has read
 * further than there are messages: a device that is of before a restore may say so. What is closed may be opened again,
 * and has then been read as far as it was; of what they may not see they are not even told that it is there.
 *
 * In the order of their conversations, so that two devices of a person never wait for each other. Each conversation is
 * looked up by itself, which is right whatever the planner thinks of the tables' sizes.
 */
export async function markReads(
  { db, signals }: Services,
  { actor, marks }: { actor: SessionActor; marks: readonly ReadMark[] },
): Promise<ReadMarkRow[]> {
  const conversationIds = marks.map(({ conversationId }) => conversationId)
  const visible = visibleTo(actor, 'conversation.see')
  const changed = await db.run(sql`
    INSERT INTO read_marks AS known (user_id, conversation_id, turn, seq)
    SELECT ${actor.userId}, c.id, told.turn, LEAST(told.seq, newest.seq)
    FROM (
      SELECT DISTINCT ON (conversation_id) *
      FROM unnest(${conversationIds}::uuid[], ${marks.map(({ turn }) => turn)}::int[],
                  ${marks.map(({ seq }) => seq)}::bigint[]) AS told(conversation_id, turn, seq)
      ORDER BY conversation_id, turn DESC, seq DESC
    ) AS told
    CROSS JOIN LATERAL (
      SELECT id FROM conversations
      WHERE id = told.conversation_id
        AND (${visible.all} OR assigned_to = ${visible.userId} OR team_id = ANY(${visible.teamIds}::uuid[]))
      OFFSET 0
    ) AS c
    CROSS JOIN LATERAL (
      SELECT seq FROM messages WHERE conversation_id = c.id ORDER BY seq DESC LIMIT 1
    ) AS newest
    ORDER BY c.id
    ON CONFLICT (user_id, conversation_id) DO UPDATE SET turn = EXCLUDED.turn, seq = EXCLUDED.seq
    WHERE (EXCLUDED.turn, EXCLUDED.seq) > (known.turn, known.seq)`)
  if (changed > 0) signals.send('feed')
  return readMarksOf(db, actor.userId, conversationIds)
}

/**
 * Who answers has read what they answer: nothing that they said they had before them is new to them anywhere.
 * @param seq the newest message that they had before them; 0: none
 */
export async function readByAnswering(
  tx: Transaction,
  { userId, conversationId, seq }: { userId: string; conversationId: string; seq: number },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO read_marks AS known (user_id, conversation_id, seq)
    SELECT ${userId}, conversation_id, seq FROM messages
    WHERE conversation_id = ${conversationId} AND seq <= ${seq}
    ORDER BY seq DESC LIMIT 1
    ON CONFLICT (user_id, conversation_id) DO UPDATE SET seq = EXCLUDED.seq
    WHERE EXCLUDED.seq > known.seq`)
}
