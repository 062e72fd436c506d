import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { extractAll, listPackage } from '@electron/asar'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { packForLinux, readFuses, type Packed } from './pack.fake.ts'

describe('the package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-package-'))
  let packed: Packed

  beforeAll(async () => {
    packed = await packForLinux(
      stageApp(join(folder, 'app')),
      folder,
      'https://updates.example.test',
    )
  }, 120_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('holds the bundles, the native module and nothing else', () => {
    const files = listPackage(packed.archive, { isPack: false })
    const ours = files.filter((file) => !file.startsWith('/node_modules'))
    expect(ours.toSorted()).toEqual([
      '/out',
      '/out/engine',
      '/out/engine/worker.js',
      '/out/main',
      '/out/main/main.js',
      '/out/preload',
      '/out/preload/preload.cjs',
      '/out/renderer',
      '/out/renderer/assets',
      '/out/renderer/assets/index-1.js',
      '/out/renderer/index.html',
      '/package.json',
    ])
    const packages = files.filter((file) => /^\/node_modules\/[^/]+$/.test(file))
    expect(packages).toEqual(['/node_modules/better-sqlite3'])
    const unwanted = /\.(ts|tsx|map|md|c|h|[ch]pp|gyp|gypi)$|test|\.env|\/(deps|src)(\/|$)/
    expect(files.filter((file) => unwanted.test(file))).toEqual([])
  })

  it('has its native module, of this system alone, outside of the archive', () => {
    const unpacked = readdirSync(`${packed.archive}.unpacked`, { recursive: true })
    expect(unpacked.filter((name) => String(name).includes('.'))).toEqual([
      `node_modules/better-sqlite3/prebuilds/linux-${process.arch}.node`,
    ])
  })

  it('has all that the native module needs, ciphers included', () => {
    const extracted = join(folder, 'extracted')
    extractAll(packed.archive, extracted)
    const script = `
      const Database = require('better-sqlite3')
      const database = new Database(${JSON.stringify(join(folder, 'cache.db'))})
      database.pragma("cipher='sqlcipher'")
      database.pragma("key='k'")
      database.exec('CREATE TABLE words (word TEXT)')
      process.stdout.write(database.pragma('cipher', { simple: true }))`
    const output = execFileSync(process.execPath, ['-e', script], { cwd: extracted })
    expect(output.toString()).toBe('sqlcipher')
    expect(readFileSync(join(folder, 'cache.db')).toString('latin1')).not.toContain('SQLite format')
  })

  it('has its fuses set: no Node, no debugger, this archive alone', () => {
    // RunAsNode, cookie encryption, NODE_OPTIONS, --inspect, archive integrity, archive only, own V8
    // snapshot, privileges of file:, and one that is left as Electron has it.
    expect(readFuses(readFileSync(packed.binary))).toBe('010011000')
  })

  it('is published where the environment says', () => {
    const update = readFileSync(join(packed.resources, 'app-update.yml'), 'utf8')
    expect(update).toContain('url: https://updates.example.test')
  })

  it('brings the languages of Parley along', () => {
    expect(readdirSync(join(dirname(packed.binary), 'locales')).toSorted()).toEqual([
      'en-US.pak',
      'es-419.pak',
      'es.pak',
    ])
  })
})

/** An app of small files in the place of what a build makes, among all that must stay at home. */
function stageApp(app: string): string {
  const write = (path: string, text = '// built'): void => {
    mkdirSync(dirname(join(app, path)), { recursive: true })
    writeFileSync(join(app, path), text)
  }
  write('package.json', readFileSync(join(import.meta.dirname, 'package.json'), 'utf8'))
  for (const path of [
    'out/main/main.js',
    'out/engine/worker.js',
    'out/preload/preload.cjs',
    'out/renderer/index.html',
    'out/renderer/assets/index-1.js',
  ]) {
    write(path)
    write(`${path}.map`)
  }
  for (const path of [
    'src/main/main.ts',
    'src/main/main.test.ts',
    'out/main/bridge.test.ts',
    'build/icon.png',
    'dist/old.AppImage',
    'electron-builder.test.ts',
    'README.md',
    'tsconfig.json',
    '.env',
    'secrets.json',
    'test-results/trace.zip',
  ]) {
    write(path)
  }
  mkdirSync(join(app, 'node_modules/zod'), { recursive: true })
  write('node_modules/zod/package.json', '{"name":"zod","version":"4.0.0"}')
  for (const name of ['better-sqlite3', 'electron']) {
    symlinkSync(join(import.meta.dirname, 'node_modules', name), join(app, 'node_modules', name))
  }
  return app
}
