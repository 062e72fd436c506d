import type { Socket } from 'node:net'
import pg from 'pg'
import { DatabaseError, firstLine, isSystemError } from './database-error.ts'

/** The oldest PostgreSQL that Parley runs on, and the newest that its tests have seen (major versions). */
const OLDEST_POSTGRES = 14
export const NEWEST_TESTED_POSTGRES = 18

/** A peer that has vanished is noticed by the operating system, also where nobody sends anything. */
export const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 5_000 }

/** A transaction that says nothing for so long has lost its owner; its locks are others' then. */
const IDLE_TRANSACTION_TIMEOUT_MS = 15_000

/** PostgreSQL ends a statement so much before we give up its connection. */
const SERVER_FIRST_MS = 1_000

/**
 * Settings of a session whose owner may vanish without a word: its host is missed after 5 s of silence and three
 * questions of 3 s each, or where it does not confirm what it is sent for 15 s, and with the session go its locks.
 */
const NOTICED_WHEN_GONE = {
  idle_in_transaction_session_timeout: IDLE_TRANSACTION_TIMEOUT_MS,
  tcp_keepalives_idle: 5,
  tcp_keepalives_interval: 3,
  tcp_keepalives_count: 3,
  tcp_user_timeout: 15_000,
}

/** For sessions of a server: none outlives its owner, no statement runs longer than anybody waits for it. */
export function limitedSession(queryTimeoutMs: number): string {
  const settings = {
    ...NOTICED_WHEN_GONE,
    statement_timeout: Math.max(queryTimeoutMs - SERVER_FIRST_MS, Math.ceil(queryTimeoutMs / 2)),
  }
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ')
}

/**
 * An address with settings for the sessions that it leads to. What the address itself asks for comes last, and so
 * counts; pg would take its `options` instead of ours.
 */
export function withSettings(
  connectionString: string,
  ...settings: (string | undefined)[]
): { connectionString: string; options?: string } {
  const url = new URL(parseConnectionString(connectionString))
  const asked = url.searchParams.get('options') ?? undefined
  url.searchParams.delete('options')
  const given = [...settings, asked].filter((text) => text !== undefined)
  return {
    connectionString: asked === undefined ? connectionString : url.href,
    ...(given.length === 0 ? {} : { options: given.join(' ') }),
  }
}

/**
 * A client of its own, not connected yet, for what a pool cannot do (LISTEN). As with a pool's `queryTimeoutMs`, a
 * statement that is not answered in time fails; the caller then lets go by {@link closeClient}.
 */
export function createClient(
  connectionString: string,
  options: { applicationName: string; queryTimeoutMs: number },
): pg.Client {
  return new pg.Client({
    ...withSettings(connectionString, limitedSession(options.queryTimeoutMs)),
    application_name: options.applicationName,
    connectionTimeoutMillis: options.queryTimeoutMs,
    query_timeout: options.queryTimeoutMs,
    ...KEEP_ALIVE,
  })
}

/** Says goodbye where that is heard, and hangs up all the same. */
export async function closeClient(client: pg.Client, timeoutMs = 1_000): Promise<void> {
  const late = setTimeout(() => breakOff(client, new Error('closed')), timeoutMs)
  try {
    await client.end()
  } finally {
    clearTimeout(late)
  }
}

/** A statement was sent and no answer came in its time: whether it was carried out is not known. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout'
}

/** Hangs up without a goodbye, which on a dead connection is never heard. */
export function breakOff(client: pg.ClientBase, reason: Error): void {
  // Not in pg's types.
  const { connection } = client as unknown as { connection: { stream: Socket } }
  connection.stream.destroy(reason)
}

/**
 * Checks a connection string's form without connecting.
 * @returns the same string
 * @throws DatabaseError `connection-string-missing`, `connection-string-malformed`
 */
export function parseConnectionString(value: string | undefined, name = 'DATABASE_URL'): string {
  const text = value?.trim() ?? ''
  if (text === '') {
    throw new DatabaseError(
      'connection-string-missing',
      `${name} is not set. Set it to your PostgreSQL, for example postgres://user:password@host:5432/parley`,
    )
  }
  const malformed = (reason: string): DatabaseError =>
    new DatabaseError(
      'connection-string-malformed',
      `${name} is not a PostgreSQL connection string: ${reason}. Expected postgres://user:password@host:5432/database`,
    )
  let url: URL
  try {
    url = new URL(text)
  } catch {
    // Not quoting the value: a malformed one may still hold the password.
    throw malformed('it cannot be read as a URL')
  }
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') {
    throw malformed(`it begins with "${url.protocol}//" instead of "postgres://"`)
  }
  if (url.pathname === '' || url.pathname === '/') throw malformed('it names no database')
  return text
}

/** `host:port/database` of a connection string, without user and password, for messages. */
export function describeTarget(connectionString: string): string {
  const url = new URL(connectionString)
  const host = url.searchParams.get('host') ?? decodeURIComponent(url.hostname)
  return `${host || 'localhost'}:${url.port || '5432'}${url.pathname}`
}

/**
 * Connects one client and checks the server's version.
 * @throws DatabaseError `server-unreachable`, `server-refused-login`, `server-version-unsupported`
 */
export async function connectClient(
  connectionString: string,
  applicationName: string,
): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString,
    application_name: applicationName,
    connectionTimeoutMillis: 10_000,
  })
  // A connection that breaks fails the query that is running or comes next; without a listener the same break
  // would also end the process.
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (error) {
    throw describeConnectionFailure(error, connectionString)
  }
  try {
    await assertServerVersion(client)
  } catch (error) {
    await client.end()
    throw error
  }
  return client
}

function describeConnectionFailure(error: unknown, connectionString: string): DatabaseError {
  const target = describeTarget(connectionString)
  const sqlState = isSystemError(error) ? error.code : undefined
  // Class 28 is a refused login, 3D000 an unknown database, 57P03 a server that is starting or stopping.
  if (sqlState?.startsWith('28') || sqlState === '3D000') {
    return new DatabaseError(
      'server-refused-login',
      `PostgreSQL at ${target} refused the connection: ${firstLine(error)}`,
      error,
    )
  }
  return new DatabaseError(
    'server-unreachable',
    `PostgreSQL at ${target} cannot be reached: ${firstLine(error)}`,
    error,
  )
}

/**
 * @returns the server's major version
 * @throws DatabaseError `server-version-unsupported`
 */
export async function assertServerVersion(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ number: number; text: string }>(
    `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS text`,
  )
  const version = rows[0]
  if (version === undefined) throw new Error('PostgreSQL did not state its version')
  const major = Math.floor(version.number / 10_000)
  if (major < OLDEST_POSTGRES) {
    throw new DatabaseError(
      'server-version-unsupported',
      `PostgreSQL ${version.text} is too old: Parley needs PostgreSQL ${OLDEST_POSTGRES} or newer (tested up to ${NEWEST_TESTED_POSTGRES})`,
    )
  }
  return major
}

/**
 * For clearing up after a failure (ROLLBACK, an unlock): on a connection that is gone PostgreSQL has done that
 * itself, and the failure that led here is the one to be told.
 */
export async function clearUp(
  client: pg.ClientBase,
  sql: string,
  values: unknown[] = [],
): Promise<void> {
  try {
    await client.query(sql, values)
  } catch {
    // Gone with its locks and its transaction.
  }
}
