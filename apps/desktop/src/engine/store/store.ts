import { chmodSync, closeSync, openSync, statSync } from 'node:fs'
import { totalmem } from 'node:os'

import Database from 'better-sqlite3'

import { CacheTrouble, troubleOf } from './cache-trouble.ts'
import { applySteps, type FeatureSteps } from './steps.ts'

/** Whoever else has the file is waited for no longer: the thread answers nothing meanwhile. */
const BUSY_MS = 1000

export type Parameter = string | number | bigint | Buffer | null

/**
 * The cache: encrypted SQLite. Statements are prepared once; writes happen inside `write`, which is one
 * transaction that is on the disk when it returns.
 */
export class Store {
  readonly #database: Database.Database
  readonly #file: string | null
  readonly #statements = new Map<string, Database.Statement>()
  #heard: ((trouble: CacheTrouble | null) => void) | null = null
  #settle: (() => void) | null = null
  /** The last write failed: the next one that does not is worth saying. */
  #isTroubled = false
  /** What was asked of `meta` since it was last written: every row that comes asks it. */
  readonly #meta = new Map<string, string | null>()
  /** It was not closed the last time, and so may not be whole. */
  readonly wasLeftOpen: boolean

  private constructor(database: Database.Database, file: string | null, wasLeftOpen: boolean) {
    this.#database = database
    this.#file = file
    this.wasLeftOpen = wasLeftOpen
  }

  /**
   * @param file null: in memory only, for machines without a key store
   * @param key 32 bytes in hexadecimal
   * @param features whose rows it is to hold
   * @throws CacheTrouble; nothing was touched then
   */
  static open(file: string | null, key: string, features: readonly FeatureSteps[]): Store {
    const wasLeftOpen = file !== null && hasUnfinishedLog(file)
    const database = openDatabase(file, key)
    try {
      if (file !== null) {
        database.pragma('journal_mode = WAL')
        // Pages that are written over and over come into the file once for several commits.
        database.pragma('wal_autocheckpoint = 4000')
      }
      // A reply that the screen says is kept must survive a power cut.
      database.pragma('synchronous = FULL')
      if (database.pragma('synchronous', { simple: true }) !== 2) {
        throw new Error('synchronous=FULL was refused')
      }
      database.pragma('temp_store = MEMORY')
      database.pragma(`cache_size = -${pageCacheKib()}`)
      if (!applySteps(database, features)) throw new CacheTrouble('newer')
      return new Store(database, file, wasLeftOpen)
    } catch (error) {
      database.close()
      // What is neither the file's nor the disk's fault is that of a step.
      throw troubleOf(error, file) ?? new CacheTrouble('update_failed', error)
    }
  }

  /** Hears of every read or write that fails, and of the first write that does not any more. */
  listen(heard: (trouble: CacheTrouble | null) => void): void {
    this.#heard = heard
  }

  /** Called at the end of each transaction, inside it. */
  beforeCommit(settle: () => void): void {
    this.#settle = settle
  }

  /** What it has been asked so far, for tests of how it answers. */
  get statements(): readonly string[] {
    return [...this.#statements.keys()]
  }

  /**
   * Looks for damage, a table at a time, so that whoever asks something meanwhile is answered.
   * @throws CacheTrouble
   */
  *check(): Generator<void> {
    const tables = this.all<{ name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table'`)
    for (const { name } of tables) {
      yield
      const [found] = this.#guarded(
        () => this.#database.pragma(`quick_check("${name}")`) as { quick_check: string }[],
      )
      if (found !== undefined && found.quick_check !== 'ok') {
        throw this.#troubled(new CacheTrouble('damaged', new Error(found.quick_check)))
      }
    }
  }

  /** Somebody else is here, or nobody: whoever still waits for something has nothing left to put it into. */
  get isClosed(): boolean {
    return !this.#database.open
  }

  close(): void {
    this.#heard = null
    this.#database.close()
  }

  all<Row>(sql: string, ...parameters: Parameter[]): Row[] {
    return this.#guarded(() => this.#prepare(sql).all(...parameters)) as Row[]
  }

  get<Row>(sql: string, ...parameters: Parameter[]): Row | undefined {
    return this.#guarded(() => this.#prepare(sql).get(...parameters)) as Row | undefined
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
    return this.#guarded(() => this.#prepare(sql).run(...parameters).changes)
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

  /** Only what is given: each column may stand in several indexes. */
  update(table: string, id: string, columns: Record<string, Parameter>): void {
    const names = Object.keys(columns)
    if (names.length === 0) return
    this.run(
      `UPDATE ${table} SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`,
      ...Object.values(columns),
      id,
    )
  }

  /** All of it or nothing. Nested calls join the outer one. */
  write<Result>(work: () => Result): Result {
    if (this.#database.inTransaction) return work()
    const whole = (): Result => {
      const result = work()
      this.#settle?.()
      return result
    }
    const result = this.#undoing(() =>
      this.#guarded(() => this.#database.transaction(whole).immediate()),
    )
    if (this.#isTroubled) {
      this.#isTroubled = false
      this.#heard?.(null)
    }
    return result
  }

  getMeta(key: string): string | null {
    const known = this.#meta.get(key)
    if (known !== undefined) return known
    const value = this.value<string>('SELECT value FROM meta WHERE key = ?', key)
    this.#meta.set(key, value)
    return value
  }

  setMeta(key: string, value: string): void {
    this.run(
      'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      key,
      value,
    )
    this.#meta.set(key, value)
  }

  deleteMeta(key: string): void {
    this.run('DELETE FROM meta WHERE key = ?', key)
    this.#meta.delete(key)
  }

  /** What a transaction wrote that failed was not written. */
  #undoing<Result>(work: () => Result): Result {
    try {
      return work()
    } catch (error) {
      this.#meta.clear()
      throw error
    }
  }

  #column<Value>(sql: string, parameters: readonly Parameter[]): Value[] {
    return this.all<Record<string, Value>>(sql, ...parameters).map(
      (record) => Object.values(record)[0] as Value,
    )
  }

  #guarded<Result>(work: () => Result): Result {
    try {
      return work()
    } catch (error) {
      throw this.#troubled(error)
    }
  }

  /** Whoever asked is told by the error itself, and whoever listens once for each. */
  #troubled(error: unknown): unknown {
    const trouble = troubleOf(error, this.#file)
    if (trouble === null) return error
    if (trouble !== error || trouble.code === null) {
      this.#isTroubled = true
      this.#heard?.(trouble)
    }
    return trouble
  }

  #prepare(sql: string): Database.Statement {
    let statement = this.#statements.get(sql)
    if (statement === undefined)
      this.#statements.set(sql, (statement = this.#database.prepare(sql)))
    return statement
  }
}

/** With its cipher, and nothing read or written yet. @throws CacheTrouble */
export function openDatabase(file: string | null, key: string): Database.Database {
  try {
    if (file !== null) closeToOthers(file)
    const database = new Database(file ?? ':memory:', { timeout: BUSY_MS })
    if (file !== null) {
      database.pragma(`cipher='aegis'`)
      database.pragma(`key='raw:${key}'`)
    }
    return database
  } catch (error) {
    // better-sqlite3's own word for a folder that is not there.
    throw troubleOf(error, file) ?? new CacheTrouble('cannot_open', error)
  }
}

/** SQLite gives its log the same rights as the file, and the file those of anything that is made. */
function closeToOthers(file: string): void {
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
}

/** A thirty-second part of the machine's memory, which it takes as it needs it. */
function pageCacheKib(): number {
  const share = totalmem() / 32 / 1024
  return Math.round(Math.min(256 * 1024, Math.max(32 * 1024, share)))
}

/** SQLite takes its log away when a cache is closed. */
function hasUnfinishedLog(file: string): boolean {
  return (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0
}
