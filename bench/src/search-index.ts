import type pg from 'pg'

import {
  lexemesOf,
  stemsOf,
  wordsToIndex,
  type IndexedMessage,
} from '../../apps/server/src/features/search/lexemes.ts'
import { Database } from '../../apps/server/src/platform/database.ts'

const AT_ONCE = 5_000

/**
 * The index of messages as the server fills it, by the server's own words, but in large portions that nobody's work has
 * to be kept from, and with the tree built at the end: what is measured is how it is read. Customers are left to the server.
 */
export async function indexAtOnce(pool: pg.Pool): Promise<void> {
  const db = new Database(pool)
  const { rows: indexes } = await pool.query<{ definition: string }>(
    `SELECT pg_get_indexdef('message_search_words'::regclass) AS definition`,
  )
  await pool.query('DROP INDEX message_search_words')
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const { rows: messages } = await pool.query<IndexedMessage>(
      `SELECT m.id, m.seq, m.content_text AS text, c.team_id, c.assigned_to
       FROM (SELECT * FROM messages WHERE id > $1 ORDER BY id LIMIT $2) m
       CROSS JOIN LATERAL (SELECT * FROM conversations WHERE id = m.conversation_id OFFSET 0) c
       WHERE m.content_text IS NOT NULL ORDER BY m.id`,
      [after, AT_ONCE],
    )
    const last = messages.at(-1)
    if (last === undefined) break
    after = last.id
    const words = messages.flatMap(({ text }) => wordsToIndex(text).map(({ word }) => word))
    const stems = await stemsOf(db, words)
    await pool.query(
      `INSERT INTO message_search (message_id, conversation_id, seq, words)
       SELECT m.id, m.conversation_id, m.seq, given.words::tsvector
       FROM unnest($1::uuid[], $2::text[]) AS given(id, words)
       CROSS JOIN LATERAL (SELECT * FROM messages WHERE id = given.id OFFSET 0) m
       ON CONFLICT (message_id) DO NOTHING`,
      [messages.map(({ id }) => id), messages.map((message) => lexemesOf(message, stems))],
    )
  }
  await pool.query(`SET maintenance_work_mem = '512MB'; ${indexes[0]?.definition}`)
  await pool.query(
    `UPDATE search_progress SET messages_before = NULL, customers_after = '00000000-0000-0000-0000-000000000000', cursor = (
       SELECT epoch || ':' || pg_snapshot_xmin(pg_current_snapshot()) || ':0' FROM feed_state)`,
  )
}
