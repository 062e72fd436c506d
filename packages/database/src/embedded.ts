import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import {
  locateBinaries,
  spawnIdentity,
  type PostgresBinaries,
  type ServerUser,
} from './embedded-binaries.ts'
import {
  choosePort,
  clusterFolder,
  DATABASE_NAME,
  ensureCluster,
  isAlive,
  isRunningPostgres,
  readPostmasterPid,
  readSecrets,
  writeSecrets,
  type ClusterSecrets,
} from './embedded-cluster.ts'
import { chooseServerUser, findHome, openHome } from './embedded-home.ts'
import { DatabaseError, firstLine, isSystemError } from './database-error.ts'

export type EmbeddedOptions = {
  /** The folder for everything of this database; created if missing. */
  dataDir: string
  /** A fixed TCP port on 127.0.0.1. Default: the one used before, else any free one. */
  port?: number | undefined
  /** One line at a time, for people. */
  onProgress?: ((line: string) => void) | undefined
  /** Called once if PostgreSQL ends although nobody stopped it. */
  onUnexpectedExit?: ((error: DatabaseError) => void) | undefined
  /** No fsync, more connections: for databases that live as long as a test run. Never for real data. */
  unsafeForTests?: boolean | undefined
}

export type EmbeddedPostgres = {
  /** postgres://…@127.0.0.1:port/parley, with the password. */
  connectionString: string
  /** For example "18.4". */
  version: string
  /** The postmaster's process id. */
  pid: number
  port: number
  /** Fast shutdown: open transactions are rolled back, connections closed. Waits until it is over; repeatable. */
  stop: () => Promise<void>
}

const START_TIMEOUT_MS = 120_000
const STOP_TIMEOUT_MS = 60_000
const START_ATTEMPTS = 5
const LOG_LIMIT_BYTES = 10 * 1024 * 1024

/**
 * Starts the PostgreSQL that comes with Parley on a data folder, creating the database the first time.
 * Commits are durable. Recovers by itself after a power cut or kill -9, and ends a server that a killed Parley
 * left running.
 * @throws DatabaseError `embedded-unavailable`, `embedded-already-running`, `embedded-folder-broken`,
 *   `embedded-other-version`, `embedded-start-failed`, `embedded-user-missing`
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const onProgress = options.onProgress ?? ((): void => {})
  const user = await chooseServerUser()
  const home = await openHome(options.dataDir, user, onProgress)
  const binaries = await locateBinaries(home, user, onProgress)
  await ensureCluster(home, binaries, user, onProgress)
  await clearTheWay(home, binaries, onProgress)
  return await startServer({ home, binaries, user, options, onProgress })
}

/**
 * The connection string of the server that is running on a data folder now; undefined if none is.
 * For commands (backup) that may run beside a started Parley.
 */
export async function findRunningEmbeddedPostgres(dataDir: string): Promise<string | undefined> {
  const folder = clusterFolder(await findHome(dataDir))
  const pid = await readPostmasterPid(folder)
  if (pid === undefined || !(await isRunningPostgres(pid))) return undefined
  return connectionStringOf(await readSecrets(folder), DATABASE_NAME)
}

type Start = {
  home: string
  binaries: PostgresBinaries
  user: ServerUser | undefined
  options: EmbeddedOptions
  onProgress: (line: string) => void
}

// --- before the start ------------------------------------------------------------------------------------

type Owner = { pid: number; startedAt: string }

/** Decides what a postmaster.pid means: a server in use, one left behind, or a file left behind. */
async function clearTheWay(
  home: string,
  binaries: PostgresBinaries,
  onProgress: (line: string) => void,
): Promise<void> {
  const folder = clusterFolder(home)
  const pid = await readPostmasterPid(folder)
  if (pid === undefined) return
  if (!(await isRunningPostgres(pid))) {
    // After a restart of a container the id may belong to anything; PostgreSQL would then refuse to start.
    onProgress('PostgreSQL was not shut down last time; recovering')
    await rm(join(folder, 'postmaster.pid'), { force: true })
    return
  }
  if (await ownerLives(home)) {
    throw new DatabaseError(
      'embedded-already-running',
      `PostgreSQL is already running on ${folder} (process ${pid}): another Parley uses this data folder`,
    )
  }
  onProgress(`Stopping the PostgreSQL (process ${pid}) that an ended Parley left running`)
  await stopProcess(pid, folder, binaries)
}

async function ownerLives(home: string): Promise<boolean> {
  try {
    const owner = JSON.parse(await readFile(join(home, 'owner.json'), 'utf8')) as Owner
    return isAlive(owner.pid) && owner.startedAt === (await startOfProcess(owner.pid))
  } catch (error) {
    if (error instanceof SyntaxError) return false
    if (isSystemError(error) && error.code === 'ENOENT') return false
    throw error
  }
}

/** Tells a process from a later one with the same id (Linux: its start in clock ticks; elsewhere unknown). */
async function startOfProcess(pid: number): Promise<string> {
  if (process.platform !== 'linux') return 'unknown'
  try {
    const line = await readFile(`/proc/${pid}/stat`, 'utf8')
    // Fields 3 and 22; the second field, the name, may hold spaces and ends with the last parenthesis.
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
    // A zombie has ended; only its parent has not noticed.
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? 'unknown')
  } catch (error) {
    if (isSystemError(error)) return 'ended'
    throw error
  }
}

// --- the server ------------------------------------------------------------------------------------------

async function startServer(start: Start): Promise<EmbeddedPostgres> {
  const folder = clusterFolder(start.home)
  const secrets = await readSecrets(folder)
  for (let attempt = 1; ; attempt += 1) {
    const port = start.options.port ?? (await choosePort(secrets.port))
    const current = { ...secrets, port }
    await writeSecrets(folder, current, start.user)
    const server = await launch(start, current)
    if ('running' in server) return server.running
    // A port taken meanwhile, or backends of a killed server that are still ending: both pass.
    const passes = /could not bind|still in use|could not create any TCP/.test(server.failure)
    if (!passes || start.options.port !== undefined || attempt === START_ATTEMPTS) {
      throw new DatabaseError(
        'embedded-start-failed',
        `PostgreSQL did not start on ${folder}: ${server.failure}; its log is ${logPath(start.home)}`,
      )
    }
    await sleep(attempt * 500)
  }
}

async function launch(
  start: Start,
  secrets: ClusterSecrets,
): Promise<{ running: EmbeddedPostgres } | { failure: string }> {
  const folder = clusterFolder(start.home)
  const logOffset = await rotateLog(start.home)
  const child = spawnPostmaster(start, folder, secrets.port)
  const ended = new Promise<string>((done) => {
    child.once('error', (error) => done(firstLine(error)))
    child.once('exit', (code, signal) => done(`it ended with ${signal ?? code}`))
  })
  const version = await Promise.race([waitUntilReady(secrets, ended), ended.then(() => undefined)])
  if (version === undefined || child.pid === undefined) {
    const reason = await ended
    return { failure: (await failureInLog(start.home, logOffset)) ?? reason }
  }
  await writeFile(
    join(start.home, 'owner.json'),
    `${JSON.stringify({ pid: process.pid, startedAt: await startOfProcess(process.pid) })}\n`,
  )
  return { running: superviseServer(start, secrets, child, child.pid, version, ended) }
}

function spawnPostmaster(start: Start, folder: string, port: number): ChildProcess {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Stated, not assumed: what PostgreSQL said is committed survives a power cut.
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    ...(start.options.unsafeForTests === true
      ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '400' }
      : {}),
  }
  const args = [
    '-D',
    folder,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
  const log = openSync(logPath(start.home), 'a', 0o600)
  try {
    // Its own process group: a Ctrl-C in the terminal is for us, and we still need the database to end well.
    return spawn(start.binaries.postgres, args, {
      ...spawnIdentity(start.user),
      detached: true,
      stdio: ['ignore', log, log],
    })
  } finally {
    closeSync(log)
  }
}

/** @returns the version; undefined once the server has ended */
async function waitUntilReady(
  secrets: ClusterSecrets,
  ended: Promise<string>,
): Promise<string | undefined> {
  let over = false
  void ended.then(() => (over = true))
  const deadline = Date.now() + START_TIMEOUT_MS
  let last: unknown
  while (!over) {
    if (Date.now() > deadline) {
      throw new DatabaseError(
        'embedded-start-failed',
        `PostgreSQL did not become ready in ${START_TIMEOUT_MS / 1000} s: ${firstLine(last)}`,
        last,
      )
    }
    try {
      return await prepareDatabase(secrets)
    } catch (error) {
      // Refused while it opens its port; 57P03 while it recovers. Anything else will not pass by waiting.
      const code = isSystemError(error) ? error.code : undefined
      if (code !== 'ECONNREFUSED' && code !== '57P03' && code !== 'ECONNRESET') throw error
      last = error
    }
    await sleep(50)
  }
  return undefined
}

/** Creates the database `parley` the first time. */
async function prepareDatabase(secrets: ClusterSecrets): Promise<string> {
  const client = new pg.Client({ connectionString: connectionStringOf(secrets, 'postgres') })
  // A server that ends now fails the query below; the same event must not end our process as well.
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query<{ exists: boolean; version: string }>(
      `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1) AS exists,
              current_setting('server_version') AS version`,
      [DATABASE_NAME],
    )
    const answer = rows[0]
    if (answer === undefined) throw new Error('PostgreSQL did not answer')
    if (!answer.exists) await client.query(`CREATE DATABASE ${DATABASE_NAME}`)
    return answer.version
  } finally {
    await client.end()
  }
}

/**
 * Sends the server a fast shutdown should our process be killed without a chance to: it reads from us what is never
 * written, and what ends with us. Windows has no such shell; there the next start ends it.
 */
function guardServer(pid: number): () => void {
  if (process.platform === 'win32') return () => {}
  const guard = spawn(
    '/bin/sh',
    ['-c', `trap '' INT TERM HUP; read -r _; kill -INT "$0"`, String(pid)],
    { stdio: ['pipe', 'ignore', 'ignore'], detached: true },
  )
  // Without a shell there is no guard, as on Windows.
  guard.on('error', () => {})
  guard.unref()
  ;(guard.stdin as Socket).unref()
  return () => void guard.kill('SIGKILL')
}

function superviseServer(
  start: Start,
  secrets: ClusterSecrets,
  child: ChildProcess,
  pid: number,
  version: string,
  ended: Promise<string>,
): EmbeddedPostgres {
  const folder = clusterFolder(start.home)
  let stopping: Promise<void> | undefined
  // The last resort if our process ends without stop(): a signal is all that can still be sent then.
  const endWithUs = (): void => void child.kill('SIGINT')
  process.once('exit', endWithUs)
  const dismissGuard = guardServer(pid)
  void ended.then((reason) => {
    dismissGuard()
    process.removeListener('exit', endWithUs)
    if (stopping !== undefined) return
    start.options.onUnexpectedExit?.(
      new DatabaseError(
        'server-unreachable',
        `PostgreSQL (process ${pid}) ended unexpectedly: ${reason}; its log is ${logPath(start.home)}`,
      ),
    )
  })
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      requestFastShutdown(pid, folder, start.binaries)
      await withDeadline(ended, pid)
    }
    await rm(join(start.home, 'owner.json'), { force: true })
  }
  return {
    connectionString: connectionStringOf(secrets, DATABASE_NAME),
    version,
    pid,
    port: secrets.port,
    stop: () => (stopping ??= stop()),
  }
}

// --- stopping --------------------------------------------------------------------------------------------

function requestFastShutdown(pid: number, folder: string, binaries: PostgresBinaries): void {
  if (process.platform === 'win32') {
    // Windows has no signals; pg_ctl speaks to the server through a pipe of its own.
    spawnSync(binaries.pgCtl, ['stop', '-D', folder, '-m', 'fast', '-W'], { stdio: 'ignore' })
    return
  }
  try {
    process.kill(pid, 'SIGINT')
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'ESRCH') throw error
  }
}

async function withDeadline(ended: Promise<unknown>, pid: number): Promise<void> {
  const limit = new AbortController()
  const late = sleep(STOP_TIMEOUT_MS, 'late', { signal: limit.signal }).catch(() => 'stopped')
  const outcome = await Promise.race([ended.then(() => 'ended'), late])
  limit.abort()
  if (outcome === 'late') throw stopFailure(pid)
}

async function stopProcess(pid: number, folder: string, binaries: PostgresBinaries): Promise<void> {
  requestFastShutdown(pid, folder, binaries)
  const deadline = Date.now() + STOP_TIMEOUT_MS
  while (await isRunningPostgres(pid)) {
    if (Date.now() > deadline) throw stopFailure(pid)
    await sleep(50)
  }
}

function stopFailure(pid: number): DatabaseError {
  return new DatabaseError(
    'embedded-start-failed',
    `PostgreSQL (process ${pid}) did not stop within ${STOP_TIMEOUT_MS / 1000} s`,
  )
}

// --- the log ---------------------------------------------------------------------------------------------

function logPath(home: string): string {
  return join(home, 'postgres.log')
}

/** Keeps one earlier log of at most 10 MB. @returns where this start's lines begin, in bytes */
async function rotateLog(home: string): Promise<number> {
  const path = logPath(home)
  try {
    const { size } = await stat(path)
    if (size < LOG_LIMIT_BYTES) return size
    await rename(path, `${path}.1`)
    return 0
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return 0
    throw error
  }
}

/** Why this start failed, by its log from `offset` on: the last fatal line, else the last line. */
async function failureInLog(home: string, offset: number): Promise<string | undefined> {
  const text = (await readFile(logPath(home))).subarray(offset).toString('utf8')
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const line = lines.findLast((one) => /FATAL|PANIC/.test(one)) ?? lines.at(-1)
  return line?.replace(/^.*?(?=FATAL|PANIC)/, '').replaceAll(/\s+/g, ' ')
}

function connectionStringOf(secrets: ClusterSecrets, database: string): string {
  return `postgres://${secrets.user}:${secrets.password}@127.0.0.1:${secrets.port}/${database}`
}
