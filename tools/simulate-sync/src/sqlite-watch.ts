import Database from 'better-sqlite3'

import { Crashed, currentActor } from './actor.ts'

/** Every statement on a cache passes by here: a workstation can crash at any of them, or find its disk full. */
export function watchSqlite(): void {
  const sample = new Database(':memory:')
  const statement = Object.getPrototypeOf(sample.prepare('SELECT 1')) as Record<string, unknown>
  for (const name of ['run', 'get', 'all', 'iterate']) {
    const plain = statement[name] as (this: unknown, ...given: unknown[]) => unknown
    statement[name] = function (this: { source: string }, ...given: unknown[]) {
      const actor = currentActor()
      if (actor === null) return plain.apply(this, given)
      if (!actor.isAlive) throw new Crashed(actor.name)
      actor.onStatement?.(this.source, 'before')
      const result = plain.apply(this, given)
      actor.onStatement?.(this.source, 'after')
      return result
    }
  }
  const database = Database.prototype as unknown as Record<string, unknown>
  const plainPrepare = database['prepare'] as (this: unknown, sql: string) => unknown
  database['prepare'] = function (this: Database.Database, sql: string) {
    currentActor()?.databases.add(this)
    return plainPrepare.call(this, sql)
  }
  sample.close()
}

export function diskFull(): Error {
  return new Database.SqliteError('database or disk is full', 'SQLITE_FULL')
}
