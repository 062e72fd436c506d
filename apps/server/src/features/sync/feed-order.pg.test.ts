import { createTestDatabase } from '@parley/database/testing'
import { expect, test } from 'vitest'

import { Database } from '../../platform/database.ts'
import { readChanges } from './feed.queries.ts'

test('changes are read in the order of their numbers, over every power of ten, and none is passed over', async () => {
  await using database = await createTestDatabase()
  await database.pool.query('ALTER TABLE changes ALTER COLUMN number RESTART WITH 99400')
  await database.pool.query(`
    INSERT INTO changes (transaction, entity, entity_id, version)
    SELECT n::text::xid8, 'team', gen_random_uuid(), 1
    FROM generate_series(61, 400) AS n, generate_series(1, 3)`)
  const read: { transaction: bigint; number: bigint }[] = []
  for (;;) {
    const { transaction, number } = read.at(-1) ?? { transaction: 60n, number: 0n }
    const from = { epoch: '', transaction, number }
    const { changes } = await readChanges(new Database(database.pool), from, 500)
    if (changes.length === 0) break
    read.push(...changes)
  }
  expect(read).toHaveLength(340 * 3)
  for (const [index, { transaction, number }] of read.entries()) {
    const before = read[index - 1]
    if (before === undefined) continue
    expect(
      transaction > before.transaction ||
        (transaction === before.transaction && number > before.number),
    ).toBe(true)
  }
})
