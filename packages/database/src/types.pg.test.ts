import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { createDatabase } from './database.ts'
import { generateTypes, TYPES_FILE } from './generate-types.ts'
import { createTestDatabase } from './testing.ts'

it('the generated types are those of the migrations (else: node scripts/run.mjs packages/database/src/cli/generate-types.ts)', async () => {
  await using database = await createTestDatabase()
  expect(await readFile(TYPES_FILE, 'utf8')).toBe(await generateTypes(database.pool))
})

it('values come back as the types say', async () => {
  await using scratch = await createTestDatabase()
  const { db, close } = createDatabase(scratch.connectionString, { maxConnections: 2 })
  const team = await db
    .selectFrom('teams')
    .select('id')
    .where('slug', '=', 'sales')
    .executeTakeFirstOrThrow()
  await db
    .insertInto('team_holidays')
    .values({ team_id: team.id, date: '2026-12-25', name: 'Christmas' })
    .execute()
  await db
    .insertInto('business_hours')
    .values({ team_id: team.id, day_of_week: 0, open_time: '13:00', close_time: '24:00' })
    .execute()
  const holiday = await db.selectFrom('team_holidays').selectAll().executeTakeFirstOrThrow()
  const hours = await db.selectFrom('business_hours').selectAll().executeTakeFirstOrThrow()
  const feed = await db.selectFrom('changes').selectAll().limit(1).executeTakeFirst()
  await close()
  expect(holiday).toMatchObject({ date: '2026-12-25', created_at: expect.any(Date) })
  expect(hours).toMatchObject({ open_time: '13:00:00', close_time: '24:00:00' })
  if (feed !== undefined)
    expect(feed).toMatchObject({ transaction: expect.any(String), number: expect.any(String) })
})
