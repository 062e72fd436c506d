import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { createTestDatabase, type TestDatabase } from '@parley/database/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { Database } from './database.ts'
import { sql, toJson } from './sql.ts'

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

test('whatever the server writes gets an id that sorts by time, and not the column’s random one', async () => {
  const { rows } = await database.pool.query<{ table_name: string }>(
    `SELECT table_name FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name = 'id' AND column_default = 'gen_random_uuid()'`,
  )
  const random = new Set(rows.map(({ table_name }) => table_name))
  expect(random.size).toBeGreaterThan(20)
  const root = join(import.meta.dirname, '..')
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/\.test\.ts$|^testing/.test(file),
  )
  const forgotten = files.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/INSERT INTO (\w+)\s*\(\s*(\w+)/g)].flatMap(
      ([, table, first]) => (random.has(table ?? '') && first !== 'id' ? `${file}: ${table}` : []),
    ),
  )
  expect(forgotten).toEqual([])
})

test('new ids are UUIDv7 of this moment, and each another', async () => {
  const { rows } = await database.pool.query<{ id: string; ms: string }>(
    `SELECT id, (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint AS ms
     FROM (SELECT new_id() AS id FROM generate_series(1, 2000)) AS made`,
  )
  expect(new Set(rows.map(({ id }) => id)).size).toBe(2000)
  for (const { id, ms } of rows) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    const made = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
    expect(Math.abs(Number(ms) - made)).toBeLessThan(5000)
  }
})

test('half a character and U+0000 are no reason for PostgreSQL to refuse what somebody wrote', async () => {
  const written = {
    note: 'hecho \ud83d',
    list: ['\udc4d a', { deep: 'b\u0000c' }],
    n: 1,
    none: null,
  }
  const { value } = await new Database(database.pool).one<{ value: unknown }>(
    sql`SELECT ${toJson(written)}::jsonb AS value`,
  )
  expect(value).toEqual({
    note: 'hecho \ufffd',
    list: ['\ufffd a', { deep: 'bc' }],
    n: 1,
    none: null,
  })
})
