import { type Cache } from '../../store/cache.ts'

/**
 * `shown_tags` is what conversations have as this person sees it: what the server said, with what waits to be sent
 * carried out. The last wish for a tag counts.
 */
export const TAG_STEPS: readonly string[] = [
  `
  CREATE TABLE tags (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL, row TEXT NOT NULL, generation INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE tag_rules (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL, row TEXT NOT NULL, generation INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE conversation_tags (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    row TEXT NOT NULL,
    generation INTEGER NOT NULL,
    conversation_id TEXT NOT NULL,
    tag_id TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX conversation_tags_shown ON conversation_tags(conversation_id, tag_id);
  CREATE INDEX conversation_tags_by_load ON conversation_tags(generation);
  CREATE INDEX conversation_tags_of ON conversation_tags(tag_id, conversation_id);

  -- What waits to be sent, by the newest wish for each tag.
  CREATE VIEW tag_wishes AS
    SELECT conversation_id, payload ->> '$.tagId' AS tag_id, kind, MAX(position) AS position
    FROM outbox WHERE kind IN ('add_tag', 'drop_tag') AND state <> 'refused'
    GROUP BY conversation_id, payload ->> '$.tagId';
  CREATE VIEW shown_tags AS
    SELECT conversation_id, tag_id FROM conversation_tags had
    WHERE (conversation_id, tag_id) NOT IN (
      SELECT conversation_id, tag_id FROM tag_wishes WHERE kind = 'drop_tag')
    UNION ALL
    SELECT conversation_id, tag_id FROM tag_wishes wish
    WHERE kind = 'add_tag' AND NOT EXISTS (
      SELECT 1 FROM conversation_tags
      WHERE conversation_id = wish.conversation_id AND tag_id = wish.tag_id);

  `,
]

/** Tags by conversation, in the order of their names; one that this cache does not know (any more) is not shown. */
export function shownTags(
  { store }: Cache,
  conversationIds: readonly string[],
): ReadonlyMap<string, string[]> {
  const shown = store.all<{ conversation_id: string; tag_id: string }>(
    `SELECT s.conversation_id, s.tag_id FROM shown_tags s JOIN tags t ON t.id = s.tag_id
     WHERE s.conversation_id IN (SELECT value FROM json_each(?))
     GROUP BY s.conversation_id, s.tag_id ORDER BY t.row ->> '$.name' COLLATE NOCASE`,
    JSON.stringify(conversationIds),
  )
  const byConversation = new Map<string, string[]>()
  for (const { conversation_id, tag_id } of shown) {
    const tags = byConversation.get(conversation_id)
    if (tags === undefined) byConversation.set(conversation_id, [tag_id])
    else tags.push(tag_id)
  }
  return byConversation
}
