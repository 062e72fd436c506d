import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { closeClient, createClient, isUnanswered } from './connect.ts'
import { createPool } from './database.ts'
import { createTestDatabase, startFreezingProxy, type TestDatabase } from './testing.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase({ empty: true })
})
afterAll(() => database.drop())

const LIMIT_MS = 1_500

test.each([true, false])(
  'a connection that is open and dead is given up, with its idle neighbours (pipeline: %s)',
  async (pipeline) => {
    const proxy = await startFreezingProxy(database.connectionString)
    const pool = createPool(proxy.connectionString, {
      queryTimeoutMs: LIMIT_MS,
      connectTimeoutMs: LIMIT_MS,
      pipeline,
      onConnectionError: () => {},
    })
    await Promise.all([1, 2, 3].map(() => pool.query('SELECT pg_sleep(0.05)')))
    expect(pool.idleCount).toBe(3)
    proxy.freeze()
    await expect(pool.query('SELECT 1')).rejects.toSatisfy(isUnanswered)
    proxy.thaw()
    // Each of the three would take the limit, and fail.
    const { rows } = await pool.query<{ n: number }>('SELECT 1 AS n')
    expect(rows).toEqual([{ n: 1 }])
    await pool.end()
    await proxy.stop()
  },
)

test('a transaction on a dead connection fails, and its connection does not come back', async () => {
  const proxy = await startFreezingProxy(database.connectionString)
  const pool = createPool(proxy.connectionString, { queryTimeoutMs: LIMIT_MS, maxConnections: 1 })
  const client = await pool.connect()
  await client.query('BEGIN')
  proxy.freeze()
  const failure = await client.query('SELECT 1').catch((error: unknown) => error)
  expect(failure).toSatisfy(isUnanswered)
  client.release(failure as Error)
  proxy.thaw()
  expect((await pool.query('SELECT 1')).rowCount).toBe(1)
  await pool.end()
  await proxy.stop()
})

test('a statement that is merely slow is ended by PostgreSQL, and its connection lives', async () => {
  const pool = createPool(database.connectionString, {
    queryTimeoutMs: LIMIT_MS,
    maxConnections: 1,
  })
  const client = await pool.connect()
  await expect(client.query('SELECT pg_sleep(30)')).rejects.toMatchObject({ code: '57014' })
  expect((await client.query('SELECT 1')).rowCount).toBe(1)
  client.release()
  await pool.end()
})

describe('sessions of a server', () => {
  test('are missed within 15 seconds when their host is gone, in a transaction or not', async () => {
    const pool = createPool(database.connectionString, { queryTimeoutMs: 8_000 })
    const { rows } = await pool.query<{ name: string; setting: string }>(
      `SELECT name, setting FROM pg_settings WHERE name IN ('tcp_keepalives_idle', 'tcp_keepalives_interval',
         'tcp_keepalives_count', 'tcp_user_timeout', 'idle_in_transaction_session_timeout', 'statement_timeout')
       ORDER BY name`,
    )
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
      idle_in_transaction_session_timeout: '15000',
      statement_timeout: '7000',
      tcp_keepalives_count: '3',
      tcp_keepalives_idle: '5',
      tcp_keepalives_interval: '3',
      tcp_user_timeout: '15000',
    })
    await pool.end()
  })

  test('keep what the address of the database asks for', async () => {
    const url = new URL(database.connectionString)
    url.searchParams.set('options', '-c work_mem=5MB')
    const pool = createPool(url.href, { queryTimeoutMs: 8_000 })
    const { rows } = await pool.query(
      `SELECT current_setting('work_mem') AS memory, current_setting('statement_timeout') AS timeout`,
    )
    expect(rows).toEqual([{ memory: '5MB', timeout: '7s' }])
    await pool.end()
  })
})

test('a client that listens hangs up on a dead connection instead of waiting for its goodbye', async () => {
  const proxy = await startFreezingProxy(database.connectionString)
  const client = createClient(proxy.connectionString, {
    applicationName: 'parley-test',
    queryTimeoutMs: 8_000,
  })
  client.on('error', () => {})
  await client.connect()
  proxy.freeze()
  await closeClient(client, 50)
  await proxy.stop()
})
