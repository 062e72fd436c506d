import { rmSync } from 'node:fs'

import Database from 'better-sqlite3'

import { applySteps, type FeatureSteps } from './steps.ts'

export type Parameter = string | number | bigint | Buffer | null

/** The cache cannot be opened: damaged, of a newer workstation, or the key is another one. */
export class UnusableCache extends Error {
  override name = 'UnusableCache'
  /** `newer`: its content is whole, and another workstation can read it. */
  readonly reason: 'unreadable' | 'newer'

  constructor(message: string, reason: 'unreadable' | 'newer' = 'unreadable') {
    super(message)
    this.reason = reason
  }
}

/**
 * The cache: encrypted SQLite. Statements are prepared once; writes happen inside `write`, which is one
 * transaction that is on the disk when it returns.
 */
export class Store {
  readonly #database: Database.Database
  readonly #statements = new Map<string, Database.Statement>()

  private constructor(database: Database.Database) {
    this.#database = database
  }

  /**
   * @param file null: in memory only, for machines without a key store
   * @param key 32 bytes in hexadecimal
   * @param features whose rows it is to hold
   * @throws UnusableCache
   */
  static open(file: string | null, key: string, features: readonly FeatureSteps[]): Store {
    const database = new Database(file ?? ':memory:')
    try {
      if (file !== null) {
        database.pragma(`cipher='sqlcipher'`)
        database.pragma(`key="x'${key}'"`)
        database.pragma('journal_mode = WAL')
      }
      // A reply that the screen says is kept must survive a power cut.
      database.pragma('synchronous = FULL')
      if (database.pragma('synchronous', { simple: true }) !== 2) {
        throw new UnusableCache('synchronous=FULL was refused')
      }
      database.pragma('temp_store = MEMORY')
      if (!applySteps(database, features)) {
        throw new UnusableCache('the cache was written by a newer workstation', 'newer')
      }
      return new Store(database)
    } catch (error) {
      database.close()
      throw error instanceof UnusableCache
        ? error
        : new UnusableCache(`cannot open the cache: ${(error as Error).message}`)
    }
  }

  /** Removes the cache's files. */
  static erase(file: string): void {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true })
  }

  close(): void {
    this.#database.close()
  }

  all<Row>(sql: string, ...parameters: Parameter[]): Row[] {
    return this.#prepare(sql).all(...parameters) as Row[]
  }

  get<Row>(sql: string, ...parameters: Parameter[]): Row | undefined {
    return this.#prepare(sql).get(...parameters) as Row | undefined
  }

  /** Rows as the server sent them, of a statement whose one column holds them whole. */
  rows<Row>(sql: string, ...parameters: Parameter[]): Row[] {
    return this.#column<string>(sql, parameters).map((row) => JSON.parse(row) as Row)
  }

  /** The first of them; null where there is none. */
  row<Row>(sql: string, ...parameters: Parameter[]): Row | null {
    return this.rows<Row>(sql, ...parameters)[0] ?? null
  }

  /** What the one column of a statement says first; null where it says nothing. */
  value<Value>(sql: string, ...parameters: Parameter[]): Value | null {
    return this.#column<Value>(sql, parameters)[0] ?? null
  }

  /** @returns the number of rows changed */
  run(sql: string, ...parameters: Parameter[]): number {
    return this.#prepare(sql).run(...parameters).changes
  }

  /** The row with this id becomes so in the columns given; there is one afterwards. */
  upsert(table: string, columns: { id: string } & Record<string, Parameter>): void {
    const names = Object.keys(columns)
    this.run(
      `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})
       ON CONFLICT (id) DO UPDATE SET ${names.map((name) => `${name} = excluded.${name}`).join(', ')}`,
      ...Object.values(columns),
    )
  }

  /** All of it or nothing. Nested calls join the outer one. */
  write<Result>(work: () => Result): Result {
    if (this.#database.inTransaction) return work()
    return this.#database.transaction(work).immediate()
  }

  getMeta(key: string): string | null {
    return this.value('SELECT value FROM meta WHERE key = ?', key)
  }

  setMeta(key: string, value: string): void {
    this.run(
      'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      key,
      value,
    )
  }

  #column<Value>(sql: string, parameters: readonly Parameter[]): Value[] {
    return this.all<Record<string, Value>>(sql, ...parameters).map(
      (record) => Object.values(record)[0] as Value,
    )
  }

  #prepare(sql: string): Database.Statement {
    let statement = this.#statements.get(sql)
    if (statement === undefined)
      this.#statements.set(sql, (statement = this.#database.prepare(sql)))
    return statement
  }
}
