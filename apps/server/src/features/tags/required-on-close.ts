import { type Queryable } from '../../platform/database.ts'
import { type IntentGuard } from '../../platform/intent-guard.ts'
import { sql } from '../../platform/sql.ts'

/** Whether the conversation's team closes only with a tag, and it has none. */
export async function lacksTag(db: Queryable, conversationId: string): Promise<boolean> {
  const lacking = await db.maybe(sql`
    SELECT 1 FROM conversations c JOIN team_tag_rules r ON r.team_id = c.team_id
    WHERE c.id = ${conversationId} AND r.required_on_close
      AND NOT EXISTS (SELECT 1 FROM conversation_tags WHERE conversation_id = c.id)`)
  return lacking !== null
}

/** People close a conversation of some teams only with a tag on it. */
export const requiredOnClose: IntentGuard = {
  procedure: 'conversations.close',
  check: async (tx, { id }) =>
    (await lacksTag(tx, id)) ? { code: 'required', details: { what: 'tags' } } : null,
}
