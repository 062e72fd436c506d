import { randomBytes } from 'node:crypto'
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { killGroup, startOfProcess } from './processes.ts'
import { codeOf, firstLine, StartError } from './start-error.ts'

/** What a demo keeps on disk, and which of its processes run now. */
export interface DataFolder {
  /** For `startEmbeddedPostgres`: the same as the server's own. */
  postgres: string
  serverLog: string
  workstationLog: string
  screenshot: string
  /** Electron's user data, one folder for each person. */
  workstationOf(email: string): string
  /** 32 bytes in base64; made at the first start. */
  secretKey: string
  /** Noted on disk, so that the next start ends it should we be killed. */
  note(pid: number): Promise<void>
  /** Nothing of ours runs any more. */
  release(): Promise<void>
}

const RUNNING = 'running.json'
/** Everything that the demo and the server put into the folder. Other files in it are somebody else's. */
const OURS = new Set([
  'postgres',
  'secret.key',
  'server.log',
  'server.log.1',
  'workstation.log',
  'workstation.png',
  'workstations',
  RUNNING,
  'blobs',
])

interface Running {
  owner: Noted
  processes: Noted[]
}

interface Noted {
  pid: number
  startedAt: string | null
}

/**
 * Ends what a demo that was killed has left running on this folder: it would hold the port. Its PostgreSQL is
 * not among that; the next start of it knows how to end it well.
 * @returns whether there was anything to end
 * @throws StartError where another Parley uses the folder now
 */
export async function endLeftovers(
  folder: string,
  onProgress: (line: string) => void,
): Promise<boolean> {
  const running = await readRunning(join(folder, RUNNING))
  if (running === null) return false
  if (isAlive(running.owner)) {
    throw new StartError(
      `Parley is already running on ${folder} (process ${running.owner.pid}): stop it, or choose another --data-dir`,
    )
  }
  const leftovers = running.processes.filter(isAlive)
  for (const { pid } of leftovers) {
    onProgress(`Ending process ${pid}, which an earlier start left running`)
    killGroup(pid)
  }
  return leftovers.length > 0
}

/**
 * Takes the folder for this process.
 * @throws StartError where it cannot be used
 */
export async function openDataFolder(
  folder: string,
  options: { reset: boolean; onProgress: (line: string) => void },
): Promise<DataFolder> {
  await createFolder(folder)
  const runningFile = join(folder, RUNNING)
  if (options.reset) await emptyFolder(folder, options.onProgress)
  const running: Running = { owner: noted(process.pid), processes: [] }
  await writeRunning(runningFile, running)
  return {
    postgres: join(folder, 'postgres'),
    serverLog: join(folder, 'server.log'),
    workstationLog: join(folder, 'workstation.log'),
    screenshot: join(folder, 'workstation.png'),
    workstationOf: (email) => join(folder, 'workstations', email),
    secretKey: await ownSecretKey(join(folder, 'secret.key')),
    async note(pid) {
      running.processes.push(noted(pid))
      await writeRunning(runningFile, running)
    },
    release: () => rm(runningFile, { force: true }),
  }
}

async function createFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    // Whether we may write is only known by writing.
    const probe = join(folder, `.probe-${process.pid}`)
    await writeFile(probe, '')
    await rm(probe)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EEXIST' || code === 'ENOTDIR')
      throw new StartError(
        `${folder} cannot be the data folder: it, or something above it, is a file`,
      )
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
      throw new StartError(`${folder} cannot be the data folder: we may not write there`)
    throw new StartError(`${folder} cannot be the data folder: ${firstLine(error)}`)
  }
}

async function readRunning(file: string): Promise<Running | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Running
  } catch (error) {
    // A power cut can leave it empty: nothing of before runs then.
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '') || error instanceof SyntaxError)
      return null
    throw error
  }
}

async function writeRunning(file: string, running: Running): Promise<void> {
  await writeFile(`${file}.next`, JSON.stringify(running))
  await rename(`${file}.next`, file)
}

function noted(pid: number): Noted {
  return { pid, startedAt: startOfProcess(pid) }
}

function isAlive({ pid, startedAt }: Noted): boolean {
  return startedAt !== null && startOfProcess(pid) === startedAt
}

async function emptyFolder(folder: string, onProgress: (line: string) => void): Promise<void> {
  const home = await postgresElsewhere(folder)
  const names = (await readdir(folder)).filter((name) => OURS.has(name))
  if (names.length === 0) return
  onProgress(`Deleting ${names.join(', ')} in ${folder}`)
  for (const name of names) await rm(join(folder, name), { recursive: true, force: true })
  if (home !== null) await rm(home, { recursive: true, force: true })
}

/** Root's PostgreSQL runs as somebody else, whose data may be outside; nothing but such a folder is deleted. */
async function postgresElsewhere(folder: string): Promise<string | null> {
  try {
    const { home } = JSON.parse(
      await readFile(join(folder, 'postgres', 'location.json'), 'utf8'),
    ) as { home?: unknown }
    return typeof home === 'string' && /^\/var\/lib\/parley\/[0-9a-f]{16}$/.test(home) ? home : null
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR' || error instanceof SyntaxError)
      return null
    throw error
  }
}

/** As the server keeps it for its own embedded database, so that either can be started on the folder. */
async function ownSecretKey(file: string): Promise<string> {
  try {
    await writeFile(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
  const key = (
    await readFile(file, 'utf8').catch((error: unknown) => {
      throw new StartError(`${file} cannot be read: ${firstLine(error)}`)
    })
  ).trim()
  if (Buffer.from(key, 'base64').length !== 32) {
    throw new StartError(
      `${file} is damaged: it must hold 32 bytes in base64. Restore it, or begin afresh with --reset --yes`,
    )
  }
  return key
}
