import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clusterFolder, isRunningPostgres } from './embedded-cluster.ts'
import { findHome } from './embedded-home.ts'
import {
  findRunningEmbeddedPostgres,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from './embedded.ts'
import type { DatabaseError } from './database-error.ts'
import { startScript } from './testing-processes.ts'

let dataDir: string
let started: EmbeddedPostgres[]

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'parley-embedded-'))
  await chmod(dataDir, 0o755)
  started = []
})

afterEach(async () => {
  for (const server of started) await server.stop()
  const home = await findHome(dataDir)
  await rm(home, { recursive: true, force: true })
  await rm(dataDir, { recursive: true, force: true })
})

async function start(
  options: Partial<Parameters<typeof startEmbeddedPostgres>[0]> = {},
): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, ...options })
  started.push(server)
  return server
}

async function query<T extends pg.QueryResultRow>(
  connectionString: string,
  sql: string,
): Promise<T[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return (await client.query<T>(sql)).rows
  } finally {
    await client.end()
  }
}

async function waitForEnd(pid: number): Promise<void> {
  while (await isRunningPostgres(pid)) await sleep(20)
}

/** A Parley in a process of its own. */
async function startOwner(): Promise<{
  child: ChildProcess
  pid: number
  connectionString: string
}> {
  const child = startScript('./testing-embedded-owner.ts', [dataDir])
  child.stderr?.pipe(process.stderr)
  if (child.stdout === null) throw new Error('no stdout')
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
  return { child, ...(JSON.parse(line) as { pid: number; connectionString: string }) }
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

/** As where somebody kills everything that they see. */
async function killGuardOf(pid: number): Promise<void> {
  for (const name of await readdir('/proc')) {
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')
    if (command.includes('kill -INT') && command.endsWith(`\0${pid}\0`))
      process.kill(Number(name), 'SIGKILL')
  }
}

describe('the built-in PostgreSQL', () => {
  it('starts, is durable, listens on 127.0.0.1 only, and leaves nothing running', async () => {
    const server = await start()
    expect(server.version).toMatch(/^18\./)
    const settings = await query<{ name: string; setting: string }>(
      server.connectionString,
      `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes',
         'listen_addresses', 'unix_socket_directories', 'password_encryption') ORDER BY name`,
    )
    expect(settings).toEqual([
      { name: 'fsync', setting: 'on' },
      { name: 'full_page_writes', setting: 'on' },
      { name: 'listen_addresses', setting: '127.0.0.1' },
      { name: 'password_encryption', setting: 'scram-sha-256' },
      { name: 'synchronous_commit', setting: 'on' },
      { name: 'unix_socket_directories', setting: '' },
    ])
    expect(await findRunningEmbeddedPostgres(dataDir)).toBe(server.connectionString)
    await server.stop()
    await server.stop()
    expect(await isRunningPostgres(server.pid)).toBe(false)
    expect(await findRunningEmbeddedPostgres(dataDir)).toBeUndefined()
    const left = await readdir(clusterFolder(await findHome(dataDir)))
    expect(left).not.toContain('postmaster.pid')
  })

  it('keeps its data, password and port', async () => {
    const first = await start()
    await query(first.connectionString, 'CREATE TABLE kept AS SELECT 7 AS n')
    await first.stop()
    const second = await start()
    expect(second.connectionString).toBe(first.connectionString)
    expect(await query(second.connectionString, 'SELECT n FROM kept')).toEqual([{ n: 7 }])
  })

  it('takes another port when its own is taken', async () => {
    const first = await start()
    await first.stop()
    const taken = createServer().listen(first.port, '127.0.0.1')
    await once(taken, 'listening')
    const second = await start()
    taken.close()
    expect(second.port).not.toBe(first.port)
    expect(await query(second.connectionString, 'SELECT 1 AS n')).toEqual([{ n: 1 }])
  })

  it('keeps its password to its owner', async () => {
    const server = await start()
    const cluster = clusterFolder(await findHome(dataDir))
    expect((await stat(join(cluster, 'parley.json'))).mode & 0o777).toBe(0o600)
    expect((await stat(cluster)).mode & 0o777).toBe(0o700)
    const password = new URL(server.connectionString).password
    expect(password.length).toBeGreaterThanOrEqual(32)
    // Neither a process list nor the log shows it.
    expect(await readFile(join(await findHome(dataDir), 'postgres.log'), 'utf8')).not.toContain(
      password,
    )
    const wrong = server.connectionString.replace(password, 'wrong')
    await expect(query(wrong, 'SELECT 1')).rejects.toThrow('password authentication failed')
    expect((await readdir(dataDir)).filter((name) => name.startsWith('password'))).toEqual([])
  })

  it('keeps what was committed when everything is killed', async () => {
    const { child, pid, connectionString } = await startOwner()
    await query(connectionString, 'CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n')
    process.kill(pid, 'SIGKILL')
    await kill(child)
    await waitForEnd(pid)
    const lines: string[] = []
    const server = await start({ onProgress: (line) => lines.push(line) })
    expect(await query(server.connectionString, 'SELECT count(*)::int AS n FROM kept')).toEqual([
      { n: 1000 },
    ])
    expect(lines).toContain('PostgreSQL was not shut down last time; recovering')
  })

  it('is not stopped by a postmaster.pid whose number belongs to another program now', async () => {
    const server = await start()
    await server.stop()
    const file = join(clusterFolder(await findHome(dataDir)), 'postmaster.pid')
    await writeFile(file, `${process.pid}\n`)
    const again = await start()
    expect(await query(again.connectionString, 'SELECT 1 AS n')).toEqual([{ n: 1 }])
  })

  it('does not outlive a Parley that is killed', async () => {
    const { child, pid } = await startOwner()
    await kill(child)
    await waitForEnd(pid)
  })

  it('is replaced at the next start where a killed Parley left it running after all', async () => {
    const { child, pid } = await startOwner()
    await killGuardOf(pid)
    await kill(child)
    expect(await isRunningPostgres(pid)).toBe(true)
    const lines: string[] = []
    const server = await start({ onProgress: (line) => lines.push(line) })
    expect(lines).toContain(
      `Stopping the PostgreSQL (process ${pid}) that an ended Parley left running`,
    )
    expect(await isRunningPostgres(pid)).toBe(false)
    expect(server.pid).not.toBe(pid)
  })

  it('refuses a folder that another Parley uses', async () => {
    const { child, pid } = await startOwner()
    await expect(start()).rejects.toMatchObject({
      code: 'embedded-already-running',
      message: expect.stringContaining(`(process ${pid}): another Parley uses this data folder`),
    })
    await expect(start()).rejects.toMatchObject({ code: 'embedded-already-running' })
    expect(await isRunningPostgres(pid)).toBe(true)
    child.kill('SIGKILL')
    await once(child, 'exit')
    await start()
  })

  it('is cleared up after a Parley that ended without stopping it', async () => {
    const { child, pid } = await startOwner()
    // Node without a handler ends at once at SIGTERM, `exit` listeners skipped: the next start clears up.
    child.kill('SIGTERM')
    await once(child, 'exit')
    const server = await start()
    expect(await isRunningPostgres(pid)).toBe(false)
    expect(await query(server.connectionString, 'SELECT 1 AS n')).toEqual([{ n: 1 }])
  })

  it('says when it dies while running', async () => {
    const died = Promise.withResolvers<DatabaseError>()
    const server = await start({ onUnexpectedExit: died.resolve })
    process.kill(server.pid, 'SIGKILL')
    await expect(died.promise).resolves.toMatchObject({
      code: 'server-unreachable',
      message: expect.stringMatching(/ended unexpectedly: it ended with SIGKILL/),
    })
    await server.stop()
  })

  it('does not call a stop a death', async () => {
    let deaths = 0
    const server = await start({ onUnexpectedExit: () => (deaths += 1) })
    await server.stop()
    await sleep(50)
    expect(deaths).toBe(0)
  })

  it('rolls back open transactions when stopped', async () => {
    const server = await start()
    const client = new pg.Client({ connectionString: server.connectionString })
    client.on('error', () => {})
    await client.connect()
    await client.query('BEGIN; CREATE TABLE never ()')
    await server.stop()
    const again = await start()
    expect(await query(again.connectionString, `SELECT to_regclass('never') AS t`)).toEqual([
      { t: null },
    ])
  })
})

describe('a data folder that cannot be used', () => {
  it('is named when it holds something else', async () => {
    await mkdir(clusterFolder(dataDir))
    await writeFile(join(clusterFolder(dataDir), 'notes.txt'), 'mine')
    await expect(start()).rejects.toMatchObject({
      code: 'embedded-folder-broken',
      message: expect.stringMatching(/cluster is not a PostgreSQL data folder/),
    })
  })

  it('is named with its version when another PostgreSQL made it', async () => {
    await (await start()).stop()
    await writeFile(join(clusterFolder(await findHome(dataDir)), 'PG_VERSION'), '15\n')
    await expect(start()).rejects.toMatchObject({
      code: 'embedded-other-version',
      message: expect.stringMatching(
        /was made by PostgreSQL 15 and this Parley brings PostgreSQL 18/,
      ),
    })
  })

  it('gives PostgreSQL’s own reason when its files are damaged', async () => {
    await (await start()).stop()
    await rm(join(clusterFolder(await findHome(dataDir)), 'global', 'pg_control'))
    await expect(start()).rejects.toMatchObject({
      code: 'embedded-start-failed',
      message: expect.stringMatching(/^PostgreSQL did not start on [^\n]*pg_control[^\n]*$/),
    })
  })

  it('is named when its password is lost', async () => {
    await (await start()).stop()
    await rm(join(clusterFolder(await findHome(dataDir)), 'parley.json'))
    await expect(start()).rejects.toMatchObject({
      code: 'embedded-folder-broken',
      message: expect.stringContaining('parley.json cannot be read'),
    })
  })

  it('is created afresh after a creation that was cut short', async () => {
    const abandoned = join(dataDir, 'cluster.new-4194304')
    await mkdir(join(abandoned, 'base'), { recursive: true })
    await start()
    expect(await readdir(dataDir)).not.toContain('cluster.new-4194304')
  })
})

describe.runIf(process.getuid?.() === 0)('as root', () => {
  it('runs as another user', async () => {
    const server = await start()
    const { uid } = await stat(join(clusterFolder(await findHome(dataDir)), 'postmaster.pid'))
    expect(uid).toBeGreaterThan(0)
    expect(await isRunningPostgres(server.pid)).toBe(true)
  })

  it('works below a folder that only root may enter', async () => {
    await chmod(dataDir, 0o700)
    const lines: string[] = []
    const server = await start({ onProgress: (line) => lines.push(line) })
    const home = await findHome(dataDir)
    expect(home.startsWith(dataDir)).toBe(false)
    expect(lines.join('\n')).toContain(
      `PostgreSQL's user cannot enter ${dataDir}; its data are in ${home}`,
    )
    await query(server.connectionString, 'CREATE TABLE kept ()')
    await server.stop()
    const again = await start()
    expect(
      await query(again.connectionString, `SELECT to_regclass('kept') IS NOT NULL AS kept`),
    ).toEqual([{ kept: true }])
  })
})
