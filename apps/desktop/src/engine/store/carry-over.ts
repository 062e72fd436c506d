import { copyFileSync, existsSync, rmSync, statSync, truncateSync } from 'node:fs'

import { type UnsentWords } from '@parley/contracts'
import type Database from 'better-sqlite3'

import { type EngineFeature, type OwnWords } from '../feature.ts'
import { troubleOf } from './cache-trouble.ts'
import { isLogDamaged, lengthenLog } from './write-ahead-log.ts'
import { openDatabase, type Parameter, type Store } from './store.ts'

export type StoredRow = Record<string, Parameter>

/** What could be read of a cache that is given up: the person's own words, and who they are to the server. */
export interface Salvage {
  tables: { own: OwnWords; rows: StoredRow[] }[]
  meta: { key: string; value: string }[]
  unsent: UnsentWords[]
  /** Rows that could not be read; null where nobody can tell how many. */
  lost: number | null
}

export const NOTHING: Salvage = { tables: [], meta: [], unsent: [], lost: null }
/** Of SQLite's default size, which nothing changes. */
const PAGE = 4096
/** What a session is, beside what the server gives again by itself. */
const META = ['access', 'tokens', 'reachedAt', 'leasePassedMs', 'wordsOnly', 'ending']

const ownOf = (features: readonly EngineFeature[]): OwnWords[] =>
  features.flatMap(({ own }) => own ?? [])

/**
 * A row on an unreadable page takes nothing with it but what shares the page.
 * @throws CacheTrouble for what is no damage
 */
export function salvage(file: string, key: string, features: readonly EngineFeature[]): Salvage {
  // Whoever opens a log shortens it to what SQLite reads of it.
  const read = isLogDamaged(`${file}-wal`) ? NOTHING : salvageAsItIs(file, key, features)
  if (read.lost === 0) return read
  // SQLite reads nothing of a file that is shorter than it was, and nothing of a log behind a hole; of longer ones, all
  // but what was cut off or overwritten.
  const lengthened = `${file}.lengthened`
  try {
    for (const side of ['', '-wal'])
      if (existsSync(file + side)) copyFileSync(file + side, lengthened + side)
    truncateSync(lengthened, Math.ceil(statSync(file).size / PAGE) * PAGE * 2)
    const isAll = lengthenLog(`${lengthened}-wal`)
    const more = salvageAsItIs(lengthened, key, features)
    if (read !== NOTHING && more.unsent.length <= read.unsent.length) return read
    return isAll ? more : { ...more, lost: null }
  } finally {
    for (const side of ['', '-wal', '-shm']) rmSync(lengthened + side, { force: true })
  }
}

function salvageAsItIs(file: string, key: string, features: readonly EngineFeature[]): Salvage {
  const database = openDatabase(file, key)
  try {
    const read = (sql: string, parameter: string): string | null =>
      readOne(database, sql, parameter)
    const tables = ownOf(features).map((own) => readTable(database, own))
    return {
      tables,
      meta: META.flatMap((name) => {
        const value = read('SELECT value FROM meta WHERE key = ?', name)
        return value === null ? [] : { key: name, value }
      }),
      unsent: tables.flatMap(({ own, rows }) => rows.map((row) => own.view(row, read))),
      lost: tables.reduce<number | null>(
        (sum, { lost }) => (sum === null || lost === null ? null : sum + lost),
        0,
      ),
    }
  } finally {
    database.close()
  }
}

function readTable(
  database: Database.Database,
  own: OwnWords,
): { own: OwnWords; rows: StoredRow[]; lost: number | null } {
  const found = new Map<Parameter, StoredRow>()
  const isWhole = !isThere(database, own.table) || walk(database, own, 'ASC', found)
  // From the other end as far as the same hole.
  if (!isWhole) walk(database, own, 'DESC', found)
  const rows = [...found.values()].toSorted((a, b) =>
    (a[own.order] ?? '') < (b[own.order] ?? '') ? -1 : 1,
  )
  return { own, rows, lost: isWhole ? 0 : missing(database, own, rows.length) }
}

/** Another build may not have it at all. What cannot be asked may be there. */
function isThere(database: Database.Database, table: string): boolean {
  const count = readOne(database, 'SELECT COUNT(*) FROM sqlite_master WHERE name = ?', table)
  return count === null || Number(count) > 0
}

/** @returns whether it came to the end */
function walk(
  database: Database.Database,
  { table, order, view }: OwnWords,
  direction: 'ASC' | 'DESC',
  found: Map<Parameter, StoredRow>,
): boolean {
  let isWhole = true
  try {
    const rows = database.prepare(`SELECT * FROM ${table} ORDER BY ${order} ${direction}`)
    for (const row of rows.iterate() as IterableIterator<StoredRow>) {
      if (isReadable(row, view)) found.set(row[order] ?? null, row)
      else isWhole = false
    }
    return isWhole
  } catch (error) {
    // Where the readable part ends is all that there is to know.
    passing(error)
    return false
  }
}

function isReadable(row: StoredRow, view: OwnWords['view']): boolean {
  try {
    view(row, () => null)
    return true
  } catch {
    return false
  }
}

function missing(
  database: Database.Database,
  { table, countedBy }: OwnWords,
  read: number,
): number | null {
  if (countedBy === undefined) return null
  const count = readOne(database, `SELECT COUNT(*) FROM ${table} INDEXED BY ${countedBy}`)
  return count === null ? null : Math.max(0, Number(count) - read)
}

/** Of a file of which nobody knows what can be read. */
function readOne(database: Database.Database, sql: string, ...parameters: string[]): string | null {
  try {
    const value = database
      .prepare(sql)
      .pluck()
      .get(...parameters)
    return value === undefined || value === null ? null : String(value)
  } catch (error) {
    passing(error)
    return null
  }
}

/** What may be read at another time is not lost, and is waited for. @throws CacheTrouble */
function passing(error: unknown): void {
  const trouble = troubleOf(error, null)
  if (trouble !== null && trouble.reason !== 'damaged') throw trouble
}

/** Once, however often it is done: what is there already stays as it is. */
export function putBack(store: Store, { tables, meta, lost }: Salvage): void {
  store.write(() => {
    for (const { key, value } of meta) store.setMeta(key, value)
    for (const { own, rows } of tables) {
      const known = new Set(
        store
          .all<{ name: string }>('SELECT name FROM pragma_table_info(?)', own.table)
          .map(({ name }) => name),
      )
      for (const row of rows) {
        // Another build's row may say more than this one has room for.
        const kept = Object.entries(row).filter(([name]) => known.has(name))
        own.putBack(store, Object.fromEntries(kept))
      }
      if (lost !== 0) own.holdAll?.(store)
    }
  })
}

/** Nothing of it leaves by itself: the person decides. */
export function holdAll(store: Store, features: readonly EngineFeature[]): void {
  store.write(() => {
    for (const own of ownOf(features)) own.holdAll?.(store)
  })
}

/** All of them, of a cache that can be read. */
export function storedWords(store: Store, features: readonly EngineFeature[]): Salvage {
  const tables = ownOf(features).map((own) => ({
    own,
    rows: store.all<StoredRow>(`SELECT * FROM ${own.table} ORDER BY ${own.order}`),
  }))
  return { ...NOTHING, tables, lost: 0 }
}

/** What would be lost with this cache. */
export function unsentIn(store: Store, features: readonly EngineFeature[]): UnsentWords[] {
  return ownOf(features).flatMap(({ table, order, view }) =>
    store
      .all<StoredRow>(`SELECT * FROM ${table} ORDER BY ${order}`)
      .map((row) => view(row, (sql, parameter) => store.value<string>(sql, parameter))),
  )
}
