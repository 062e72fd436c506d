import { randomBytes, randomUUID } from 'node:crypto'
import {
  chmod,
  cp,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import type pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createBackup } from './backup.ts'
import { migrate } from './migrate.ts'
import { MIGRATIONS_FOLDER, readMigrations } from './migration-files.ts'
import { restoreBackup } from './restore.ts'
import { listSequences, listTables } from './stored-tables.ts'
import { createTestDatabase, type TestDatabase } from './testing.ts'
import { runScript } from './testing-processes.ts'

// What COPY text escapes, what line readers split at, what JSON hides, and the mark that ends a table.
const AWKWARD = [
  'plain',
  '',
  '\\.',
  '\\N',
  'tab\tnewline\ncr\rback\\slash',
  'u2028\u2028u2029\u2029',
  '¡Hola! 👋🏽',
  '\u0001\u001f"\'',
]

let source: TestDatabase
let folder: string
let file: string
let content: Record<string, unknown[]>

beforeAll(async () => {
  source = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'parley-backup-'))
  // The built-in PostgreSQL may have to run as another user than we do.
  await chmod(folder, 0o755)
  file = join(folder, 'all.parley')
  await populate(source.pool)
  content = await readEverything(source.pool)
  await createBackup({ connectionString: source.connectionString, file })
})

afterAll(async () => {
  await source.drop()
  await rm(folder, { recursive: true })
})

let target: TestDatabase

beforeEach(async () => {
  target = await createTestDatabase({ empty: true })
})

afterEach(async () => {
  await target.drop()
})

/** Restores after closing the pool's connections: a restore refuses while Parley is connected. */
async function restore(path: string, force?: boolean): ReturnType<typeof restoreBackup> {
  await disconnect(target.pool)
  return await restoreBackup({ connectionString: target.connectionString, file: path, force })
}

/** Ends idle connections as an administrator would; the pool opens others when needed. */
async function disconnect(pool: pg.Pool): Promise<void> {
  const client = await pool.connect()
  await client.query(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'parley-test'`,
  )
  client.release(true)
  while (pool.totalCount > 0) await new Promise((done) => setTimeout(done, 5))
}

describe('a backup', () => {
  it('restored into a fresh database is the same in every table', async () => {
    const filled = Object.entries(content).filter(([, rows]) => rows.length > 0)
    expect(filled.length).toBeGreaterThan(20)
    const result = await restore(file)
    expect(await readEverything(target.pool)).toEqual(content)
    expect(result).toMatchObject({ schemaVersion: (await readMigrations()).length })
    expect(await sequencesOf(target.pool)).toEqual(await sequencesOf(source.pool))
  })

  it('restored begins a new feed epoch and takes its own transaction ids', async () => {
    const epochOf = async (pool: pg.Pool): Promise<unknown> =>
      (await pool.query('SELECT epoch FROM feed_state')).rows
    await restore(file)
    expect(await epochOf(target.pool)).not.toEqual(await epochOf(source.pool))
    const { rows } = await target.pool.query(
      `SELECT count(*)::int AS total,
              count(*) FILTER (WHERE transaction < pg_snapshot_xmin(pg_current_snapshot()))::int AS readable,
              count(DISTINCT transaction)::int AS transactions FROM changes`,
    )
    expect(rows[0].total).toBeGreaterThan(0)
    expect(rows[0]).toMatchObject({ readable: rows[0].total, transactions: 1 })
  })

  it('restored has its keys, triggers and further numbers', async () => {
    await restore(file)
    const { rows: constraints } = await target.pool.query(constraintsSql)
    expect(constraints).toEqual((await source.pool.query(constraintsSql)).rows)
    await target.pool.query(`UPDATE customers SET name = 'Changed'`)
    const { rows } = await target.pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM changes WHERE entity = 'customer'
         AND number > (SELECT max(number) FROM changes) - (SELECT count(*) FROM customers)`,
    )
    expect(rows[0]?.count).toBe(content['public.customers']?.length)
  })

  it('frees jobs that a worker held', async () => {
    await source.pool.query(
      `UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'gone'`,
    )
    const held = join(folder, `${randomUUID()}.parley`)
    await createBackup({ connectionString: source.connectionString, file: held })
    await restore(held)
    const { rows } = await target.pool.query(
      'SELECT locked_at, locked_by FROM graphile_worker._private_jobs',
    )
    expect(rows).toEqual([{ locked_at: null, locked_by: null }])
    await source.pool.query(
      `UPDATE graphile_worker._private_jobs SET locked_at = NULL, locked_by = NULL`,
    )
  })

  it('brings nobody back in who was let out since', async () => {
    const { pool } = source
    await pool.query(
      `INSERT INTO devices (id, name, platform) VALUES (gen_random_uuid(), 'a', 'linux')`,
    )
    for (const ended of ['NULL, NULL', `NOW(), 'revoked'`]) {
      await pool.query(
        `INSERT INTO sessions (user_id, device_id, ended_at, end_reason)
         SELECT u.id, d.id, ${ended} FROM users u, devices d LIMIT 1`,
      )
    }
    await pool.query(
      `INSERT INTO refresh_tokens (hash, session_id) SELECT '\\x01', id FROM sessions WHERE ended_at IS NULL`,
    )
    await pool.query(
      `INSERT INTO account_links (hash, user_id, purpose, expires_at)
       SELECT '\\x01', id, 'invitation', NOW() + INTERVAL '1 day' FROM users LIMIT 1`,
    )
    await pool.query(
      `INSERT INTO api_keys (id, hash, name, owner_id, scopes, expires_at)
       SELECT gen_random_uuid(), '\\x01', 'a', id, '{scim}', NOW() + INTERVAL '1 day' FROM users LIMIT 1`,
    )
    const path = join(folder, `${randomUUID()}.parley`)
    await createBackup({ connectionString: source.connectionString, file: path })
    await pool.query('DELETE FROM api_keys')
    await pool.query('DELETE FROM devices')
    await pool.query('DELETE FROM account_links')
    await restore(path)
    const { rows } = await target.pool.query(
      `SELECT (SELECT array_agg(end_reason) FROM sessions) AS sessions,
              (SELECT COUNT(*)::int FROM refresh_tokens) AS tokens,
              (SELECT COUNT(*)::int FROM account_links) AS links,
              (SELECT COUNT(*)::int FROM api_keys WHERE revoked_at IS NULL) AS keys`,
    )
    expect(rows).toEqual([{ sessions: ['revoked'], tokens: 0, links: 0, keys: 0 }])
  })

  it('is one instant, whatever is written meanwhile', async () => {
    const moving = await createTestDatabase()
    const path = join(folder, `${randomUUID()}.parley`)
    let writing = true
    // Each user comes with one membership, in one transaction.
    const writer = (async () => {
      while (writing) {
        await moving.pool.query(
          `WITH person AS (INSERT INTO users (email, password_hash, full_name, role)
             VALUES (gen_random_uuid()::text, 'x', 'x', 'agent') RETURNING id)
           INSERT INTO team_memberships (user_id, team_id) SELECT person.id, teams.id FROM person, teams WHERE slug = 'sales'`,
        )
      }
    })()
    await createBackup({ connectionString: moving.connectionString, file: path })
    writing = false
    await writer
    await moving.drop()
    await restore(path)
    const { rows } = await target.pool.query(
      'SELECT (SELECT count(*)::int FROM users) = (SELECT count(*)::int FROM team_memberships) AS same',
    )
    expect(rows).toEqual([{ same: true }])
  })

  it('is readable by its owner only, never overwrites, and leaves nothing half-done', async () => {
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    await expect(
      createBackup({ connectionString: source.connectionString, file }),
    ).rejects.toMatchObject({
      code: 'backup-file-exists',
    })
    const nowhere = join(folder, 'nowhere', 'b.parley')
    await expect(
      createBackup({ connectionString: source.connectionString, file: nowhere }),
    ).rejects.toMatchObject({
      code: 'backup-failed',
    })
    expect((await readdir(folder)).filter((name) => name.endsWith('.partial'))).toEqual([])
  })

  it('of a database without a schema is refused', async () => {
    await expect(
      createBackup({
        connectionString: target.connectionString,
        file: join(folder, 'none.parley'),
      }),
    ).rejects.toMatchObject({ code: 'schema-missing' })
  })
})

describe('a restore', () => {
  it('refuses a database that holds something, and replaces it with --force', async () => {
    await restore(file)
    await target.pool.query(`UPDATE users SET full_name = 'Somebody else'`)
    const before = await readEverything(target.pool)
    await expect(restore(file)).rejects.toMatchObject({
      code: 'restore-target-not-empty',
      message: expect.stringContaining('--force'),
    })
    expect(await readEverything(target.pool)).toEqual(before)
    await restore(file, true)
    expect(await readEverything(target.pool)).toEqual(content)
  })

  it('takes a database that was only migrated for empty', async () => {
    await migrate(target.connectionString)
    await restore(file)
    expect(await readEverything(target.pool)).toEqual(content)
  })

  it('refuses a database of something else', async () => {
    await target.pool.query('CREATE TABLE invoices (number INT)')
    await expect(restore(file)).rejects.toMatchObject({ code: 'restore-target-not-empty' })
  })

  it('refuses while Parley is connected', async () => {
    const client = await target.pool.connect()
    await expect(
      restoreBackup({ connectionString: target.connectionString, file }),
    ).rejects.toMatchObject({ code: 'restore-target-in-use' })
    client.release()
  })

  it('at a failure half-way leaves the database as it was', async () => {
    await restore(file)
    const before = await readEverything(target.pool)
    const broken = join(folder, `${randomUUID()}.parley`)
    // A whole and well-formed backup whose rows PostgreSQL refuses: a membership of a user who is not there.
    await rewrite(broken, (lines) => lines.filter((line) => !line.includes('removed@example.com')))
    await expect(restore(broken, true)).rejects.toMatchObject({
      code: 'restore-failed',
      message: expect.stringMatching(
        /the database is as before: .*violates foreign key constraint/,
      ),
    })
    expect(await readEverything(target.pool)).toEqual(before)
  })

  it('brings an older backup to the present schema', async () => {
    const migrations = await readMigrations()
    const old = await mkdtemp(join(tmpdir(), 'parley-migrations-old-'))
    await cp(
      join(MIGRATIONS_FOLDER, migrations[0]?.name ?? ''),
      join(old, migrations[0]?.name ?? ''),
    )
    const early = await createTestDatabase({ empty: true })
    await migrate(early.connectionString, { folder: old })
    await early.pool.query(
      `INSERT INTO customers (external_id, channel, name) VALUES ('+1', 'whatsapp', 'Eva')`,
    )
    const path = join(folder, `${randomUUID()}.parley`)
    await createBackup({ connectionString: early.connectionString, file: path })
    await early.drop()
    await rm(old, { recursive: true })
    await migrate(target.connectionString)
    await expect(restore(path)).resolves.toMatchObject({ schemaVersion: migrations.length })
    const { rows } = await target.pool.query('SELECT name, version FROM customers')
    expect(rows).toEqual([{ name: 'Eva', version: '1' }])
  })

  it.each([
    [
      'cut off',
      'backup-file-damaged',
      async (path: string) => truncate(path, (await stat(path)).size - 9),
    ],
    ['with a flipped byte', 'backup-file-damaged', flipByte],
    ['of something else', 'backup-file-damaged', (path: string) => writeFile(path, 'hello')],
    [
      'with a row less',
      'backup-file-damaged',
      (path: string) => edit(path, (text) => text.replace(/^.*removed@example\.com.*\n/m, '')),
    ],
    [
      'with a changed row',
      'backup-file-damaged',
      (path: string) => edit(path, (text) => text.replace('removed@', 'another@')),
    ],
    [
      'without its end',
      'backup-file-damaged',
      (path: string) => edit(path, (text) => text.replace(/^\{"complete".*\n/m, '')),
    ],
    [
      'of a newer Parley',
      'backup-incompatible',
      (path: string) =>
        edit(path, (text) => text.replace(/"schemaVersion":\d+/, '"schemaVersion":9999')),
    ],
    [
      'of a changed migration',
      'backup-incompatible',
      (path: string) => edit(path, (text) => text.replace(/"checksum":"../, '"checksum":"zz')),
    ],
    [
      'of another format',
      'backup-incompatible',
      (path: string) =>
        edit(path, (text) => text.replace('"formatVersion":1', '"formatVersion":2')),
    ],
  ])('refuses a file %s before touching the database', async (_, code, damage) => {
    const path = join(folder, `${randomUUID()}.parley`)
    await cp(file, path)
    await damage(path)
    await expect(restore(path)).rejects.toMatchObject({ code })
    const { rows } = await target.pool.query(
      `SELECT FROM pg_tables WHERE schemaname IN ('public', 'graphile_worker')`,
    )
    expect(rows).toEqual([])
  })

  it('says that a file is not there', async () => {
    await expect(restore(join(folder, 'none'))).rejects.toMatchObject({
      code: 'backup-file-unreadable',
    })
  })
})

describe('npm run backup and restore', () => {
  it('go through DATABASE_URL', async () => {
    const path = join(folder, 'by-command.parley')
    const made = await runScript('./cli/backup.ts', ['--to', path], {
      DATABASE_URL: source.connectionString,
    })
    expect(made).toMatchObject({ code: 0, stderr: '' })
    await disconnect(target.pool)
    const back = await runScript('./cli/restore.ts', ['--from', path], {
      DATABASE_URL: target.connectionString,
    })
    expect(back).toMatchObject({ code: 0, stderr: '' })
    expect(await readEverything(target.pool)).toEqual(content)
  })

  it('go through the built-in database of a data folder', async () => {
    const data = join(folder, 'data')
    const env = { DATABASE_URL: undefined, PARLEY_DATA_DIR: data }
    const none = await runScript('./cli/backup.ts', ['--to', join(folder, 'x')], env)
    expect(none).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there is no built-in database in'),
    })
    expect(await runScript('./cli/restore.ts', ['--from', file], env)).toMatchObject({
      code: 0,
      stderr: '',
    })
    const again = join(folder, 'again.parley')
    expect(await runScript('./cli/backup.ts', ['--to', again], env)).toMatchObject({
      code: 0,
      stderr: '',
    })
    await restore(again)
    expect(await readEverything(target.pool)).toEqual(content)
  })

  it.each([
    ['./cli/backup.ts', [], '--to is missing'],
    ['./cli/restore.ts', ['--from'], 'argument missing'],
    ['./cli/restore.ts', ['--form', 'x'], "Unknown option '--form'"],
  ])('%s %j answers in one line', async (script, args, message) => {
    const { code, stderr } = await runScript(script, args)
    expect({ code, lines: stderr.trim().split('\n').length }).toEqual({ code: 1, lines: 1 })
    expect(stderr).toContain(message)
  })
})

// --- reading ---------------------------------------------------------------------------------------------

const constraintsSql = `
  SELECT conrelid::regclass::text AS table, conname, pg_get_constraintdef(oid) AS definition, convalidated
  FROM pg_constraint WHERE connamespace::regnamespace::text IN ('public', 'graphile_worker') AND contype <> 'n'
  ORDER BY 1, 2`

/** Every row of every table, but for what a restore changes on purpose: transaction ids and the feed's epoch. */
async function readEverything(pool: pg.Pool): Promise<Record<string, unknown[]>> {
  const client = await pool.connect()
  try {
    await client.query(`SET timezone = 'UTC'`)
    const everything: Record<string, unknown[]> = {}
    for (const table of await listTables(client)) {
      const columns = table.name === 'public.feed_state' ? ['only_row'] : table.quotedColumns
      const { rows } = await client.query<{ row: unknown }>(
        `SELECT to_jsonb(t) AS row FROM (SELECT ${columns.join(', ')} FROM ${table.quotedName}) t ORDER BY to_jsonb(t)::text`,
      )
      everything[table.name] = rows.map(({ row }) => row)
    }
    return everything
  } finally {
    client.release()
  }
}

async function sequencesOf(pool: pg.Pool): Promise<unknown> {
  const client = await pool.connect()
  try {
    return await listSequences(client)
  } finally {
    client.release()
  }
}

// --- damaging --------------------------------------------------------------------------------------------

async function edit(path: string, change: (text: string) => string): Promise<void> {
  const text = gunzipSync(await readFile(path)).toString('utf8')
  const changed = change(text)
  expect(changed).not.toBe(text)
  await writeFile(path, gzipSync(changed))
}

async function flipByte(path: string): Promise<void> {
  const bytes = await readFile(path)
  const at = Math.floor(bytes.length / 2)
  bytes[at] = (bytes[at] ?? 0) ^ 0xff
  await writeFile(path, bytes)
}

/** Writes a backup of which rows were taken, with the counts and checksums that belong to what is left. */
async function rewrite(path: string, change: (lines: string[]) => string[]): Promise<void> {
  const { RowsDigest } = await import('./backup-format.ts')
  const out: string[] = []
  let digest: InstanceType<typeof RowsDigest> | undefined
  let total = 0
  for (const line of change(
    gunzipSync(await readFile(file))
      .toString('utf8')
      .split('\n'),
  )) {
    if (line.startsWith('{"table":')) {
      digest = new RowsDigest()
      out.push(line)
    } else if (line.startsWith('{"endOf":')) {
      const end = digest?.finish((JSON.parse(line) as { endOf: string }).endOf)
      total += end?.rows ?? 0
      digest = undefined
      out.push(JSON.stringify(end))
    } else if (line.startsWith('{"complete":')) {
      out.push(JSON.stringify({ ...(JSON.parse(line) as object), rows: total }))
    } else {
      if (digest !== undefined && line !== '\\.') digest.add(Buffer.from(`${line}\n`))
      out.push(line)
    }
  }
  await writeFile(path, gzipSync(out.join('\n')))
}

// --- populating ------------------------------------------------------------------------------------------

async function populate(pool: pg.Pool): Promise<void> {
  const one = async (sql: string, values: unknown[] = []): Promise<string> =>
    (await pool.query<{ id: string }>(`${sql} RETURNING id::text AS id`, values)).rows[0]?.id ?? ''
  const team = (await pool.query<{ id: string }>(`SELECT id FROM teams WHERE slug = 'support'`))
    .rows[0]?.id
  const person = (email: string): Promise<string> =>
    one(
      `INSERT INTO users (email, password_hash, full_name, role) VALUES ($1, 'x', 'Ana \\ Ñ', 'agent')`,
      [email],
    )
  const [ana, luis] = [await person('removed@example.com'), await person('luis@example.com')]
  const account = await one(
    `INSERT INTO channel_accounts (channel, external_id, display_name) VALUES ('whatsapp', '1', 'Main')`,
  )
  await pool.query('INSERT INTO team_memberships (user_id, team_id) VALUES ($1, $3), ($2, $3)', [
    ana,
    luis,
    team,
  ])
  await pool.query(
    `INSERT INTO agent_presence (user_id, status, since, last_seen_at) VALUES ($1, 'online', '2026-03-29T02:30:00.123456+02', 'infinity')`,
    [ana],
  )
  for (const [index, text] of AWKWARD.entries()) {
    const customer = await one(
      `INSERT INTO customers (external_id, channel, name, metadata) VALUES ($1, 'whatsapp', $2, $3)`,
      [`+${index}`, text, JSON.stringify({ text, nested: [1.5, null, 1e21] })],
    )
    await pool.query(
      `INSERT INTO customer_identities (customer_id, channel, external_id, kind, is_primary) VALUES ($1, 'whatsapp', $2, 'phone', TRUE)`,
      [customer, `+${index}`],
    )
    const conversation = await one(
      `INSERT INTO conversations (customer_id, channel, channel_account_id, team_id, assigned_to, status, metadata)
       VALUES ($1, 'whatsapp', $2, $3, $4, 'assigned', NULL)`,
      [customer, account, team, luis],
    )
    const message = await one(
      `INSERT INTO messages (conversation_id, direction, sender_type, content_text) VALUES ($1, 'inbound', 'customer', $2)`,
      [conversation, text],
    )
    await pool.query(
      `INSERT INTO messages (conversation_id, direction, sender_type, sender_id, content_text, reply_to_id, channel_message_id)
       VALUES ($1, 'outbound', 'agent', $2, $3, $4, $5)`,
      [conversation, luis, text, message, `wamid.${index}`],
    )
    await pool.query(
      `INSERT INTO conversation_events (conversation_id, event_type, actor_type, old_value) VALUES ($1, 'conversation.created', 'system', 'null')`,
      [conversation],
    )
    await pool.query(
      `INSERT INTO conversation_notes (conversation_id, author_id, content) VALUES ($1, $2, $3)`,
      [conversation, luis, text],
    )
    await pool.query(
      `INSERT INTO conversation_assignments (conversation_id, user_id, method) VALUES ($1, $2, 'claim')`,
      [conversation, luis],
    )
    await pool.query(
      `INSERT INTO media_files (message_id, media_type, storage_url, file_size_bytes) VALUES ($1, 'image', $2, 9007199254740993)`,
      [message, text],
    )
    await pool.query(
      `INSERT INTO ai_tool_audit_logs (conversation_id, tool_name, input_params, status) VALUES ($1, $2, '[]', 'denied')`,
      [conversation, text],
    )
    if (index === 0) {
      const tag = await one(`INSERT INTO tags (name) VALUES ('vip')`)
      await pool.query('INSERT INTO conversation_tags (conversation_id, tag_id) VALUES ($1, $2)', [
        conversation,
        tag,
      ])
    }
  }
  await pool.query(
    `INSERT INTO business_hours (team_id, day_of_week, open_time, close_time) VALUES ($1, 0, '09:00:00.5', '24:00')`,
    [team],
  )
  await pool.query(
    `INSERT INTO team_holidays (team_id, date, name) VALUES ($1, '0044-03-15 BC', 'Ides')`,
    [team],
  )
  await pool.query(
    `INSERT INTO team_settings (team_id, pending_customer_fraction) VALUES ($1, 0.33)
     ON CONFLICT (team_id) DO UPDATE SET pending_customer_fraction = 0.33`,
    [team],
  )
  await pool.query(
    `INSERT INTO integration_configs (name, type, credentials_encrypted, key_id) VALUES ('ticketing', 'api_key', $1, 'k1')`,
    [Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
  )
  await pool.query(
    `INSERT INTO webhook_subscriptions (url, events, secret, key_id) VALUES ('https://a', $1, $2, 'k1')`,
    [AWKWARD, randomBytes(60).toString('base64')],
  )
  const thread = await one(`INSERT INTO internal_threads (title, created_by) VALUES ('t', $1)`, [
    ana,
  ])
  await pool.query('INSERT INTO internal_thread_members (thread_id, user_id) VALUES ($1, $2)', [
    thread,
    ana,
  ])
  await pool.query(
    'INSERT INTO internal_messages (thread_id, sender_id, content) VALUES ($1, $2, $3)',
    [thread, ana, 'hi'],
  )
  await pool.query(
    `INSERT INTO canned_responses (owner_id, shortcut, title, content, created_by) VALUES ($1, '/hi', 't', 'c', $1)`,
    [ana],
  )
  await pool.query(`INSERT INTO agent_stats (user_id, date) VALUES ($1, '2026-02-28')`, [ana])
  await pool.query(`INSERT INTO webhook_bodies (channel, body) VALUES ('whatsapp', $1)`, [
    randomBytes(200_000),
  ])
  await pool.query(
    `SELECT graphile_worker.add_job('deliver', '{"text": "a\\nb"}'::json, queue_name := 'q')`,
  )
}
