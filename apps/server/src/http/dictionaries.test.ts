import { mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import Fastify from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { createLogger } from '../platform/logger.ts'
import { registerDictionaries } from './dictionaries.ts'

let folder: string
const LONG_AGO = new Date('2026-01-01')

/** Copied there a while ago. */
function put(name: string, bytes: string, at = LONG_AGO): void {
  writeFileSync(join(folder, name), bytes)
  utimesSync(join(folder, name), at, at)
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-dictionaries-'))
  put('es-ES-3-0.bdic', 'BDic and the words')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function serve(from: string | null = folder) {
  const app = Fastify()
  registerDictionaries(app, { logger: createLogger('silent') }, from)
  return (name: string) => app.inject({ url: `/dictionaries/${name}` })
}

test('a workstation has its dictionary by the small letters that Chromium asks with', async () => {
  const get = serve()
  for (const name of ['es-es-3-0.bdic', 'es-ES-3-0.bdic']) {
    const { statusCode, body, headers } = await get(name)
    expect([statusCode, body]).toEqual([200, 'BDic and the words'])
    expect(headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'cache-control': 'public, max-age=86400',
    })
  }
})

test('a dictionary that is not there yet is found once it is', async () => {
  const get = serve()
  expect((await get('fr-fr-3-0.bdic')).statusCode).toBe(404)
  put('fr-FR-3-0.bdic', 'BDic')
  expect((await get('fr-fr-3-0.bdic')).statusCode).toBe(200)
})

test.each([
  'en-us-10-1.bdic',
  '..%2F..%2Fetc%2Fpasswd',
  '%2e%2e%2fes-es-3-0.bdic',
  'es-es-3-0.bdic%00',
  'secret.key',
  'a'.repeat(5000),
])('nothing else is served: %s', async (name) => {
  put('secret.key', 'BDic')
  const { statusCode, body } = await serve()(name)
  expect([400, 404, 414]).toContain(statusCode)
  expect(body).not.toContain('BDic')
})

test('where there is no folder, or it is gone, there are no dictionaries', async () => {
  for (const from of [null, join(folder, 'gone')]) {
    const { statusCode, body } = await serve(from)('es-es-3-0.bdic')
    expect([statusCode, body]).toEqual([404, '{"error":"there is no such dictionary"}'])
  }
})

test('a file that no workstation could use is not given to any', async () => {
  put('de-DE-3-0.bdic', 'SET UTF-8')
  put('it-IT-3-0.bdic', 'BDic')
  truncateSync(join(folder, 'it-IT-3-0.bdic'), 17 * 1024 * 1024)
  utimesSync(join(folder, 'it-IT-3-0.bdic'), LONG_AGO, LONG_AGO)
  const get = serve()
  expect((await get('de-de-3-0.bdic')).statusCode).toBe(404)
  expect((await get('it-it-3-0.bdic')).statusCode).toBe(404)
})

test('a company that starts at the same hour is served from one reading', async () => {
  const get = serve()
  const answers = await Promise.all(Array.from({ length: 200 }, () => get('es-es-3-0.bdic')))
  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]))
})

test('one that is being copied is not given out by halves, and one that was replaced is the new one', async () => {
  const get = serve()
  expect((await get('es-es-3-0.bdic')).body).toBe('BDic and the words')
  put('es-ES-3-0.bdic', 'BDic and', new Date())
  expect((await get('es-es-3-0.bdic')).statusCode).toBe(404)
  put('es-ES-3-0.bdic', 'BDic of later', new Date('2026-02-01'))
  expect((await get('es-es-3-0.bdic')).body).toBe('BDic of later')
})
