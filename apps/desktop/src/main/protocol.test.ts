import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { beforeEach, describe, expect, it, vi } from 'vitest'

import { protocol, resetElectron } from './electron.fake.ts'
import { recordLog } from './log.fake.ts'
import { CONTENT_SECURITY_POLICY, assetPath, registerAppScheme, serveRenderer } from './protocol.ts'
import { temporaryFolder } from './temporary-folder.fake.ts'

vi.mock('electron', () => import('./electron.fake.ts'))

function serve() {
  const root = temporaryFolder()
  const folder = join(root, 'renderer')
  mkdirSync(join(folder, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'index.html'), '<!doctype html>')
  writeFileSync(join(folder, 'assets/index-D8_x-1.js'), 'start()')
  writeFileSync(join(folder, 'assets/index-D8_x-1.js.map'), '{}')
  writeFileSync(join(root, 'secrets.json'), 'secret')
  const log = recordLog()
  serveRenderer(folder, log)
  const handler = protocol.handlers.get('app')
  if (handler === undefined) throw new Error('nothing serves app:')
  const get = (url: string, method = 'GET') => handler({ url, method } as Request)
  return Object.assign(get, { log })
}

beforeEach(resetElectron)

it('serves the page and its files with their types', async () => {
  const get = serve()
  const page = await get('app://parley/index.html')
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  expect(await page.text()).toBe('<!doctype html>')
  const script = await get('app://parley/assets/index-D8_x-1.js?v=1#a')
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(await script.text()).toBe('start()')
  expect(await (await get('app://parley/index.html', 'HEAD')).text()).toBe('')
})

it('gives every answer the policy, the failed ones too', async () => {
  const get = serve()
  for (const url of [
    'app://parley/',
    'app://parley/none.js',
    'app://parley/window-failed-es.html',
  ]) {
    const { headers } = await get(url)
    expect(headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  }
})

it('says in the log which file a page lacks', async () => {
  const get = serve()
  await get('app://parley/assets/lost.js')
  await get('app://parley/assets/.lost')
  expect(get.log.lines).toMatchObject([
    { level: 'warn', details: { path: 'app://parley/assets/lost.js' } },
    { level: 'warn', details: { path: 'app://parley/assets/.lost' } },
  ])
})

it('has a policy without a way to run or load what is not ours', () => {
  expect(CONTENT_SECURITY_POLICY).toMatch(/^default-src 'none';/)
  expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe|\*|https?:|blob:/)
})

it.each([
  ['a file that is not there', 'app://parley/none.js', 'GET', 404],
  ['a folder', 'app://parley/assets', 'GET', 404],
  ['a source map', 'app://parley/assets/index-D8_x-1.js.map', 'GET', 404],
  ['a file beside the folder', 'app://parley/%2e%2e/secrets.json', 'GET', 404],
  ['another host', 'app://evil/index.html', 'GET', 404],
  ['a write', 'app://parley/index.html', 'POST', 405],
])('does not serve %s', async (_what, url, method, status) => {
  expect((await serve()(url, method)).status).toBe(status)
})

describe('assetPath', () => {
  it.each([
    ['app://parley', 'index.html'],
    ['app://parley/', 'index.html'],
    ['app://parley/assets/a-b_c.D8.js', 'assets/a-b_c.D8.js'],
    ['app://parley/assets/vendor~index-qU.js', 'assets/vendor~index-qU.js'],
    // A URL's own parser has walked these already; what is left is inside.
    ['app://parley/../../index.html', 'index.html'],
    ['app://parley/assets/%2E%2e/index.html', 'index.html'],
  ])('%s is %s', (url, path) => {
    expect(assetPath(url)).toBe(path)
  })

  it.each([
    'app://parley/..%2f..%2fsecrets.json',
    'app://parley/%2e%2e%2fsecrets.json',
    'app://parley/..%5c..%5csecrets.json',
    'app://parley/assets\u0000.js',
    'app://parley/a%00.js',
    'app://parley//etc/passwd',
    'app://parley/C:/windows/win.ini',
    'app://parley/C:%5cwindows',
    'app://parley/~/x.js',
    'app://parley/.env',
    'app://parley/assets/.git/config',
    'app://parley/assets/',
    'app://parley/%252e%252e/secrets.json',
    'app://parley/ñ.js',
    'app://parley:8080/index.html',
    'app://user@evil/index.html',
    'app://parley.evil/index.html',
    'file:///index.html',
    'no url',
  ])('%s is nothing', (url) => {
    expect(assetPath(url)).toBeNull()
  })
})

it('registers its scheme as a standard and secure one, without a way around its policy', () => {
  registerAppScheme()
  expect(protocol.schemes).toEqual([
    {
      scheme: 'app',
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ])
})
