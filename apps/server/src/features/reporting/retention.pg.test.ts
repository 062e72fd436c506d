import { createTestDatabase, type TestDatabase } from '@parley/database/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { Database } from '../../platform/database.ts'
import { createLogger } from '../../platform/logger.ts'
import { createServices, type Services } from '../../platform/services.ts'
import { TEST_SECRETS } from '../../testing/bare-services.ts'
import { retentionJobs } from './retention.jobs.ts'

let database: TestDatabase
let services: Services

beforeAll(async () => {
  database = await createTestDatabase()
  services = await createServices(
    new Database(database.pool),
    database.connectionString,
    TEST_SECRETS,
    createLogger('fatal'),
  )
})
afterAll(() => database.drop())

/** A row as old as it may be kept, give or take an hour, by the job that ends it. */
const ROWS: { job: string; table: string; keeps: string; insert: string }[] = [
  {
    job: 'prune-webhook-bodies',
    table: 'webhook_bodies',
    keeps: '14 days',
    insert: `INSERT INTO webhook_bodies (channel, body, received_at, processed_at)
             VALUES ('whatsapp', '', $1, $1)`,
  },
  {
    job: 'prune-server-processes',
    table: 'server_processes',
    keeps: '1 day',
    insert: `INSERT INTO server_processes (id, seen_at) VALUES (gen_random_uuid(), $1)`,
  },
  {
    job: 'prune-parked-receipts',
    table: 'parked_receipts',
    keeps: '14 days',
    insert: `INSERT INTO parked_receipts (channel_message_id, status, occurred_at, parked_at)
             VALUES (gen_random_uuid()::text, 'sent', $1, $1)`,
  },
  {
    job: 'prune-sessions',
    table: 'sessions',
    keeps: '90 days',
    insert: `WITH device AS (INSERT INTO devices (id, name, platform)
               VALUES (gen_random_uuid(), 'x', 'linux') RETURNING id)
             INSERT INTO sessions (user_id, device_id, created_at, ended_at, end_reason)
             SELECT u.id, device.id, $1, $1, 'signed_out' FROM device, (SELECT id FROM users LIMIT 1) u`,
  },
  {
    job: 'prune-intents',
    table: 'intents',
    keeps: '30 days',
    insert: `INSERT INTO intents (id, user_id, procedure, created_at)
             SELECT gen_random_uuid(), id, 'x', $1 FROM users LIMIT 1`,
  },
  {
    job: 'prune-offers',
    table: 'offers',
    keeps: '90 days',
    insert: `INSERT INTO offers (conversation_id, user_id, team_id, explanation, expires_at, outcome, decided_at)
             SELECT c.id, u.id, c.team_id, '{}', $1, 'refused', $1
             FROM conversations c, (SELECT id FROM users LIMIT 1) u LIMIT 1`,
  },
  {
    job: 'prune-presence-history',
    table: 'presence_history',
    keeps: '1 year',
    insert: `INSERT INTO presence_history (user_id, status, is_finishing, capacity, started_at, ended_at)
             SELECT id, 'online', FALSE, 1, $1, $1 FROM users LIMIT 1`,
  },
  {
    job: 'prune-integration-logs',
    table: 'integration_logs',
    keeps: '90 days',
    insert: `INSERT INTO integration_logs (integration_name, operation, created_at) VALUES ('x', 'x', $1)`,
  },
  {
    job: 'prune-rate-limit-buckets',
    table: 'rate_limit_buckets',
    keeps: '1 day',
    insert: `INSERT INTO rate_limit_buckets (customer_id, bucket_type, window_start, window_end)
             SELECT id, 'message', $1, $1 FROM customers LIMIT 1`,
  },
  {
    job: 'prune-alerts',
    table: 'alerts',
    keeps: '90 days',
    insert: `INSERT INTO alerts (user_id, subject_id, kind, clock, conversation_id, due_at, raised_at, ended_at, end_reason)
             SELECT u.id, gen_random_uuid(), 'warning', 'resolution', c.id, $1, $1, $1, 'resolved'
             FROM conversations c, (SELECT id FROM users LIMIT 1) u LIMIT 1`,
  },
  {
    job: 'prune-problems',
    table: 'problems',
    keeps: '90 days',
    insert: `INSERT INTO problems (kind, first_at, last_at, ended_at) VALUES ('quarantine', $1, $1, $1)`,
  },
  {
    job: 'prune-escalations',
    table: 'escalations',
    keeps: '1 year',
    insert: `INSERT INTO escalations (conversation_id, waiting_since, escalated_at, ended_at, end_reason)
             SELECT id, $1, $1, $1, 'answered' FROM conversations LIMIT 1`,
  },
  {
    job: 'prune-read-marks',
    table: 'read_marks',
    keeps: '30 days',
    insert: `WITH closed AS (
               INSERT INTO conversations (customer_id, channel, channel_account_id, status, closed_at)
               SELECT customer_id, channel, channel_account_id, 'closed', $1::timestamptz FROM conversations LIMIT 1
               RETURNING id)
             INSERT INTO read_marks (user_id, conversation_id, seq, created_at)
             SELECT u.id, closed.id, 1, $1 FROM closed, (SELECT id FROM users LIMIT 1) u`,
  },
  {
    job: 'prune-queue-samples',
    table: 'queue_samples',
    keeps: '7 days',
    insert: `INSERT INTO queue_samples (team_id, sampled_at, queued) SELECT id, $1, 1 FROM teams LIMIT 1`,
  },
]

test('every job of retention is asked about here', () => {
  expect(retentionJobs.map(({ name }) => name).toSorted()).toEqual(
    [...ROWS.map(({ job }) => job), 'prune-changes'].toSorted(),
  )
})

test.each(ROWS)(
  '$job keeps $keeps and no more, and can run again',
  async ({ job, table, keeps, insert }) => {
    const { pool } = database
    await pool.query(
      `INSERT INTO users (email, password_hash, full_name, role)
     VALUES ('keeper@parley.example', 'x', 'x', 'agent') ON CONFLICT DO NOTHING`,
    )
    await pool.query(
      `WITH account AS (
       INSERT INTO channel_accounts (channel, external_id, display_name) VALUES ('whatsapp', 'x', 'x')
       ON CONFLICT (channel, external_id) DO UPDATE SET is_active = TRUE RETURNING id),
     customer AS (
       INSERT INTO customers (external_id, channel) VALUES ('keeper', 'whatsapp')
       ON CONFLICT (external_id) DO UPDATE SET channel = 'whatsapp' RETURNING id)
     INSERT INTO conversations (customer_id, channel, channel_account_id, team_id, status, queued_at)
     SELECT customer.id, 'whatsapp', account.id, (SELECT id FROM teams LIMIT 1), 'queued', NOW()
     FROM account, customer ON CONFLICT DO NOTHING`,
    )
    const count = async (): Promise<number> => {
      const { rows } = await pool.query<{ count: number }>(
        `SELECT COUNT(*)::int AS count FROM ${table}`,
      )
      return rows[0]?.count ?? 0
    }
    const before = await count()
    const { rows } = await pool.query<{ expired: Date; kept: Date }>(
      `SELECT NOW() - $1::interval - INTERVAL '1 hour' AS expired, NOW() - $1::interval + INTERVAL '1 hour' AS kept`,
      [keeps],
    )
    const [times] = rows as [{ expired: Date; kept: Date }]
    await pool.query(insert, [times.expired])
    await pool.query(insert, [times.kept])
    expect(await count()).toBe(before + 2)
    const found = retentionJobs.find(({ name }) => name === job)
    await found?.run(services)
    expect(await count()).toBe(before + 1)
    await found?.run(services)
    expect(await count()).toBe(before + 1)
  },
)

test('read marks of what stands open are kept, however old; those of who left are not', async () => {
  const { pool } = database
  await pool.query('DELETE FROM read_marks')
  await pool.query(
    `WITH people AS (
       INSERT INTO users (email, password_hash, full_name, role, is_active)
       VALUES ('here@parley.example', 'x', 'Here', 'agent', TRUE), ('left@parley.example', 'x', 'Left', 'agent', FALSE)
       RETURNING id)
     INSERT INTO read_marks (user_id, conversation_id, seq, created_at)
     SELECT people.id, c.id, 1, NOW() - INTERVAL '1 year'
     FROM people, (SELECT id FROM conversations WHERE status <> 'closed' LIMIT 1) c`,
  )
  await retentionJobs.find(({ name }) => name === 'prune-read-marks')?.run(services)
  const { rows } = await pool.query(
    'SELECT u.full_name FROM read_marks m JOIN users u ON u.id = m.user_id',
  )
  expect(rows).toEqual([{ full_name: 'Here' }])
})

test('what waits in quarantine outlives its neighbours, however much of it there is', async () => {
  const { pool } = database
  await pool.query(
    `WITH old AS (
       INSERT INTO webhook_bodies (channel, body, received_at, processed_at)
       SELECT 'whatsapp', '', NOW() - INTERVAL '20 days', NOW() FROM generate_series(1, 6000) RETURNING id)
     INSERT INTO quarantined_updates (webhook_body_id, path, reason, detail)
     SELECT id, '', 'x', '' FROM old`,
  )
  await pool.query(
    `INSERT INTO webhook_bodies (channel, body, received_at, processed_at) VALUES ('chat_app', '', NOW() - INTERVAL '20 days', NOW())`,
  )
  await retentionJobs.find(({ name }) => name === 'prune-webhook-bodies')?.run(services)
  const { rows } = await pool.query(
    `SELECT (SELECT COUNT(*)::int FROM quarantined_updates) AS waiting,
            (SELECT COUNT(*)::int FROM webhook_bodies WHERE channel = 'chat_app') AS others`,
  )
  expect(rows).toEqual([{ waiting: 6000, others: 0 }])
})

test('prune-changes moves the horizon before what lies behind it goes', async () => {
  const { pool } = database
  await pool.query('TRUNCATE changes')
  for (const age of ['40 days', '31 days', '29 days', '1 day']) {
    await pool.query(
      `INSERT INTO changes (entity, entity_id, version, created_at)
       VALUES ('team', gen_random_uuid(), 1, NOW() - $1::interval)`,
      [age],
    )
  }
  const job = retentionJobs.find(({ name }) => name === 'prune-changes')
  await job?.run(services)
  await job?.run(services)
  const { rows } = await pool.query<{ days: number; at_horizon: boolean }>(
    `SELECT EXTRACT(DAY FROM NOW() - created_at)::int AS days, transaction = horizon AS at_horizon
     FROM changes, feed_state ORDER BY transaction`,
  )
  // The newest of what is too old marks the horizon; a cursor there still finds all that came after.
  expect(rows).toEqual([
    { days: 31, at_horizon: true },
    { days: 29, at_horizon: false },
    { days: 1, at_horizon: false },
  ])
})
