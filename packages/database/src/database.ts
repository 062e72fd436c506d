import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { breakOff, isUnanswered, KEEP_ALIVE, limitedSession, withSettings } from './connect.ts'
import { GatheringSocket } from './gathering-socket.ts'
import type { DB } from './types.generated.ts'

export type PoolOptions = {
  /** Connections at most; default 10. */
  maxConnections?: number | undefined
  /** Shown in pg_stat_activity. Keep the default's prefix `parley`: a restore refuses while such connections exist. */
  applicationName?: string | undefined
  /**
   * Statements are sent without waiting for the answers of those before them; they still run, and are answered,
   * in order. Saves a round trip wherever several are begun together.
   */
  pipeline?: boolean | undefined
  /** Settings of each connection that go before the role's and the database's own: `-c name=value …`. */
  settings?: string | undefined
  /**
   * A statement that is not answered in this time fails, and its connection is given up: the server may be gone
   * while the connection stays open, and would then say nothing for hours. PostgreSQL is told a little less, so that
   * a statement which is merely slow ends there and the connection lives. Default: no limit, for commands that
   * people wait for.
   */
  queryTimeoutMs?: number | undefined
  /** The longest to wait for a connection that is free, or new; default 10 s. */
  connectTimeoutMs?: number | undefined
  /** Called when an idle connection breaks (the pool replaces it by itself). Default: a process warning. */
  onConnectionError?: ((error: Error) => void) | undefined
}

export type Database = {
  pool: pg.Pool
  db: Kysely<DB>
  /** Waits for running queries, then closes every connection. Safe to call once. */
  close: () => Promise<void>
}

const DATE_OID = 1082

/**
 * How values come back, for every pool of Parley:
 * - int8, xid8 and numeric are strings (pg's default: a JavaScript number cannot hold them). Write counts as
 *   `count(*)::int`; keep feed positions as strings and compare them in SQL.
 * - date is the string `YYYY-MM-DD`: pg would make it local midnight of the machine, another day elsewhere.
 * - time is the string `HH:MM:SS`, `24:00:00` included.
 * - timestamptz is a Date, in milliseconds: PostgreSQL's microseconds are cut off, so never use one that was
 *   read as a cursor or for an equality.
 * - jsonb is parsed. To write an array into jsonb pass `JSON.stringify(value)`: pg would send a PostgreSQL array.
 */
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): unknown {
    if (oid === DATE_OID && format !== 'binary') return (value: string): string => value
    return format === 'binary'
      ? pg.types.getTypeParser(oid, 'binary')
      : pg.types.getTypeParser(oid, 'text')
  },
} as unknown as pg.CustomTypesConfig

/**
 * A connection pool. Connects when first used.
 * @throws DatabaseError `connection-string-missing`, `connection-string-malformed`
 */
export function createPool(connectionString: string, options: PoolOptions = {}): pg.Pool {
  const { queryTimeoutMs } = options
  const limits = queryTimeoutMs === undefined ? undefined : limitedSession(queryTimeoutMs)
  const pool = new pg.Pool({
    ...withSettings(connectionString, limits, options.settings),
    max: options.maxConnections ?? 10,
    application_name: options.applicationName ?? 'parley',
    connectionTimeoutMillis: options.connectTimeoutMs ?? 10_000,
    query_timeout: queryTimeoutMs,
    ...KEEP_ALIVE,
    ...(options.pipeline === true ? { pipeline: true, stream: () => new GatheringSocket() } : {}),
    types,
  })
  if (queryTimeoutMs !== undefined) mistrustTogether(pool)
  // Without a listener the break of an idle connection would end the process.
  pool.on('error', options.onConnectionError ?? ((error) => process.emitWarning(error)))
  // Likewise of one in use: whoever uses it sees the failure in the query that is running or comes next.
  pool.on('connect', (client) => void client.on('error', () => {}))
  return pool
}

/**
 * What ate one answer has eaten the others: where a statement goes unanswered, the connections that nobody uses go
 * with its own. Otherwise as many people in turn would wait out the limit as there are dead connections.
 */
function mistrustTogether(pool: pg.Pool): void {
  const idle = new Set<pg.PoolClient>()
  pool.on('acquire', (client) => idle.delete(client))
  pool.on('remove', (client) => idle.delete(client))
  pool.on('release', (error, client) => {
    // No error is null or nothing at all, whatever the types say.
    if (!(error as Error | null | undefined)) {
      idle.add(client)
    } else if (isUnanswered(error)) {
      for (const suspect of idle) breakOff(suspect, error)
      idle.clear()
    }
  })
}

/** A pool with Kysely on it; see {@link createPool} for how values come back. */
export function createDatabase(connectionString: string, options: PoolOptions = {}): Database {
  const pool = createPool(connectionString, options)
  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) })
  return { pool, db, close: () => db.destroy() }
}
