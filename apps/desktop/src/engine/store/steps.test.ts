import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { REGISTRY } from '../features.ts'
import { KEY } from '../testing/open-cache.ts'
import { LOAD_AFRESH, type FeatureSteps } from './steps.ts'
import { CacheTrouble } from './cache-trouble.ts'
import { Store, openDatabase } from './store.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-steps-'))
  file = join(folder, 'cache.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (features: readonly FeatureSteps[] = REGISTRY.features) =>
  Store.open(file, KEY, features)

test('a cache of a format that was never in use is none', () => {
  const database = openDatabase(file, KEY)
  database.pragma('user_version = 4')
  database.close()
  expect(() => open()).toThrow(expect.objectContaining({ reason: 'update_failed' }))
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
