import { type Intent } from '@parley/contracts'

import { readOutbox } from '../../outbox/outbox-table.ts'
import { type Cache } from '../../store/cache.ts'
import { type Store } from '../../store/store.ts'

/**
 * `shown_tags` is what conversations have as this person sees it: what the server said, with what waits to be sent
 * carried out. The last wish for a tag counts. Written again for whatever conversation is touched.
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
  CREATE INDEX conversation_tags_of ON conversation_tags(conversation_id, tag_id);
  CREATE INDEX conversation_tags_by_load ON conversation_tags(generation);
  CREATE TRIGGER tag_came AFTER INSERT ON conversation_tags BEGIN
    INSERT INTO touched VALUES (new.conversation_id) ON CONFLICT DO NOTHING;
  END;
  CREATE TRIGGER tag_went AFTER DELETE ON conversation_tags BEGIN
    INSERT INTO touched VALUES (old.conversation_id) ON CONFLICT DO NOTHING;
  END;

  CREATE TABLE shown_tags (
    conversation_id TEXT NOT NULL, tag_id TEXT NOT NULL, PRIMARY KEY (conversation_id, tag_id)
  ) WITHOUT ROWID;
  CREATE INDEX shown_tags_with ON shown_tags(tag_id, conversation_id);
  `,
]

type Wish = Intent<'add_tag' | 'drop_tag'>

export function keepShownTags({ store }: Cache, conversationIds: readonly string[]): void {
  for (const id of thoseThatMayHaveTags(store, conversationIds)) {
    const wanted = wantedTags(store, id)
    const shown = store
      .all<{ tag_id: string }>('SELECT tag_id FROM shown_tags WHERE conversation_id = ?', id)
      .map(({ tag_id }) => tag_id)
    for (const tag of shown) {
      if (!wanted.delete(tag))
        store.run('DELETE FROM shown_tags WHERE conversation_id = ? AND tag_id = ?', id, tag)
    }
    for (const tag of wanted) store.run('INSERT INTO shown_tags VALUES (?, ?)', id, tag)
  }
}

/** Most have none, and no wish for any. */
function thoseThatMayHaveTags(store: Store, conversationIds: readonly string[]): string[] {
  const found = store.all<{ id: string }>(
    `SELECT asked.value AS id FROM json_each(?) asked
     WHERE EXISTS (SELECT 1 FROM conversation_tags t WHERE t.conversation_id = asked.value)
       OR EXISTS (SELECT 1 FROM shown_tags t WHERE t.conversation_id = asked.value)
       OR EXISTS (SELECT 1 FROM outbox o WHERE o.conversation_id = asked.value)`,
    JSON.stringify(conversationIds),
  )
  return found.map(({ id }) => id)
}

function wantedTags(store: Store, conversationId: string): Set<string> {
  const had = store.all<{ tag_id: string }>(
    'SELECT tag_id FROM conversation_tags WHERE conversation_id = ?',
    conversationId,
  )
  const wanted = new Set(had.map(({ tag_id }) => tag_id))
  for (const { kind, tagId } of wishesOn(store, conversationId)) {
    if (kind === 'add_tag') wanted.add(tagId)
    else wanted.delete(tagId)
  }
  return wanted
}

/** What waits to be sent, in the order in which it was wished. */
export function wishesOn(store: Store, conversationId: string): Wish[] {
  return readOutbox(store, conversationId)
    .filter(({ state }) => state !== 'refused')
    .map(({ payload }) => payload)
    .filter((payload): payload is Wish => payload.kind === 'add_tag' || payload.kind === 'drop_tag')
}

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
