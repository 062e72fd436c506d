import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { identity } from './identity.ts'

type Name = Parameters<Electron.App['getPath']>[0]

const overrides = new Map<string, string>()
const home = os.homedir()

const defaults: Partial<Record<Name, () => string>> = {
  home: () => home,
  appData: () => process.env.XDG_CONFIG_HOME || path.join(home, '.config'),
  userData: () => path.join(getPath('appData'), identity.name),
  sessionData: () => getPath('userData'),
  temp: () => os.tmpdir(),
  logs: () => path.join(getPath('userData'), 'logs'),
  crashDumps: () => path.join(getPath('userData'), 'Crashpad'),
  exe: () => process.argv[0] as string,
  module: () => process.argv[0] as string,
  desktop: () => path.join(home, 'Desktop'),
  documents: () => path.join(home, 'Documents'),
  downloads: () => path.join(home, 'Downloads'),
  music: () => path.join(home, 'Music'),
  pictures: () => path.join(home, 'Pictures'),
  videos: () => path.join(home, 'Videos'),
}
/** Electron makes sure that these exist. */
const CREATED = new Set<string>(['userData', 'sessionData', 'logs'])

export function getPath(name: Name): string {
  const found = overrides.get(name) ?? defaults[name]?.()
  if (found === undefined) throw new Error(`Failed to get '${name}' path`)
  if (CREATED.has(name)) fs.mkdirSync(found, { recursive: true })
  return found
}

export function setPath(name: string, value: string): void {
  if (!path.isAbsolute(value)) throw new Error('Path must be absolute')
  if (!(name in defaults)) throw new Error(`Failed to set path`)
  overrides.set(name, value)
}
