import { randomBytes, randomUUID } from 'node:crypto'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from './testing.ts'

const UNIQUE_VIOLATION = '23505'
const EXCLUSION_VIOLATION = '23P01'
const CHECK_VIOLATION = '23514'
const NOT_NULL_VIOLATION = '23502'
const FOREIGN_KEY_VIOLATION = '23503'

let database: TestDatabase
let pool: pg.Pool

beforeAll(async () => {
  database = await createTestDatabase()
  pool = database.pool
})

afterAll(async () => {
  await database.drop()
})

async function createTeam(): Promise<string> {
  const label = randomBytes(6).toString('hex')
  const { rows } = await pool.query<{ id: string }>(
    'INSERT INTO teams (name, slug) VALUES ($1, $1) RETURNING id',
    [label],
  )
  return rows[0]?.id ?? ''
}

async function createUser(): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `INSERT INTO users (email, password_hash, full_name, role) VALUES ($1, 'x', 'Ana', 'agent') RETURNING id`,
    [`${randomUUID()}@example.com`],
  )
  return rows[0]?.id ?? ''
}

describe('business hours', () => {
  const add = (
    team: string,
    day: number,
    open: string,
    close: string,
    active: boolean | null = true,
  ) =>
    pool.query(
      `INSERT INTO business_hours (team_id, day_of_week, open_time, close_time, is_active) VALUES ($1, $2, $3, $4, $5)`,
      [team, day, open, close, active],
    )

  it('allow split shifts, windows that touch, a close at 24:00 and the same hours on another day', async () => {
    const team = await createTeam()
    await add(team, 0, '09:00', '13:00')
    await add(team, 0, '13:00', '14:00')
    await add(team, 0, '22:00', '24:00')
    await add(team, 1, '00:00', '06:00')
    await add(team, 1, '09:00', '13:00')
    await add(await createTeam(), 0, '09:00', '13:00')
  })

  it.each([
    ['inside', '10:00', '11:00'],
    ['around', '08:00', '18:00'],
    ['across the opening', '08:00', '09:01'],
    ['across the closing', '12:59:59', '24:00'],
  ])('refuse a window %s another', async (_, open, close) => {
    const team = await createTeam()
    await add(team, 0, '09:00', '13:00')
    await expect(add(team, 0, open, close)).rejects.toMatchObject({ code: EXCLUSION_VIOLATION })
    await expect(add(team, 0, open, close, null)).rejects.toMatchObject({
      code: EXCLUSION_VIOLATION,
    })
    // One that is switched off counts for nothing.
    await add(team, 0, open, close, false)
  })

  it('refuse overlapping windows that are added at the same time', async () => {
    const team = await createTeam()
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) => add(team, 3, `09:0${index}`, '17:00')),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('refuse a window that ends before it begins, a day 7 and the same opening twice', async () => {
    const team = await createTeam()
    await expect(add(team, 0, '22:00', '06:00')).rejects.toMatchObject({ code: CHECK_VIOLATION })
    await expect(add(team, 7, '09:00', '10:00')).rejects.toMatchObject({ code: CHECK_VIOLATION })
    await add(team, 0, '09:00', '10:00')
    await expect(add(team, 0, '09:00', '10:00', false)).rejects.toMatchObject({
      code: UNIQUE_VIOLATION,
    })
  })
})

describe('canned responses', () => {
  const add = (shortcut: string, author: string, team: string | null, owner: string | null) =>
    pool.query(
      `INSERT INTO canned_responses (team_id, owner_id, shortcut, title, content, created_by) VALUES ($1, $2, $3, 't', 'c', $4)`,
      [team, owner, shortcut, author],
    )

  it('are unique for everybody, for a team and for a person, each by itself', async () => {
    const [team, ana, luis] = [await createTeam(), await createUser(), await createUser()]
    for (const [where, owner] of [
      [null, null],
      [team, null],
      [null, ana],
      [null, luis],
    ] as const) {
      await add('/hello', ana, where, owner)
      await expect(add('/hello', ana, where, owner)).rejects.toMatchObject({
        code: UNIQUE_VIOLATION,
      })
    }
    await expect(add('/other', ana, team, ana)).rejects.toMatchObject({ code: CHECK_VIOLATION })
  })

  it('keep their author: a user who wrote something is not deleted', async () => {
    const author = await createUser()
    await add('/kept', author, null, author)
    await expect(pool.query('DELETE FROM users WHERE id = $1', [author])).rejects.toMatchObject({
      code: expect.stringMatching(new RegExp(`${FOREIGN_KEY_VIOLATION}|23001`)),
    })
  })
})

describe('secrets', () => {
  const subscribe = (secret: string, keyId: string | null) =>
    pool.query(
      `INSERT INTO webhook_subscriptions (url, events, secret, key_id) VALUES ('https://a', '{}', $1, $2)`,
      [secret, keyId],
    )

  it('of webhooks are ciphertext with their key', async () => {
    const ciphertext = randomBytes(12 + 32 + 16).toString('base64')
    await subscribe(ciphertext, 'k1')
    await expect(subscribe('secret_key_123', 'k1')).rejects.toMatchObject({ code: CHECK_VIOLATION })
    await expect(subscribe(ciphertext, null)).rejects.toMatchObject({ code: NOT_NULL_VIOLATION })
  })
})

describe('queue_summary', () => {
  it('is refreshed concurrently, conversations without a team included', async () => {
    await pool.query(
      `WITH account AS (
         INSERT INTO channel_accounts (channel, external_id, display_name) VALUES ('whatsapp', '1', 'Main') RETURNING id
       ), customer AS (
         INSERT INTO customers (external_id, channel) VALUES ('+1', 'whatsapp'), ('+2', 'whatsapp') RETURNING id, external_id
       )
       INSERT INTO conversations (customer_id, channel, channel_account_id, status, created_at)
       SELECT customer.id, 'whatsapp', account.id, 'triage', CASE external_id WHEN '+1' THEN '2026-01-01Z' ELSE '2026-01-02Z' END::timestamptz
       FROM customer, account`,
    )
    // Twice: a row without a team must be recognised as itself.
    await pool.query('REFRESH MATERIALIZED VIEW CONCURRENTLY queue_summary')
    await pool.query('REFRESH MATERIALIZED VIEW CONCURRENTLY queue_summary')
    const { rows } = await pool.query('SELECT * FROM queue_summary')
    expect(rows).toEqual([
      {
        team_id: null,
        status: 'triage',
        count: '2',
        oldest_conversation: new Date('2026-01-01T00:00:00Z'),
      },
    ])
  })
})

describe('WhatsApp templates', () => {
  it.each(['PAUSED', 'DISABLED', 'IN_APPEAL', 'PENDING_DELETION', 'ARCHIVED'])(
    'may be %s',
    async (status) => {
      await pool.query(
        `INSERT INTO whatsapp_templates (name, language, category, status, components) VALUES ($1, 'es', 'UTILITY', $1, '[]')`,
        [status],
      )
    },
  )

  it('may not be what Meta does not know', async () => {
    await expect(
      pool.query(
        `INSERT INTO whatsapp_templates (name, language, category, status, components) VALUES ('x', 'es', 'UTILITY', 'OK', '[]')`,
      ),
    ).rejects.toMatchObject({ code: CHECK_VIOLATION })
  })
})
