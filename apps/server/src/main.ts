import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { DatabaseError, migrate } from '@parley/database'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@parley/database/embedded'

import { ConfigurationError, readEnv, type Env } from './env.ts'
import { createLogger, type Logger } from './platform/logger.ts'
import { CannotStart, startServer, type RunningServer } from './server.ts'

/** However much there is to finish: after this, what is left is found again at the next start. */
const STOP_TIMEOUT_MS = 9_000

async function main(): Promise<void> {
  const env = readEnv(process.env)
  const logger = createLogger(env.LOG_LEVEL)
  const embedded = env.DATABASE_URL === undefined ? await startEmbedded(env, logger) : null
  let server: RunningServer
  try {
    server = await startServer({
      connectionString: embedded?.connectionString ?? (env.DATABASE_URL as string),
      secretKey: env.PARLEY_SECRET_KEY ?? (await ownSecretKey(env.PARLEY_DATA_DIR)),
      env,
      logger,
    })
  } catch (error) {
    await embedded?.stop()
    throw error
  }
  stopOnSignals(logger, async () => {
    await server.stop()
    await embedded?.stop()
  })
  // For whoever started this process, whatever the log level.
  process.stdout.write(
    `${JSON.stringify({ level: 30, time: Date.now(), pid: process.pid, msg: 'listening', url: server.url })}\n`,
  )
}

async function startEmbedded(env: Env, logger: Logger): Promise<EmbeddedPostgres> {
  const embedded = await startEmbeddedPostgres({
    dataDir: join(env.PARLEY_DATA_DIR, 'postgres'),
    onProgress: (line) => logger.info({ part: 'database' }, line),
    onUnexpectedExit: (error) => {
      logger.fatal({ err: error }, 'the embedded database ended')
      process.exit(1)
    },
  })
  await migrate(embedded.connectionString, {
    onProgress: (line) => logger.info({ part: 'database' }, line),
  })
  return embedded
}

/** With the embedded database everything is in one folder, so its key may be made and kept there. */
async function ownSecretKey(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true })
  const file = join(dataDir, 'secret.key')
  try {
    await writeFile(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return (await readFile(file, 'utf8')).trim()
}

function stopOnSignals(logger: Logger, stop: () => Promise<void>): void {
  let stopping = false
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) return
    stopping = true
    logger.info({ signal }, 'stopping')
    const timeout = setTimeout(() => {
      logger.error('did not stop in time; the rest is found at the next start')
      process.exit(1)
    }, STOP_TIMEOUT_MS)
    stop().then(
      () => {
        clearTimeout(timeout)
        process.exit(0)
      },
      (error: unknown) => {
        logger.error({ err: error }, 'failed while stopping')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}

main().catch((error: unknown) => {
  process.stderr.write(`${oneLine(error)}\n`)
  process.exit(1)
})

/** What the operator can mend is one clear line; a bug shows its stack. */
function oneLine(error: unknown): string {
  const isMendable =
    error instanceof ConfigurationError ||
    error instanceof DatabaseError ||
    error instanceof CannotStart
  if (isMendable) return error.message
  const { code, port } = error as NodeJS.ErrnoException & { port?: number }
  if (code === 'EADDRINUSE') return `Port ${port} is in use: stop what uses it or set PORT`
  if (code === 'EACCES') return `Not allowed to listen on port ${port}: set PORT to 1024 or above`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
