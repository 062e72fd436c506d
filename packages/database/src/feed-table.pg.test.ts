import { afterAll, beforeAll, expect, it } from 'vitest'

import { createTestDatabase, type TestDatabase } from './testing.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

const [ID, TEAM, OTHER_TEAM, OWNER] = [1, 2, 3, 4].map(
  (digit) => `00000000-0000-4000-8000-00000000000${digit}`,
)

/** What a table's changes say in the feed, of a table made by this definition and told of by these arguments. */
async function changesOf(name: string, columns: string, feed: string, statements: string[]) {
  const { pool } = database
  await pool.query(`CREATE TABLE ${name} (id UUID PRIMARY KEY, ${columns})`)
  await pool.query(`SELECT feed_table('${name}', '${name}', ${feed})`)
  for (const statement of statements) await pool.query(statement)
  const { rows } = await pool.query<Record<string, unknown>>(
    `SELECT version::int, everyone, team_before, team_after, user_before, user_after
     FROM changes WHERE entity = $1 AND entity_id = $2 ORDER BY transaction, number`,
    [name, ID],
  )
  return rows.map(Object.values)
}

it('says whose a row was and is, by its columns, and raises its version', async () => {
  const changes = await changesOf(
    'owned',
    'version BIGINT NOT NULL DEFAULT 1, team_id UUID, owner_id UUID',
    `team => 'team_id', owner => 'owner_id'`,
    [
      `INSERT INTO owned (id, team_id) VALUES ('${ID}', '${TEAM}')`,
      `UPDATE owned SET team_id = '${OTHER_TEAM}', owner_id = '${OWNER}'`,
      `DELETE FROM owned`,
    ],
  )
  expect(changes).toEqual([
    [1, false, null, TEAM, null, null],
    [2, false, TEAM, OTHER_TEAM, null, OWNER],
    [3, false, OTHER_TEAM, null, OWNER, null],
  ])
})

it('is everybody’s where nobody owns it, before or after', async () => {
  const changes = await changesOf(
    'shared',
    'version BIGINT NOT NULL DEFAULT 1, team_id UUID',
    `team => 'team_id', shared => TRUE`,
    [
      `INSERT INTO shared (id) VALUES ('${ID}')`,
      `UPDATE shared SET team_id = '${TEAM}'`,
      `UPDATE shared SET team_id = '${OTHER_TEAM}'`,
      `DELETE FROM shared`,
    ],
  )
  expect(changes.map(([, everyone]) => everyone)).toEqual([true, true, false, false])
  const everybodys = await changesOf('plain', 'name TEXT', `operations => 'INSERT OR UPDATE'`, [
    `INSERT INTO plain (id) VALUES ('${ID}')`,
    `DELETE FROM plain`,
  ])
  expect(everybodys).toEqual([[1, true, null, null, null, null]])
})

it('tells of an update only where it is news', async () => {
  const changes = await changesOf(
    'told',
    'version BIGINT NOT NULL DEFAULT 1, words TEXT, attempts INT',
    `news => ARRAY['words']`,
    [
      `INSERT INTO told (id, words) VALUES ('${ID}', 'a')`,
      `UPDATE told SET attempts = 1`,
      `UPDATE told SET words = 'b'`,
      `DELETE FROM told`,
    ],
  )
  expect(changes.map(([version]) => version)).toEqual([1, 3, 4])
})

it('goes with its conversation’s people', async () => {
  const { pool } = database
  await pool.query(`
    WITH customer AS (INSERT INTO customers (channel, external_id) VALUES ('whatsapp', '1') RETURNING id),
         account AS (INSERT INTO channel_accounts (channel, external_id, display_name)
                     VALUES ('whatsapp', '1', '1') RETURNING id),
         team AS (SELECT id FROM teams WHERE slug = 'sales')
    INSERT INTO conversations (id, customer_id, channel, channel_account_id, team_id, status, queued_at)
    SELECT '${OTHER_TEAM}', customer.id, 'whatsapp', account.id, team.id, 'queued', NOW()
    FROM customer, account, team`)
  const team = await pool.query<{ id: string }>(`SELECT id FROM teams WHERE slug = 'sales'`)
  await pool.query('CREATE TABLE labels (id UUID PRIMARY KEY)')
  const changes = await changesOf(
    'hanging',
    'conversation_id UUID REFERENCES conversations(id) ON DELETE CASCADE, label_id UUID REFERENCES labels(id) ON DELETE CASCADE',
    `conversation => 'conversation_id', parent => 'labels', parent_column => 'label_id'`,
    [
      `INSERT INTO labels VALUES ('${OTHER_TEAM}')`,
      `INSERT INTO hanging VALUES ('${ID}', '${OTHER_TEAM}', '${OTHER_TEAM}')`,
      `DELETE FROM hanging`,
      `INSERT INTO labels VALUES ('${ID}')`,
      `INSERT INTO hanging VALUES ('${ID}', '${OTHER_TEAM}', '${ID}')`,
      // Nor is what goes with something else that it hung on.
      `DELETE FROM labels WHERE id = '${ID}'`,
      `INSERT INTO hanging VALUES ('${ID}', '${OTHER_TEAM}', '${OTHER_TEAM}')`,
      // With its conversation it goes without a word: the conversation's own removal says all.
      `DELETE FROM conversations WHERE id = '${OTHER_TEAM}'`,
    ],
  )
  const [sales] = team.rows
  expect(changes).toEqual(
    Array.from({ length: 4 }, () => [1, false, sales?.id, sales?.id, null, null]),
  )
})
