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
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { extractAll, listPackage } from '@electron/asar'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { packForLinux, readFuses, type Packed } from './pack.fake.ts'
import { APP_ID } from './src/main/app-identity.ts'
import { LINK_SCHEME } from './src/main/deep-link.ts'

/** electron-builder's own schema and what it validates with, from its own dependencies. */
const fromBuilder = createRequire(
  createRequire(import.meta.url).resolve('electron-builder/package.json'),
)
const fromBuilderLibrary = createRequire(fromBuilder.resolve('app-builder-lib/package.json'))

/** As much of both as is used here: they are dependencies of electron-builder's and not of ours. */
type AjvConstructor = new (options: { allErrors: boolean; strict: boolean }) => {
  addKeyword(name: string): void
  compile(schema: object): ((data: object) => boolean) & { errors?: unknown[] | null }
}
type Minimatch = (path: string, pattern: string, options: { dot: boolean }) => boolean

interface Configuration {
  [name: string]: unknown
  linux: { files: string[] }
  win: { files: string[] }
  mac: { files: string[]; x64ArchFiles: string }
  protocols: { schemes: string[] }[]
}

function readConfiguration(): Configuration {
  const yaml = fromBuilderLibrary('js-yaml') as { load(text: string): Configuration }
  return yaml.load(readFileSync(join(import.meta.dirname, '../../electron-builder.yml'), 'utf8'))
}

function validate(configuration: object): unknown[] {
  const { default: Ajv } = fromBuilderLibrary('ajv') as { default: AjvConstructor }
  const ajv = new Ajv({ allErrors: true, strict: false })
  // A mark for electron-builder's own checks, without a meaning for the shape.
  ajv.addKeyword('typeof')
  const check = ajv.compile(fromBuilderLibrary('app-builder-lib/scheme.json') as object)
  return check(configuration) ? [] : (check.errors ?? [])
}

describe('the configuration', () => {
  it("has the shape that electron-builder's schema asks for", () => {
    expect(validate(readConfiguration())).toEqual([])
  })

  it('would be found out if it had not', () => {
    expect(validate({ ...readConfiguration(), asarUnpak: [] })).not.toEqual([])
    expect(validate({ ...readConfiguration(), electronFuses: { runAsNode: 'off' } })).not.toEqual(
      [],
    )
  })

  it('names the app as main does', () => {
    const { appId, protocols } = readConfiguration()
    expect(appId).toBe(APP_ID)
    expect(protocols.flatMap(({ schemes }) => schemes)).toEqual([LINK_SCHEME])
  })

  it('makes what the three systems install', () => {
    const { linux, win, mac } = readConfiguration() as Record<
      string,
      { target?: { target: string }[] }
    >
    const targets = [linux, win, mac].map((system) => system?.target?.map(({ target }) => target))
    expect(targets).toEqual([
      ['AppImage', 'deb'],
      ['nsis', 'msi'],
      ['dmg', 'pkg'],
    ])
  })

  it('holds no secret, and takes the address of the updates from the environment', () => {
    const configuration = readConfiguration()
    expect(configuration['publish']).toMatchObject({
      provider: 'generic',
      url: '${env.PARLEY_UPDATE_URL}',
    })
    const text = JSON.stringify(configuration)
    expect(text).not.toMatch(/cscLink|cscKeyPassword|certificate(File|Password)|token/i)
  })
})

describe('of the natives', () => {
  const all = readdirSync(join(import.meta.dirname, 'node_modules/better-sqlite3/prebuilds'))
  const kept = (files: string[], arch: string): string[] => {
    const { minimatch } = fromBuilderLibrary('minimatch') as { minimatch: Minimatch }
    const left = files.filter((pattern) => pattern.startsWith('!'))
    return all.filter((name) => {
      const path = `node_modules/better-sqlite3/prebuilds/${name}`
      const isLeft = left.some((pattern) =>
        minimatch(path, pattern.slice(1).replace('${arch}', arch), { dot: true }),
      )
      return !isLeft
    })
  }

  it.each(['x64', 'arm64'])('each package for %s has its own', (arch) => {
    const { linux, win } = readConfiguration()
    expect(kept(linux.files, arch)).toEqual([`linux-${arch}.node`])
    expect(kept(win.files, arch)).toEqual([`win32-${arch}.node`])
  })

  it('both halves of a universal build have both', () => {
    const { mac } = readConfiguration()
    for (const arch of ['x64', 'arm64']) {
      expect(kept(mac.files, arch)).toEqual(['darwin-arm64.node', 'darwin-x64.node'])
    }
    expect(mac.x64ArchFiles).toBe('**/better-sqlite3/prebuilds/darwin-*.node')
  })

  it("every system's own list names something to take", () => {
    const { linux, win, mac } = readConfiguration()
    // Without it electron-builder takes everything: sources, tests and whatever lies there.
    for (const { files } of [linux, win, mac]) {
      expect(files.some((pattern) => !pattern.startsWith('!'))).toBe(true)
    }
  })
})

describe.skipIf(process.platform !== 'linux')('the package', () => {
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
      'node_modules/better-sqlite3/prebuilds/linux-x64.node',
    ])
  })

  it.skipIf(process.arch !== 'x64')(
    'has all that the native module needs, ciphers included',
    () => {
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
      expect(readFileSync(join(folder, 'cache.db')).toString('latin1')).not.toContain(
        'SQLite format',
      )
    },
  )

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
