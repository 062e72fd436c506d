import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

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
