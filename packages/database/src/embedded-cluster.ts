import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { spawnIdentity, type PostgresBinaries, type ServerUser } from './embedded-binaries.ts'
import { writeSecretFile } from './embedded-home.ts'
import { DatabaseError, isSystemError } from './database-error.ts'

/** What a cluster's own `parley.json` (mode 0600) remembers. */
export type ClusterSecrets = { user: string; password: string; port: number }

export const DATABASE_NAME = 'parley'
const SUPERUSER = 'parley'
const SECRETS_FILE = 'parley.json'

export function clusterFolder(home: string): string {
  return join(home, 'cluster')
}

/**
 * Creates the cluster of `home` if it has none. It is made beside and renamed, password included, so that a
 * death half-way leaves nothing that looks like a cluster.
 * @throws DatabaseError `embedded-start-failed`, `embedded-folder-broken`, `embedded-other-version`
 */
export async function ensureCluster(
  home: string,
  binaries: PostgresBinaries,
  user: ServerUser | undefined,
  onProgress: (line: string) => void,
): Promise<void> {
  const folder = clusterFolder(home)
  await removeAbandoned(home)
  if (await folderExists(folder)) {
    await assertUsable(folder, binaries.major)
    return
  }
  onProgress(`Creating a PostgreSQL ${binaries.major} database in ${folder}`)
  const staging = join(home, `cluster.new-${process.pid}`)
  await mkdir(staging, { mode: 0o700 })
  if (user !== undefined) await chown(staging, user.uid, user.gid)
  const secrets = { user: SUPERUSER, password: randomBytes(24).toString('base64url'), port: 0 }
  const passwordFile = join(home, `password-${process.pid}`)
  try {
    await writeSecretFile(passwordFile, `${secrets.password}\n`, user)
    await runInitdb(binaries, staging, passwordFile, user)
    await writeSecrets(staging, secrets, user)
    await rename(staging, folder)
  } finally {
    await rm(passwordFile, { force: true })
    await rm(staging, { recursive: true, force: true })
  }
}

async function runInitdb(
  binaries: PostgresBinaries,
  folder: string,
  passwordFile: string,
  user: ServerUser | undefined,
): Promise<void> {
  // The built-in C.UTF-8 sorts the same on every machine and never changes with the system's libraries.
  const args = [
    `--pgdata=${folder}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
  ]
  const child = spawn(binaries.initdb, args, {
    ...spawnIdentity(user),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let output = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail)
    child.once('close', (status) => done(status))
  })
  if (code === 0) return
  const reason =
    output.split('\n').findLast((line) => line.trim() !== '') ?? `initdb ended with ${code}`
  throw new DatabaseError(
    'embedded-start-failed',
    `PostgreSQL could not create its database in ${folder}: ${reason}`,
  )
}

/** Removes what a creation left that was killed half-way. */
async function removeAbandoned(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const pid = /^(?:cluster\.new|password)-(\d+)$/.exec(name)?.[1]
    if (pid !== undefined && !isAlive(Number(pid)))
      await rm(join(home, name), { recursive: true, force: true })
  }
}

async function assertUsable(folder: string, major: number): Promise<void> {
  let version: string
  try {
    version = (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim()
  } catch (error) {
    throw new DatabaseError(
      'embedded-folder-broken',
      `${folder} is not a PostgreSQL data folder (PG_VERSION cannot be read); move it away and restore a backup`,
      error,
    )
  }
  if (version !== String(major)) {
    throw new DatabaseError(
      'embedded-other-version',
      `${folder} was made by PostgreSQL ${version} and this Parley brings PostgreSQL ${major}; back up with the Parley that made it and restore here`,
    )
  }
}

/** @throws DatabaseError `embedded-folder-broken` */
export async function readSecrets(folder: string): Promise<ClusterSecrets> {
  const path = join(folder, SECRETS_FILE)
  try {
    const value = JSON.parse(await readFile(path, 'utf8')) as Partial<ClusterSecrets>
    const { user, password, port } = value
    if (typeof user === 'string' && typeof password === 'string' && typeof port === 'number') {
      return { user, password, port }
    }
  } catch (error) {
    throw new DatabaseError(
      'embedded-folder-broken',
      `${path} cannot be read; without it nobody knows the database's password`,
      error,
    )
  }
  throw new DatabaseError('embedded-folder-broken', `${path} lacks user, password or port`)
}

export async function writeSecrets(
  folder: string,
  secrets: ClusterSecrets,
  user: ServerUser | undefined,
): Promise<void> {
  await writeSecretFile(join(folder, SECRETS_FILE), `${JSON.stringify(secrets, null, 2)}\n`, user)
}

/** The remembered port if it is free, else another free one of 127.0.0.1. */
export async function choosePort(remembered: number): Promise<number> {
  if (remembered !== 0 && (await tryPort(remembered)) === remembered) return remembered
  const port = await tryPort(0)
  if (port === undefined) throw new Error('127.0.0.1 has no free port')
  return port
}

async function tryPort(port: number): Promise<number | undefined> {
  const server = createServer()
  return await new Promise((done, fail) => {
    server.once('error', (error) => {
      if (isSystemError(error) && error.code === 'EADDRINUSE') done(undefined)
      else fail(error)
    })
    server.listen({ port, host: '127.0.0.1' }, () => {
      const address = server.address()
      server.close(() => done(typeof address === 'object' ? address?.port : undefined))
    })
  })
}

/** The pid in postmaster.pid; undefined without such a file. */
export async function readPostmasterPid(folder: string): Promise<number | undefined> {
  try {
    const pid = Number((await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n', 1)[0])
    return Number.isInteger(pid) && pid > 0 ? pid : undefined
  } catch (error) {
    if (isSystemError(error) && ['ENOENT', 'ENOTDIR'].includes(error.code ?? '')) return undefined
    throw error
  }
}

/** True if a process has this id, ours or not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return isSystemError(error) && error.code === 'EPERM'
  }
}

/** True if this id is a PostgreSQL that runs; where that cannot be asked, if it is any process. */
export async function isRunningPostgres(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false
  if (process.platform !== 'linux') return true
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    // A killed postmaster whose parent has not collected it yet is a zombie: it no longer runs.
    return /^Name:\s*postgres$/m.test(status) && !/^State:\s*Z/m.test(status)
  } catch (error) {
    if (isSystemError(error)) return false
    throw error
  }
}

async function folderExists(path: string): Promise<boolean> {
  try {
    await readdir(path)
    return true
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return false
    throw error
  }
}
