import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { REGISTRY } from '../features.ts'
import { conversationOf, shownConversation } from '../features/conversations/index.ts'
import { search } from '../features/search/search.ts'
import { FORMAT_3_STEPS } from '../testing/format-3.ts'
import { KEY, cursor, openCacheFile, put } from '../testing/open-cache.ts'
import { conversation, customer, person } from '../testing/rows.ts'
import { LOAD_AFRESH, type FeatureSteps } from './steps.ts'
import { CacheTrouble } from './cache-trouble.ts'
import { Store } from './store.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-steps-'))
  file = join(folder, 'cache.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function openRaw(): Database.Database {
  const database = new Database(file)
  database.pragma(`cipher='sqlcipher'`)
  database.pragma(`key="x'${KEY}'"`)
  return database
}

/** A cache as the workstation before this one left it, or one that had taken fewer steps. */
function writeFormat3(fill: (database: Database.Database) => void, steps = 3): void {
  const database = openRaw()
  for (const step of FORMAT_3_STEPS.slice(0, steps)) database.exec(step)
  database.pragma(`user_version = ${steps}`)
  fill(database)
  database.close()
}

const open = (features: readonly FeatureSteps[] = REGISTRY.features) =>
  Store.open(file, KEY, features)

/** Everything that makes up a cache, without how it was written down. */
function schemaOf(store: Store): unknown[] {
  return store
    .all<{ type: string; name: string; sql: string | null }>(
      `SELECT type, name, sql FROM sqlite_master ORDER BY type, name`,
    )
    .map(({ sql, ...one }) => ({
      ...one,
      sql: sql
        ?.replace(/--.*$/gm, '')
        .replace(/\s+/g, ' ')
        .replace(/ ?([(),]) ?/g, '$1'),
    }))
}

describe('a cache of the format before', () => {
  test('becomes one like any other, and keeps what is in it', () => {
    const row = conversation({ teamId: 'sales' })
    writeFormat3((database) => {
      const json = JSON.stringify(row)
      database
        .prepare(
          `INSERT INTO conversations (id, version, row, effective, customer_id, status, priority_rank, due_at,
             waiting_since, generation) VALUES (?, 1, ?, ?, ?, 'queued', 3, '9', '9', 4)`,
        )
        .run(row.id, json, json, row.customerId)
      database.exec(`
        INSERT INTO meta VALUES ('cursor', 'c'), ('generation', '4');
        INSERT INTO drafts VALUES ('${row.id}', 'mi borrador', '');
        INSERT INTO outbox (intent_id, kind, conversation_id, customer_name, payload, created_at, state)
        VALUES ('i', 'claim', '${row.id}', 'Héctor', '{"kind":"claim"}', '', 'waiting');
      `)
    })
    const cache = openCacheFile(file)
    expect(conversationOf(cache, row.id)).toEqual(row)
    expect(shownConversation(cache, row.id)).toEqual(row)
    // A kind that came later has it load afresh, behind what is shown.
    expect([cache.cursor, cache.generation]).toEqual([null, 4])
    expect(cache.store.all('SELECT text FROM drafts')).toEqual([{ text: 'mi borrador' }])
    expect(cache.store.all('SELECT intent_id FROM outbox')).toEqual([{ intent_id: 'i' }])
    const carriedOver = schemaOf(cache.store)
    cache.store.close()
    rmSync(file)
    const fresh = open()
    expect(carriedOver).toEqual(schemaOf(fresh))
    fresh.close()
  })

  test('is searched by the words that were in it, in any script', () => {
    const row = conversation({ teamId: 'sales' })
    const texts = ['我在北京大学读书', 'mi cel es 55 1234-5678']
    writeFormat3((database) => {
      const json = JSON.stringify(row)
      database
        .prepare(
          `INSERT INTO conversations (id, version, row, effective, customer_id, status, priority_rank, due_at,
             waiting_since, generation) VALUES (?, 1, ?, ?, ?, 'queued', 3, '9', '9', 4)`,
        )
        .run(row.id, json, json, row.customerId)
      database
        .prepare(`INSERT INTO customers (id, version, search, row) VALUES (?, 1, 'hector', ?)`)
        .run(row.customerId, JSON.stringify(customer(row.customerId)))
      for (const [index, text] of texts.entries()) {
        database
          .prepare(
            `INSERT INTO messages (id, conversation_id, version, seq, sent_at, direction, text, row)
             VALUES (?, ?, 1, ?, '', 'inbound', ?, '{}')`,
          )
          .run(`m${index}`, row.id, index, text)
      }
    })
    const cache = openCacheFile(file)
    const found = (typed: string) => search(cache, typed, 10, 0).map(({ messageId }) => messageId)
    expect([found('北京'), found('5512345678')]).toEqual([['m0'], ['m1']])
    expect(found('55 5012 3456')).toEqual([null])
    // Going through all of it finds nothing amiss.
    expect([...cache.store.check()]).not.toEqual([])
    cache.store.close()
  })

  test('goes on like any other', () => {
    writeFormat3((database) =>
      database
        .prepare(`INSERT INTO people VALUES ('leo', 1, ?)`)
        .run(JSON.stringify(person({ id: 'leo', fullName: 'Leo' }))),
    )
    const cache = openCacheFile(file)
    cache.applyBatch(
      [put('person', person({ id: 'leo', version: 2, fullName: 'Leo A.' }))],
      cursor(1),
    )
    expect(cache.store.all(`SELECT row ->> '$.fullName' AS name FROM people`)).toEqual([
      { name: 'Leo A.' },
    ])
    cache.store.close()
  })

  test('that is not one of those in use is none', () => {
    writeFormat3(() => {}, 2)
    expect(() => open()).toThrow(CacheTrouble)
    expect(() => open()).not.toThrow(/newer/)
  })
})

describe('a feature’s steps', () => {
  const first = { name: 'first', steps: ['CREATE TABLE one (id TEXT)'] }
  const counts = (store: Store) => store.all('SELECT * FROM applied_steps ORDER BY feature')

  test('are each taken once, whenever it comes', () => {
    open([first]).close()
    const second = { name: 'second', steps: ['CREATE TABLE two (id TEXT)'] }
    const grown = { ...first, steps: [...first.steps, 'ALTER TABLE one ADD COLUMN name TEXT'] }
    open([second, grown]).close()
    const store = open([second, grown])
    expect(counts(store)).toEqual([
      { feature: 'first', count: 2 },
      { feature: 'second', count: 1 },
    ])
    expect(store.all('SELECT id, name FROM one')).toEqual([])
    store.close()
  })

  test('can ask for a fresh load', () => {
    const before = open([first])
    before.setMeta('cursor', 'c')
    before.close()
    const later = { name: 'later', steps: [`CREATE TABLE two (id TEXT); ${LOAD_AFRESH}`] }
    const after = open([first, later])
    expect(after.getMeta('cursor')).toBeNull()
    after.setMeta('cursor', 'd')
    after.close()
    const again = open([first, later])
    expect(again.getMeta('cursor')).toBe('d')
    again.close()
  })

  test('that fail leave nothing of themselves', () => {
    const broken = {
      name: 'first',
      steps: ['CREATE TABLE one (id TEXT); CREATE TABLE one (id TEXT)'],
    }
    expect(() => open([broken])).toThrow(CacheTrouble)
    const store = open([first])
    expect(counts(store)).toEqual([{ feature: 'first', count: 1 }])
    store.close()
  })

  test.each([
    ['a feature that is not known', [{ name: 'other' }]],
    ['more steps than are known', [{ name: 'first' }]],
  ])('of a newer workstation: %s', (_what, features) => {
    open([first]).close()
    expect(() => open(features)).toThrow(expect.objectContaining({ reason: 'newer' }))
    // It is not changed by having been looked at.
    open([first]).close()
  })
})
