import { isUnanswered } from '@parley/database'
import pg from 'pg'

import { Overdue } from './overdue.ts'
import { sql, unprepared, type Statement } from './sql.ts'

/** Runs statements: the pool itself, or one transaction. */
export interface Queryable {
  /** All rows. */
  many<Row>(statement: Statement): Promise<Row[]>
  /** The only row, or null. More than one row is a bug and throws. */
  maybe<Row>(statement: Statement): Promise<Row | null>
  /** Exactly one row, else throws. */
  one<Row>(statement: Statement): Promise<Row>
  /** The number of rows affected. */
  run(statement: Statement): Promise<number>
}

export interface Transaction extends Queryable {
  /** Runs as the last of the transaction, which fails with it: for what others wait for until it is committed. */
  beforeCommit(work: () => Promise<void>): void
  /** Runs once the transaction is durable; never if it rolls back. */
  afterCommit(effect: () => void): void
}

/**
 * Settings of connections whose statements look up row after row by an index and never anything else, so that they are
 * planned once: for a large one planning takes longer than its work, and a plan that PostgreSQL keeps by itself may be of
 * when its tables were empty, and read them through ever after.
 */
export const STEADY_PLANS = [
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'jit=off',
]
  .map((setting) => `-c ${setting}`)
  .join(' ')

/** Reads and writes through a pool of connections; transactions are READ COMMITTED and meant to be short. */
export class Database implements Queryable {
  readonly pool: pg.Pool
  /** For what may take minutes and nobody sits before: statistics, pruning, replays. */
  readonly patient: Database
  /** For statements on the way of every message: see {@link STEADY_PLANS}. */
  readonly steady: Database
  readonly #connection: Connection

  constructor(pool: pg.Pool, { patient, steady, isSteady = false }: Pools = {}) {
    this.pool = pool
    this.patient = patient === undefined ? this : new Database(patient)
    this.steady = steady === undefined ? this : new Database(steady, { isSteady: true })
    this.#connection = { to: pool, isSteady }
  }

  many<Row>(statement: Statement): Promise<Row[]> {
    return many<Row>(this.#connection, statement)
  }

  maybe<Row>(statement: Statement): Promise<Row | null> {
    return maybe<Row>(this.#connection, statement)
  }

  one<Row>(statement: Statement): Promise<Row> {
    return one<Row>(this.#connection, statement)
  }

  run(statement: Statement): Promise<number> {
    return run(this.#connection, statement)
  }

  /**
   * @param intentId the workstation's intent this transaction carries out; the feed's changes name it
   */
  async transaction<Result>(
    work: (tx: Transaction) => Promise<Result>,
    intentId?: string,
  ): Promise<Result> {
    const client = await this.pool.connect()
    const last: (() => Promise<void>)[] = []
    const effects: (() => void)[] = []
    let broken: Error | undefined
    try {
      const begun = begin(client, intentId)
      const [, result] = await together(begun, work(this.#inTransaction(client, last, effects)))
      for (const one of last) await one()
      await client.query('COMMIT')
      for (const effect of effects) effect()
      return result
    } catch (error) {
      // Nor must a connection that does not answer, or cannot even roll back, go back into the pool.
      if (isUnanswered(error)) broken = error as Error
      else await client.query('ROLLBACK').catch((failure: Error) => (broken = failure))
      throw error
    } finally {
      client.release(broken)
    }
  }

  #inTransaction(
    client: pg.PoolClient,
    last: (() => Promise<void>)[],
    effects: (() => void)[],
  ): Transaction {
    const connection = { to: client, isSteady: this.#connection.isSteady }
    return {
      many: (statement) => many(connection, statement),
      maybe: (statement) => maybe(connection, statement),
      one: (statement) => one(connection, statement),
      run: (statement) => run(connection, statement),
      beforeCommit: (one) => last.push(one),
      afterCommit: (effect) => effects.push(effect),
    }
  }
}

/** What all of Parley's instants are compared with. */
export async function databaseNow(db: Queryable): Promise<Date> {
  return (await db.one<{ now: Date }>(sql`SELECT clock_timestamp() AS now`)).now
}

/** Sent along with the first statement of the work, which it precedes. */
async function begin(client: pg.PoolClient, intentId: string | undefined): Promise<void> {
  const begun: Promise<unknown>[] = [client.query('BEGIN')]
  if (intentId !== undefined) {
    const intent = {
      name: 'set-intent',
      text: `SELECT set_config('parley.intent_id', $1, TRUE)`,
      values: [intentId],
    }
    begun.push(client.query(intent))
  }
  await Promise.all(begun)
}

/**
 * Waits for both, whatever becomes of either, and throws the first one's failure before the second's: what
 * was sent together must have ended before the transaction does.
 */
export async function together<First, Second>(
  first: Promise<First>,
  second: Promise<Second>,
): Promise<[First, Second]> {
  const [one, other] = await Promise.allSettled([first, second])
  if (one.status === 'rejected') throw one.reason
  if (other.status === 'rejected') throw other.reason
  return [one.value, other.value]
}

interface Pools {
  patient?: pg.Pool
  steady?: pg.Pool
  /** Its connections have `STEADY_PLANS`. */
  isSteady?: boolean
}

interface Connection {
  to: pg.Pool | pg.PoolClient
  isSteady: boolean
}

function query({ to, isSteady }: Connection, statement: Statement): Promise<pg.QueryResult> {
  return to.query(statement.isLookUp === true && !isSteady ? unprepared(statement) : statement)
}

async function many<Row>(connection: Connection, statement: Statement): Promise<Row[]> {
  const result = await query(connection, statement)
  return result.rows as Row[]
}

async function maybe<Row>(connection: Connection, statement: Statement): Promise<Row | null> {
  const rows = await many<Row>(connection, statement)
  if (rows.length > 1) throw new Error(`expected at most one row, got ${rows.length}`)
  return rows[0] ?? null
}

async function one<Row>(connection: Connection, statement: Statement): Promise<Row> {
  const row = await maybe<Row>(connection, statement)
  if (row === null) throw new Error('expected a row, got none')
  return row
}

async function run(connection: Connection, statement: Statement): Promise<number> {
  const result = await query(connection, statement)
  return result.rowCount ?? 0
}

/** Somebody else has what has to be one's own, such as a name: what a look beforehand cannot rule out. */
export function isTaken(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '23505'
}

/**
 * Classes and codes of PostgreSQL that say nothing about what was asked and pass by themselves: no connection, no
 * resources (full disk, memory, connections), trouble of its host, deadlock and serialisation, a lock or a statement
 * that took too long, a server that ends, starts or is a standby for the moment.
 */
const PASSING_CLASSES = ['08', '53', '58']
const PASSING_CODES = new Set([
  '25006',
  '25P03',
  '40001',
  '40P01',
  '55P03',
  '57014',
  '57P01',
  '57P02',
  '57P03',
  '57P05',
])
const PASSING_SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
])
/** Of a value that no column of that type can hold: too large, no date, no text. */
const UNSTORABLE_CODES = new Set(['22001', '22003', '22007', '22008', '22021', '22P02', '22P05'])
/** Two opened a conversation with one customer at the same time: at the next look one of them finds the other's. */
const ONE_OPEN = 'conversations_one_open'
/** What pg says in words alone. */
const PASSING_WORDS =
  /^Connection terminated|^timeout exceeded when trying to connect|^timeout expired|^Client (has encountered a connection error|was closed)/

/**
 * True where trying again can help, as it is: the database is lost, overloaded, too slow, or two were in each
 * other's way.
 */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof Overdue) return true
  if (error instanceof AggregateError) return error.errors.some(isTransient)
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (error instanceof pg.DatabaseError) {
    if (error.constraint === ONE_OPEN) return true
    return PASSING_CODES.has(code) || PASSING_CLASSES.includes(code.slice(0, 2))
  }
  return PASSING_SYSTEM_CODES.has(code) || isUnanswered(error) || PASSING_WORDS.test(error.message)
}

/** True where a value that was given is none for the database. What procedures declare should have refused it before. */
export function isUnstorable(error: unknown): boolean {
  return error instanceof pg.DatabaseError && UNSTORABLE_CODES.has(error.code ?? '')
}
