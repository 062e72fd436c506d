import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { createPool, migrate } from '@parley/database'
import { startEmbeddedPostgres } from '@parley/database/embedded'
import type pg from 'pg'

/** The real server as a process of its own, on a real and durable PostgreSQL made for this run. */
export interface World {
  connectionString: string
  pool: pg.Pool
  startServer(env?: Record<string, string>): Promise<ServerProcess>
  stop(): Promise<void>
}

export interface ServerProcess {
  url: string
  process: ChildProcess
  stop(): Promise<void>
}

export const APP_SECRET = 'a-bench-secret'
export const PHONE_NUMBER_ID = '106540352242922'
export const ACCESS_TOKEN = 'a-bench-token'

export async function createWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'))
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') })
  await migrate(postgres.connectionString)
  const pool = createPool(postgres.connectionString, {
    maxConnections: 16,
    applicationName: 'parley-bench',
  })
  const servers: ServerProcess[] = []
  return {
    connectionString: postgres.connectionString,
    pool,
    async startServer(env = {}) {
      const server = await startServerProcess(postgres.connectionString, env)
      servers.push(server)
      return server
    },
    async stop() {
      for (const server of servers) await server.stop()
      await pool.end()
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function startServerProcess(
  connectionString: string,
  env: Record<string, string>,
): Promise<ServerProcess> {
  const child = spawn(process.execPath, ['apps/server/src/main.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'] ?? '',
      DATABASE_URL: connectionString,
      PARLEY_SECRET_KEY: randomBytes(32).toString('base64'),
      PORT: '0',
      LOG_LEVEL: 'error',
      WHATSAPP_APP_SECRET: APP_SECRET,
      WHATSAPP_VERIFY_TOKEN: 'a-verify-token',
      WHATSAPP_ACCESS_TOKEN: ACCESS_TOKEN,
      WHATSAPP_PHONE_NUMBER_ID: PHONE_NUMBER_ID,
      WHATSAPP_GRAPH_URL: 'http://127.0.0.1:9',
      ...env,
    },
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = JSON.parse(line) as { msg?: string; url?: string }
      if (message.msg === 'listening' && message.url !== undefined) resolve(message.url)
    })
  })
  return {
    url,
    process: child,
    async stop() {
      if (child.exitCode !== null) return
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Customers with an open conversation each, and a history of so many messages behind them. */
export async function fill(pool: pg.Pool, messages: number, conversations: number): Promise<void> {
  const client = await pool.connect()
  try {
    // Without triggers: this is the past, and nobody follows it.
    await client.query(`SET session_replication_role = replica`)
    await client.query(
      `INSERT INTO channel_accounts (channel, external_id, display_name) VALUES ('whatsapp', $1, 'bench') ON CONFLICT DO NOTHING`,
      [PHONE_NUMBER_ID],
    )
    await client.query(
      `INSERT INTO customers (external_id, channel, name)
       SELECT '+5215500' || lpad(n::text, 6, '0'), 'whatsapp', 'Cliente ' || n FROM generate_series(1, $1::int) n
       ON CONFLICT DO NOTHING`,
      [conversations],
    )
    await client.query(
      `INSERT INTO customer_identities (customer_id, channel, external_id, kind, is_primary, valid_from)
       SELECT id, 'whatsapp', external_id, 'phone', TRUE, NOW() - INTERVAL '1 year' FROM customers ON CONFLICT DO NOTHING`,
    )
    await client.query(
      `INSERT INTO conversations (customer_id, channel, channel_account_id, team_id, status, queued_at, reply_identity_id,
         first_message_at, waiting_since, last_inbound_at, last_message_at)
       SELECT c.id, 'whatsapp', a.id, (SELECT id FROM teams WHERE slug = 'sales'), 'queued', NOW(),
         (SELECT i.id FROM customer_identities i WHERE i.customer_id = c.id LIMIT 1), NOW(), NOW(), NOW(), NOW()
       FROM customers c, channel_accounts a
       WHERE NOT EXISTS (SELECT 1 FROM conversations v WHERE v.customer_id = c.id)`,
    )
    const { rows } = await client.query<{ count: number }>(
      'SELECT COUNT(*)::int AS count FROM messages',
    )
    const missing = messages - (rows[0]?.count ?? 0)
    if (missing > 0) {
      await client.query(
        `WITH numbered AS (SELECT id, customer_id, row_number() OVER () AS n, COUNT(*) OVER () AS total FROM conversations)
         INSERT INTO messages (conversation_id, channel_message_id, direction, sender_type, sender_id, content_text, content_metadata, status, sent_at)
         SELECT numbered.id, 'wamid.' || md5(g::text || random()::text), 'inbound', 'customer', numbered.customer_id,
                'Hola, ¿me pueden ayudar con mi pedido número ' || g || '?', '{"text":{"body":"Hola"}}', 'delivered',
                NOW() - make_interval(secs => ($1::int - g))
         FROM generate_series(1, $1::int) g JOIN numbered ON numbered.n = (g % numbered.total) + 1`,
        [missing],
      )
      await client.query(
        `INSERT INTO changes (entity, entity_id, version)
         SELECT 'message', id, 1 FROM messages ORDER BY seq DESC LIMIT $1`,
        [missing],
      )
      await client.query(
        `INSERT INTO webhook_bodies (channel, body, processed_at) SELECT 'whatsapp', convert_to(repeat('x', 400), 'UTF8'), NOW() FROM generate_series(1, $1::int)`,
        [missing],
      )
    }
    await client.query('VACUUM ANALYZE messages')
    await client.query('VACUUM ANALYZE conversations')
    await client.query('VACUUM ANALYZE changes')
    await client.query('VACUUM ANALYZE webhook_bodies')
    await client.query('CHECKPOINT')
  } finally {
    await client.query(`SET session_replication_role = DEFAULT`)
    client.release()
  }
}
