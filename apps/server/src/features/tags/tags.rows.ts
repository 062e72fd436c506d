import { type ConversationTagRow, type TagRow, type TagRuleRow } from '@parley/contracts'

import { type Queryable } from '../../platform/database.ts'
import { lookUp, sql } from '../../platform/sql.ts'
import { type Owned, type ServedKind, seenWithConversation } from '../sync/index.ts'

/** @param ids null: all */
export async function readTags(db: Queryable, ids: string[] | null): Promise<TagRow[]> {
  const records = await db.many<{
    id: string
    version: string
    name: string
    color: string | null
    team_id: string | null
  }>(sql`
    SELECT id, version, name, color, team_id FROM tags
    WHERE ${ids}::uuid[] IS NULL OR id = ANY(${ids}::uuid[])`)
  return records.map(({ id, version, name, color, team_id }) => ({
    id,
    version: Number(version),
    name,
    color: color ?? '',
    teamId: team_id,
  }))
}

/** A conversation keeps its tags when it changes teams, so every name is everybody's to read. */
export const tagKind: ServedKind<'tag'> = {
  kind: 'tag',
  isEverybodys: true,
  removedFor: 'directory.see',
  async load(db, ids) {
    return (await readTags(db, ids)).map((row) => ({ row, audience: { everyone: true } }))
  },
  async initial(db) {
    return { rows: await readTags(db, null), next: null }
  },
}

interface ConversationTagRecord {
  id: string
  version: string
  conversation_id: string
  tag_id: string
  added_by: string | null
  created_at: Date
}

export function toConversationTag(record: ConversationTagRecord): ConversationTagRow {
  return {
    id: record.id,
    version: Number(record.version),
    conversationId: record.conversation_id,
    tagId: record.tag_id,
    addedBy: record.added_by,
    createdAt: record.created_at.toISOString(),
  }
}

/** Null where the conversation has not got the tag. */
export async function conversationTag(
  db: Queryable,
  conversationId: string,
  tagId: string,
): Promise<ConversationTagRow | null> {
  const record = await db.maybe<ConversationTagRecord>(sql`
    SELECT * FROM conversation_tags WHERE conversation_id = ${conversationId} AND tag_id = ${tagId}`)
  return record && toConversationTag(record)
}

export const conversationTagKind: ServedKind<'conversation_tag'> = {
  kind: 'conversation_tag',
  removedFor: 'conversation.see',
  async load(db, ids) {
    const records = await db.many<ConversationTagRecord & Owned>(
      lookUp(sql`
      SELECT t.*, c.team_id, c.assigned_to
      FROM unnest(${ids}::uuid[]) AS wanted(id)
      CROSS JOIN LATERAL (SELECT * FROM conversation_tags WHERE id = wanted.id LIMIT 1) t
      CROSS JOIN LATERAL (SELECT team_id, assigned_to FROM conversations WHERE id = t.conversation_id LIMIT 1) c`),
    )
    return records.map((record) => ({
      row: toConversationTag(record),
      audience: seenWithConversation(record),
    }))
  },
  // All of them: there are few on each, and what a fresh load does not bring is taken off.
  onConversations: {
    part: 'row',
    async newest(db, conversations) {
      const records = await db.many<ConversationTagRecord>(sql`
        SELECT * FROM conversation_tags
        WHERE conversation_id = ANY(${conversations.map(({ id }) => id)}::uuid[])`)
      return records.map(toConversationTag)
    },
  },
}

/** @param teamIds null: all; a team that asks for none has no row */
export async function readTagRules(db: Queryable, teamIds: string[] | null): Promise<TagRuleRow[]> {
  const records = await db.many<{ team_id: string; version: string; required_on_close: boolean }>(
    sql`
      SELECT team_id, version, required_on_close FROM team_tag_rules
      WHERE ${teamIds}::uuid[] IS NULL OR team_id = ANY(${teamIds}::uuid[])`,
  )
  return records.map(({ team_id, version, required_on_close }) => ({
    id: team_id,
    version: Number(version),
    requiredOnClose: required_on_close,
  }))
}

export const tagRuleKind: ServedKind<'tag_rule'> = {
  kind: 'tag_rule',
  isEverybodys: true,
  removedFor: 'directory.see',
  async load(db, ids) {
    return (await readTagRules(db, ids)).map((row) => ({ row, audience: { everyone: true } }))
  },
  async initial(db) {
    return { rows: await readTagRules(db, null), next: null }
  },
}
