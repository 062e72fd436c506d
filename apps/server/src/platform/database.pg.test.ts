import { createTestDatabase, type TestDatabase } from '@parley/database/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { Database, isUnstorable } from './database.ts'
import { sql } from './sql.ts'

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

test.each([
  ['a number too large', sql`SELECT ${9007199254740991}::integer`],
  ['no year', sql`SELECT ${'0000-01-01T00:00:00Z'}::timestamptz`],
  ['no date', sql`SELECT ${'2024-02-30'}::date`],
  ['no id', sql`SELECT ${'-'.repeat(36)}::uuid`],
  ['U+0000', sql`SELECT ${'a\u0000b'}::text`],
])('%s is the fault of whoever sent it', async (_name, statement) => {
  const failure = await new Database(database.pool).many(statement).catch((error: unknown) => error)
  expect([(failure as { code?: string }).code, isUnstorable(failure)]).toEqual([
    expect.stringMatching(/^22/),
    true,
  ])
})

test('a statement that is wrong is ours', async () => {
  const failure = await new Database(database.pool)
    .many(sql`SELECT 1 / ${0}::integer`)
    .catch((error: unknown) => error)
  expect([(failure as { code?: string }).code, isUnstorable(failure)]).toEqual(['22012', false])
})
