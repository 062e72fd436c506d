import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { migrate } from './migrate.ts'
import { MIGRATIONS_FOLDER } from './migration-files.ts'
import { createTestDatabase, type TestDatabase } from './testing.ts'

let database: TestDatabase
let folder: string

beforeAll(async () => {
  database = await createTestDatabase({ empty: true })
  folder = await mkdtemp(join(tmpdir(), 'parley-before-attempts-'))
  await cp(MIGRATIONS_FOLDER, folder, { recursive: true })
  for (const name of await readdir(folder)) {
    if (name >= '0017') await rm(join(folder, name))
  }
  await migrate(database.connectionString, { folder })
})
afterAll(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})

it('keeps apart what was sent again before attempts were rows', async () => {
  await database.pool.query(`
    WITH account AS (
      INSERT INTO channel_accounts (channel, external_id, display_name) VALUES ('whatsapp', 'x', 'x') RETURNING id
    ), customer AS (
      INSERT INTO customers (external_id, channel) VALUES ('+525512345678', 'whatsapp') RETURNING id
    ), conversation AS (
      INSERT INTO conversations (customer_id, channel, channel_account_id, status)
      SELECT customer.id, 'whatsapp', account.id, 'new' FROM customer, account RETURNING id
    )
    INSERT INTO messages (conversation_id, direction, sender_type, content_text, status, ambiguous_at, channel_message_id, metadata)
    SELECT conversation.id, 'outbound', 'agent', text, status, ambiguous_at, channel_id, metadata::jsonb
    FROM conversation, (VALUES
      ('once', 'pending', NULL, NULL, '{}'),
      ('waits', 'pending', NULL, NULL, '{"earlierChannelIds": ["a", "b"]}'),
      ('unknown', 'pending', NOW(), NULL, '{"earlierChannelIds": ["c"]}'),
      ('sent', 'sent', NULL, 'd2', '{"earlierChannelIds": ["d"]}'),
      ('unheard', 'pending', NULL, NULL, '{"earlierChannelIds": []}')
    ) AS given(text, status, ambiguous_at, channel_id, metadata)`)
  await migrate(database.connectionString)
  const { rows } = await database.pool.query(`
    SELECT m.content_text AS text, a.number, a.state, a.channel_message_id AS channel, a.id = m.id AS by_message
    FROM messages m JOIN message_attempts a ON a.message_id = m.id ORDER BY m.seq, a.number`)
  expect(rows.map((row) => Object.values(row))).toEqual([
    ['once', 1, 'waiting', null, true],
    ['waits', 1, 'failed', 'a', false],
    ['waits', 2, 'failed', 'b', false],
    // Nothing that the channel says of the first two speaks of it.
    ['waits', 3, 'waiting', null, false],
    ['unknown', 1, 'failed', 'c', false],
    // Sent under the message's id, by which the channel may yet tell what became of it.
    ['unknown', 2, 'ambiguous', null, true],
    ['sent', 1, 'failed', 'd', false],
    ['sent', 2, 'sent', 'd2', true],
    ['unheard', 1, 'waiting', null, true],
  ])
})
