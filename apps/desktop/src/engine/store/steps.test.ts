import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { conversation } from '../testing/rows.ts'
import { Cache } from './cache.ts'
import { MIGRATIONS } from './migrations.ts'
import { Store } from './store.ts'

const KEY = 'ab'.repeat(32)
let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-migrations-'))
  file = join(folder, 'cache.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A cache as the workstation left it that knew only so many steps. */
function writeOlderCache(steps: number, fill: (database: Database.Database) => void): void {
  const database = new Database(file)
  database.pragma(`cipher='sqlcipher'`)
  database.pragma(`key="x'${KEY}'"`)
  for (const step of MIGRATIONS.slice(0, steps)) database.exec(step)
  database.pragma(`user_version = ${steps}`)
  fill(database)
  database.close()
}

function open(): Cache {
  return new Cache(Store.open(file, KEY), 'me')
}

test('people of an older cache are not finishing', () => {
  const presence = { status: 'online', reason: null, since: '', capacity: 3 }
  writeOlderCache(1, (database) =>
    database
      .prepare('INSERT INTO people VALUES (?, 1, ?)')
      .run('me', JSON.stringify({ id: 'me', fullName: 'Ana', presence })),
  )
  const cache = open()
  expect(cache.person('me')?.presence).toEqual({
    ...presence,
    isFinishing: false,
    wrapUpUntil: null,
  })
  cache.store.close()
})

test('conversations of an older cache have no clocks, and all is loaded afresh', () => {
  const { clocks: _, ...older } = conversation({ teamId: 'sales' })
  writeOlderCache(2, (database) => {
    const row = JSON.stringify(older)
    database
      .prepare(
        `INSERT INTO conversations (id, version, row, effective, customer_id, status, priority_rank, due_at,
           waiting_since, generation) VALUES (?, 1, ?, ?, ?, 'queued', 3, '9', '9', 4)`,
      )
      .run(older.id, row, row, older.customerId)
    database.prepare(`INSERT INTO meta VALUES ('cursor', 'c'), ('generation', '4')`).run()
  })
  const cache = open()
  expect([cache.conversation(older.id)?.clocks, cache.effective(older.id)?.clocks]).toEqual([
    [],
    [],
  ])
  expect([cache.cursor, cache.generation]).toEqual([null, 4])
  cache.store.close()
})
