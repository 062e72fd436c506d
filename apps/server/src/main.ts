import { join } from 'node:path'

import { DatabaseError, migrate } from '@parley/database'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@parley/database/embedded'

import { ConfigurationError, readEnv, type Env } from './env.ts'
import { createLogger, type Logger } from './platform/logger.ts'
import { ownSecretKey } from './own-secret-key.ts'
import { CannotStart, startServer, type RunningServer } from './server.ts'

/** However much there is to finish. */
const STOP_TIMEOUT_MS = 9_000

async function main(): Promise<void> {
  const env = readEnv(process.env)
  const logger = createLogger(env.LOG_LEVEL)
  let embedded: EmbeddedPostgres | null = null
  let server: RunningServer | null = null
  const stop = stopWhenTold(logger, async () => {
    await server?.stop()
    await embedded?.stop()
  })
  if (env.DATABASE_URL === undefined) embedded = await startEmbedded(env, logger, stop)
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
  liveOnAfterBugs(logger, server.countUnhandled)
  // For whoever started this process, whatever the log level.
  process.stdout.write(
    `${JSON.stringify({ level: 30, time: Date.now(), pid: process.pid, msg: 'listening', url: server.url, metricsUrl: server.metricsUrl ?? undefined })}\n`,
  )
}

async function startEmbedded(env: Env, logger: Logger, stop: Stop): Promise<EmbeddedPostgres> {
  const embedded = await startEmbeddedPostgres({
    dataDir: join(env.PARLEY_DATA_DIR, 'postgres'),
    onProgress: (line) => logger.info({ part: 'database' }, line),
    onUnexpectedExit: (error) => {
      logger.fatal({ err: error }, 'the embedded database ended')
      stop(1)
    },
  })
  await migrate(embedded.connectionString, {
    onProgress: (line) => logger.info({ part: 'database' }, line),
  })
  return embedded
}

/** Ends the process in order, and in time whatever hangs. The first call counts. */
type Stop = (exitCode: number) => void

/**
 * By a signal, by the end of whoever started us over a channel, or because we cannot go on. What is not finished in
 * time is no failure: all that was accepted is in the database, and found at the next start.
 */
function stopWhenTold(logger: Logger, stopAll: () => Promise<void>): Stop {
  let stopping = false
  const stop: Stop = (exitCode) => {
    if (stopping) return
    stopping = true
    setTimeout(() => {
      logger.warn('did not finish everything in time; the rest is found at the next start')
      process.exit(exitCode)
    }, STOP_TIMEOUT_MS)
    stopAll().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        logger.error({ err: error }, 'failed while stopping')
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      logger.info({ signal }, 'stopping')
      stop(0)
    })
  }
  process.on('disconnect', () => stop(0))
  // It may have been while we were still being loaded. Undefined: nobody has a channel to us.
  if ((process.connected as boolean | undefined) === false) stop(0)
  return stop
}

/**
 * The guard of last resort. What comes over a socket is dealt with where it comes in; should something be thrown past
 * that, it is a bug, told and counted, and the process lives on: what must hold is in the database and not in memory,
 * every task is behind a sweep, and a process that ended would be one that a single packet can end. See
 * docs/decisions/0018.
 */
function liveOnAfterBugs(logger: Logger, count: (kind: string) => void): void {
  process.on('uncaughtException', (error, kind) => {
    count(kind)
    logger.error({ err: error, kind }, 'unhandled: a bug')
  })
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
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
