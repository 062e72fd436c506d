import { createWriteStream } from 'node:fs'
import { rename, stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { type Readable } from 'node:stream'

import { ROOT, SERVER_MAIN } from './paths.ts'
import { startProcess, type OwnProcess } from './processes.ts'
import { codeOf, StartError } from './start-error.ts'

/** The server ends by itself within 9 s at worst; a demo does not wait that long. */
const GRACE_MS = 5_000
const START_TIMEOUT_MS = 60_000
const LOG_LIMIT_BYTES = 10 * 1024 * 1024
/** pino's number for errors. */
const LEVEL_ERROR = 50

export interface ServerProcess extends OwnProcess {
  url: string
}

/**
 * Starts the server as a process of its own, so that it can end without the database, and waits until it
 * listens.
 * @param onTrouble what it logs as an error, one line each; everything is in the log file
 * @throws StartError in the server's own words where it cannot start
 */
export async function startServerProcess(options: {
  env: NodeJS.ProcessEnv
  logFile: string
  stopped: AbortSignal
  onStarted: (pid: number) => Promise<void>
  onTrouble: (line: string) => void
}): Promise<ServerProcess> {
  const log = await openLog(options.logFile)
  const server = await startProcess({
    name: 'the server',
    command: process.execPath,
    args: [SERVER_MAIN],
    graceMs: GRACE_MS,
    // Over the channel it learns of our end, should we have no time to tell it.
    spawn: { cwd: ROOT, env: options.env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
  })
  await options.onStarted(server.pid)
  void server.ended.then(() => log.end())

  const complaints: string[] = []
  const listening = new Promise<string>((resolve) => {
    eachLine(server.child.stdout, (line) => {
      log.write(`${line}\n`)
      const entry = readEntry(line)
      if (entry?.msg === 'listening' && entry.url !== undefined) resolve(entry.url)
      else if ((entry?.level ?? 0) >= LEVEL_ERROR) options.onTrouble(entry?.msg ?? line)
    })
    eachLine(server.child.stderr, (line) => {
      log.write(`${line}\n`)
      complaints.push(line)
    })
  })
  const givenUp = (): void => void server.stop()
  options.stopped.addEventListener('abort', givenUp)
  const outcome = await Promise.race([
    listening.then((url) => ({ url })),
    server.ended.then(({ code, signal }) => ({ failure: `it ended with ${signal ?? code}` })),
    new Promise<{ failure: string }>((resolve) =>
      setTimeout(
        () => resolve({ failure: `it did not listen within ${START_TIMEOUT_MS / 1000} s` }),
        START_TIMEOUT_MS,
      ).unref(),
    ),
  ])
  // From here on it is stopped in its turn.
  options.stopped.removeEventListener('abort', givenUp)
  if ('url' in outcome) return { ...server, url: outcome.url }
  await server.stop()
  options.stopped.throwIfAborted()
  throw new StartError(
    `The server did not start: ${complaints[0] ?? outcome.failure}; its log is ${options.logFile}`,
  )
}

async function openLog(file: string): Promise<ReturnType<typeof createWriteStream>> {
  try {
    if ((await stat(file)).size > LOG_LIMIT_BYTES) await rename(file, `${file}.1`)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
  return createWriteStream(file, { flags: 'a', mode: 0o600 })
}

function eachLine(stream: Readable | null, take: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream }).on('line', take)
}

function readEntry(line: string): { level?: number; msg?: string; url?: string } | null {
  try {
    const entry: unknown = JSON.parse(line)
    return typeof entry === 'object' ? entry : null
  } catch {
    // Not one of its log's lines: Node's own warnings.
    return null
  }
}
