import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { KINDS } from '@parley/contracts'
import { expect, test } from 'vitest'

import { REGISTRY } from '../features.ts'

/** What carries every feature, and so may not know any: another kind of row or intent must not lead here. */
const FOLDERS = ['store', 'sync', 'outbox', 'session']

const ENGINE = join(import.meta.dirname, '..')
const sources = globSync(`{${FOLDERS.join(',')}}/**/*.ts`, { cwd: ENGINE })
  .filter((file) => !file.endsWith('.test.ts'))
  .map((file) => ({ file, text: readFileSync(join(ENGINE, file), 'utf8') }))

const words = (names: readonly string[]) => names.join('|')
const KIND = new RegExp(`['"\`](${words(KINDS.map(({ kind }) => kind))})['"\`]`)
const INTENT = new RegExp(
  `['"\`](${words(REGISTRY.features.flatMap(({ intents = {} }) => Object.keys(intents)))})['"\`]`,
)
const tables = REGISTRY.features
  .filter(({ name }) => name !== 'outbox')
  .flatMap(({ steps = [] }) =>
    [...steps.join('\n').matchAll(/CREATE (?:VIRTUAL )?TABLE (\w+)/g)].map(
      ([, table]) => table ?? '',
    ),
  )
const TABLE = new RegExp(`\\b(FROM|INTO|UPDATE|JOIN|TABLE) (${words(tables)})\\b`)

test('the pattern finds what it looks for', () => {
  expect([sources.length > 10, tables.length > 10]).toEqual([true, true])
  expect(`kind === 'person'`).toMatch(KIND)
  expect(`case 'reply':`).toMatch(INTENT)
  expect('SELECT row FROM people').toMatch(TABLE)
})

test.each(sources)('$file', ({ text }) => {
  const code = text.replace(/\/\*[^]*?\*\/|\/\/.*$/gm, '')
  expect(code).not.toMatch(/from '[^']*\/features\b/)
  expect(code).not.toMatch(KIND)
  // The feed says `acknowledge` of an intent that took effect, which is no kind of intent.
  expect(code.replace("case 'acknowledge':", '')).not.toMatch(INTENT)
  expect(code).not.toMatch(TABLE)
})
