import { createHmac, hkdfSync, randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'

import type pg from 'pg'

import { type ServerProcess } from './world.ts'

/** A company at work, made by a few statements, and its people signed in without asking a server to hash passwords. */

const TEAMS = 50
/** What a person of the company may be; every other is an agent of one team. */
export const ROLES = ['agent', 'team_lead', 'supervisor'] as const
export type CompanyRole = (typeof ROLES)[number]

export const SECRET_KEY = randomBytes(32).toString('base64')

export interface Colleague {
  userId: string
  role: CompanyRole
  teamIds: string[]
  token: string
}

/**
 * So many conversations of ten messages and five events: one in twenty is open, half were closed within 30 days. Nobody
 * has analysed the tables: that is how a server finds them after a restore.
 */
export async function fillCompany(pool: pg.Pool, conversations: number): Promise<string[]> {
  const { rows: teams } = await pool.query<{ id: string }>(
    `INSERT INTO teams (name, slug) SELECT 'Equipo ' || n, 'equipo-' || n FROM generate_series(1, $1) n
     ON CONFLICT (slug) DO UPDATE SET name = EXCLUDED.name RETURNING id`,
    [TEAMS],
  )
  const teamIds = teams.map(({ id }) => id)
  // What waits is looked at by people; handing it out is another bench's affair.
  await pool.query(`UPDATE team_settings SET routing_mode = 'pull'`)
  await pool.query(`ALTER TABLE messages DISABLE TRIGGER USER`)
  await pool.query(`ALTER TABLE conversation_events DISABLE TRIGGER USER`)
  for (let from = 0; from < conversations; from += 5_000) {
    await fillPortion(pool, teamIds, Math.min(5_000, conversations - from))
  }
  await pool.query(`ALTER TABLE messages ENABLE TRIGGER USER`)
  await pool.query(`ALTER TABLE conversation_events ENABLE TRIGGER USER`)
  return teamIds
}

async function fillPortion(pool: pg.Pool, teamIds: string[], count: number): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(
    `WITH account AS (
       INSERT INTO channel_accounts (channel, external_id, display_name) VALUES ('whatsapp', 'company', 'company')
       ON CONFLICT (channel, external_id) DO UPDATE SET display_name = 'company' RETURNING id),
     customer AS (
       INSERT INTO customers (id, channel, external_id, name)
       SELECT new_id(), 'whatsapp', gen_random_uuid(), 'Cliente ' || n FROM generate_series(1, $2) n RETURNING id),
     numbered AS (SELECT id, row_number() OVER () AS n FROM customer)
     INSERT INTO conversations (id, customer_id, channel, channel_account_id, team_id, status, closed_at, queued_at,
       first_message_at, last_message_at, waiting_since)
     SELECT new_id(), numbered.id, 'whatsapp', account.id, ($1::uuid[])[1 + (n / 20) % cardinality($1::uuid[])],
       CASE WHEN n % 20 = 0 THEN 'queued' ELSE 'closed' END,
       CASE WHEN n % 20 > 0 THEN NOW() - make_interval(mins => CASE WHEN n % 2 = 0 THEN (random() * 40000)::int ELSE 50000 + (random() * 100000)::int END) END,
       NOW(), NOW(), NOW(), CASE WHEN n % 20 = 0 THEN NOW() END
     FROM numbered, account RETURNING id`,
    [teamIds, count],
  )
  const ids = rows.map(({ id }) => id)
  await pool.query(
    `INSERT INTO messages (id, conversation_id, direction, sender_type, content_type, content_text, status, sent_at)
     SELECT new_id(), id, CASE n % 2 WHEN 0 THEN 'outbound' ELSE 'inbound' END, CASE n % 2 WHEN 0 THEN 'agent' ELSE 'customer' END,
       'text', 'Hola, quería saber de mi pedido ' || left(md5(id::text || n), 12) || ', que no llegó', 'delivered', NOW()
     FROM unnest($1::uuid[]) AS id, generate_series(1, 10) n`,
    [ids],
  )
  await pool.query(
    `INSERT INTO conversation_events (id, conversation_id, event_type, actor_type)
     SELECT new_id(), id, 'conversation.status_changed', 'system' FROM unnest($1::uuid[]) AS id, generate_series(1, 5)`,
    [ids],
  )
}

/** Where no search is measured: the index begins with what comes now, instead of taking the processors for minutes. */
export async function leaveUnindexed(pool: pg.Pool): Promise<void> {
  await pool.query(
    `UPDATE search_progress SET messages_before = NULL, customers_after = NULL, cursor = (
       SELECT epoch || ':' || pg_snapshot_xmin(pg_current_snapshot()) || ':0' FROM feed_state)`,
  )
}

/** What was filled in is made findable behind the commits: that is over, as it is in any company at work. */
export async function untilIndexed(pool: pg.Pool): Promise<number> {
  const began = performance.now()
  for (;;) {
    const { rows } = await pool.query(
      'SELECT FROM search_progress WHERE cursor IS NOT NULL AND messages_before IS NULL AND customers_after IS NULL',
    )
    if (rows.length > 0) return (performance.now() - began) / 1000
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** @param role of all of them; each agent and lead is of one team, in turns */
export async function addColleagues(
  pool: pg.Pool,
  teamIds: readonly string[],
  role: CompanyRole,
  count: number,
): Promise<Colleague[]> {
  const people = Array.from({ length: count }, (_, n) => ({
    userId: randomUUID(),
    sessionId: randomUUID(),
    deviceId: randomUUID(),
    teamId: role === 'supervisor' ? null : (teamIds[n % teamIds.length] ?? null),
  }))
  const column = (key: keyof (typeof people)[number]) => people.map((person) => person[key])
  await pool.query(
    `INSERT INTO users (id, email, password_hash, full_name, role)
     SELECT id, id || '@parley.example', 'x', 'Persona', $2 FROM unnest($1::uuid[]) id`,
    [column('userId'), role],
  )
  await pool.query(
    `INSERT INTO agent_presence (user_id, status, capacity) SELECT id, 'offline', 0 FROM unnest($1::uuid[]) id`,
    [column('userId')],
  )
  await pool.query(
    `INSERT INTO team_memberships (id, user_id, team_id)
     SELECT new_id(), u, t FROM unnest($1::uuid[], $2::uuid[]) AS given(u, t) WHERE t IS NOT NULL`,
    [column('userId'), column('teamId')],
  )
  await pool.query(
    `INSERT INTO devices (id, name, platform) SELECT id, 'bench', 'linux' FROM unnest($1::uuid[]) id`,
    [column('deviceId')],
  )
  await pool.query(
    `INSERT INTO sessions (id, user_id, device_id) SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[])`,
    [column('sessionId'), column('userId'), column('deviceId')],
  )
  return people.map(({ userId, sessionId, teamId }) => ({
    userId,
    role,
    teamIds: teamId === null ? [] : [teamId],
    token: accessToken(sessionId),
  }))
}

/** As the server signs them. */
function accessToken(sessionId: string): string {
  const key = Buffer.from(
    hkdfSync('sha256', Buffer.from(SECRET_KEY, 'base64'), 'parley', 'access-token', 32),
  )
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const nowSeconds = Math.floor(Date.now() / 1000)
  const signed = `${part({ alg: 'HS256' })}.${part({ sid: sessionId, iss: 'parley', iat: nowSeconds, exp: nowSeconds + 86_400 })}`
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`
}

/** What a process has in memory, in megabytes. */
export function memoryOf(processId: number | undefined): number {
  const status = readFileSync(`/proc/${processId}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
}

const TICKS_PER_SECOND = 100

/**
 * What a process has had of the processors so far, in seconds: it tells more than the clock where others work beside it.
 */
export function processorSecondsOf(processId: number | undefined): number {
  const stat = readFileSync(`/proc/${processId}/stat`, 'utf8')
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
  return (Number(user) + Number(system)) / TICKS_PER_SECOND
}

/** @returns how to end that, with what servers and workstations have had of the processors meanwhile */
export function watchProcessors(servers: readonly ServerProcess[]): () => string {
  const seconds = () => ({
    servers: servers.reduce((sum, { process: { pid } }) => sum + processorSecondsOf(pid), 0),
    workstations: processorSecondsOf(process.pid),
  })
  const began = seconds()
  return () => {
    const ended = seconds()
    return (
      `processors: servers ${(ended.servers - began.servers).toFixed(1)} s, ` +
      `simulated workstations ${(ended.workstations - began.workstations).toFixed(1)} s`
    )
  }
}

/** Looks at it again and again. @returns how to end that, with the most that was seen */
export function watchMemory(processIds: readonly (number | undefined)[]): () => number {
  let most = 0
  const look = () => {
    const now = processIds.reduce((sum: number, id) => Math.max(sum, memoryOf(id)), 0)
    most = Math.max(most, now)
  }
  look()
  const timer = setInterval(look, 200)
  return () => {
    clearInterval(timer)
    look()
    return most
  }
}
