import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { createPool, migrate } from '@parley/database'
import { startEmbeddedPostgres } from '@parley/database/embedded'
import type pg from 'pg'

import { temporaryFolder } from './temporary-folder.ts'

/** The real server as a process of its own, on a real and durable PostgreSQL made for this run. */
export interface World {
  connectionString: string
  pool: pg.Pool
  startServer(env?: Record<string, string>): Promise<ServerProcess>
  stop(): Promise<void>
}

export interface ServerProcess {
  url: string
  process: ChildProcess
  stop(): Promise<void>
}

export const APP_SECRET = 'a-bench-secret'
export const PHONE_NUMBER_ID = '106540352242922'
export const ACCESS_TOKEN = 'a-bench-token'

export async function createWorld(): Promise<World> {
  const folder = temporaryFolder('bench')
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') })
  await migrate(postgres.connectionString)
  const pool = createPool(postgres.connectionString, {
    maxConnections: 16,
    applicationName: 'parley-bench',
  })
  const servers: ServerProcess[] = []
  return {
    connectionString: postgres.connectionString,
    pool,
    async startServer(env = {}) {
      const server = await startServerProcess(postgres.connectionString, env)
      servers.push(server)
      return server
    },
    async stop() {
      for (const server of servers) await server.stop()
      await pool.end()
      await postgres.stop()
    },
  }
}

async function startServerProcess(
  connectionString: string,
  env: Record<string, string>,
): Promise<ServerProcess> {
  const child = spawn(process.execPath, ['apps/server/src/main.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '',
      // To look into the server alone, as with a profile.
      NODE_OPTIONS: process.env['BENCH_SERVER_NODE_OPTIONS'] ?? '',
      DATABASE_URL: connectionString,
      PARLEY_SECRET_KEY: randomBytes(32).toString('base64'),
      PORT: '0',
      LOG_LEVEL: 'error',
      WHATSAPP_APP_SECRET: APP_SECRET,
      WHATSAPP_VERIFY_TOKEN: 'a-verify-token',
      WHATSAPP_ACCESS_TOKEN: ACCESS_TOKEN,
      WHATSAPP_PHONE_NUMBER_ID: PHONE_NUMBER_ID,
      WHATSAPP_GRAPH_URL: 'http://127.0.0.1:9',
      ...env,
    },
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code, signal) => {
      reject(new Error(`the server ended with ${signal ?? code}`))
    })
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = JSON.parse(line) as { msg?: string; url?: string }
      if (message.msg === 'listening' && message.url !== undefined) resolve(message.url)
    })
  })
  return {
    url,
    process: child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
    },
  }
}
