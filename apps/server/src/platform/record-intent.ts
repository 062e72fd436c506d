import { type Transaction } from './database.ts'
import { Failure } from './failure.ts'
import { sql } from './sql.ts'

/**
 * Remembers that a person's intent takes effect in this transaction.
 * @returns false where it took effect before. Two at the same time: the second waits for the first.
 * @throws Failure `invalid_input` where its id was used for something else
 */
export async function recordIntent(
  tx: Transaction,
  intent: { intentId: string; userId: string; procedure: string; conversationId: string },
): Promise<boolean> {
  const { intentId, userId, procedure, conversationId } = intent
  const inserted = await tx.run(sql`
    INSERT INTO intents (id, user_id, procedure, conversation_id)
    VALUES (${intentId}, ${userId}, ${procedure}, ${conversationId})
    ON CONFLICT (id) DO NOTHING`)
  if (inserted === 1) return true
  const known = await tx.one<{ is_same: boolean }>(sql`
    SELECT user_id = ${userId} AND procedure = ${procedure} AND conversation_id = ${conversationId} AS is_same
    FROM intents WHERE id = ${intentId}`)
  if (known.is_same) return false
  throw new Failure('invalid_input', { field: 'intentId', problem: 'used for something else' })
}
