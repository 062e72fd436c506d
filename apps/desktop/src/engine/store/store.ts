import { rmSync } from 'node:fs'

import Database from 'better-sqlite3'

import { MIGRATIONS } from './migrations.ts'

type Parameter = string | number | bigint | Buffer | null

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
   * @throws UnusableCache
   */
  static open(file: string | null, key: string): Store {
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
      migrate(database)
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

  /** @returns the number of rows changed */
  run(sql: string, ...parameters: Parameter[]): number {
    return this.#prepare(sql).run(...parameters).changes
  }

  /** All of it or nothing. Nested calls join the outer one. */
  write<Result>(work: () => Result): Result {
    if (this.#database.inTransaction) return work()
    return this.#database.transaction(work).immediate()
  }

  getMeta(key: string): string | null {
    return this.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', key)?.value ?? null
  }

  setMeta(key: string, value: string): void {
    this.run(
      'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      key,
      value,
    )
  }

  #prepare(sql: string): Database.Statement {
    let statement = this.#statements.get(sql)
    if (statement === undefined)
      this.#statements.set(sql, (statement = this.#database.prepare(sql)))
    return statement
  }
}

function migrate(database: Database.Database): void {
  const current = database.pragma('user_version', { simple: true }) as number
  if (current > MIGRATIONS.length) {
    throw new UnusableCache('the cache was written by a newer workstation', 'newer')
  }
  MIGRATIONS.slice(current).forEach((step, index) => {
    database
      .transaction(() => {
        database.exec(step)
        database.pragma(`user_version = ${current + index + 1}`)
      })
      .immediate()
  })
}
