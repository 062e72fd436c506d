import { randomUUID } from 'node:crypto'

import { DatabaseError, assertSchemaCompatible, createPool, describeTarget } from '@parley/database'
import { type Channel } from '@parley/domain'
import type pg from 'pg'

import { type Env } from './env.ts'
import { GUARDS, KINDS, OPERATORS } from './features.ts'
import { startAccounts } from './features/accounts/index.ts'
import { apiKeyJobs } from './features/api-keys/index.ts'
import { auditJobs, noteKeyChange, noteRestore } from './features/audit/index.ts'
import {
  createChatAppAdapter,
  createWhatsAppAdapter,
  registerChannelAccount,
  type ChannelAdapter,
} from './features/channels/index.ts'
import { startIntake } from './features/intake/index.ts'
import { startDelivery } from './features/messaging/index.ts'
import { createPeople, startGroupRights } from './features/people/index.ts'
import { retentionJobs, startQueueSummary, statisticsJobs } from './features/reporting/index.ts'
import { startDispatcher, startPresence } from './features/routing/index.ts'
import { startIndexing } from './features/search/index.ts'
import { createSignOn } from './features/sign-on/index.ts'
import { startSla } from './features/sla/index.ts'
import { FeedHub } from './features/sync/index.ts'
import { startTriage } from './features/triage/index.ts'
import { createHttpApp, type HttpSettings } from './http/app.ts'
import {
  UnusableCertificate,
  followCertificate,
  readCertificate,
  type Certificate,
  type CertificateFiles,
} from './http/certificate.ts'
import { serveMetrics } from './http/metrics-address.ts'
import { Database, STEADY_PLANS } from './platform/database.ts'
import { startJobs } from './platform/jobs.ts'
import { startHeartbeat } from './platform/heartbeat.ts'
import { type Logger } from './platform/logger.ts'
import { observePool } from './platform/metrics.ts'
import { within } from './platform/overdue.ts'
import { startPeriodic } from './platform/periodic.ts'
import { createSecrets } from './platform/secrets.ts'
import { createServices, type Services } from './platform/services.ts'
import { sql } from './platform/sql.ts'

const MAXIMUM_CONNECTIONS = 20
/** No statement that somebody waits for takes seconds; see `PoolOptions.queryTimeoutMs`. */
const QUERY_TIMEOUT_MS = 8_000
/** Whoever finds all connections busy for so long is asked to come again. */
const CONNECTION_WAIT_MS = 5_000
/** Of what nobody sits before: statistics and pruning of years, replays of months. */
const PATIENT_CONNECTIONS = 4
/**
 * One batch of messages at a time, and its successor where the connection of the one before is given up; and what the
 * feed brings, a connection for each kind of which there is often something.
 */
const STEADY_CONNECTIONS = 6
const PATIENT_QUERY_TIMEOUT_MS = 10 * 60_000
const CLOCK_COMPARED_EVERY_MS = 10_000
/** What must end in order; what is left then is durable and found again at the next start. */
const STOP_LIMIT_MS = 6_000
const STOP_STEP_LIMIT_MS = 3_000

export interface RunningServer {
  url: string
  /** Null where its figures have no address. */
  metricsUrl: string | null
  /** Counts what only the guard of last resort caught. */
  countUnhandled(kind: string): void
  /** Takes no more work, finishes what it has, and lets go of everything. */
  stop(): Promise<void>
}

/** What the server needs to know; `env.ts` says where it comes from. */
export interface ServerSettings {
  connectionString: string
  /** 32 bytes in base64. */
  secretKey: string
  env: Omit<Env, 'DATABASE_URL' | 'PARLEY_SECRET_KEY' | 'PARLEY_DATA_DIR'>
  logger: Logger
}

/** Puts the parts together. Whatever was started is stopped again when a later part cannot start. */
export async function startServer(settings: ServerSettings): Promise<RunningServer> {
  const { connectionString, env, logger } = settings
  const files = certificateFiles(env)
  const certificate = files === null ? null : await usableCertificate(files)
  const undo: (() => unknown)[] = []
  const stopAll = async (): Promise<void> => {
    const deadlineMs = performance.now() + STOP_LIMIT_MS
    for (const step of undo.splice(0).toReversed()) {
      // Each is told, however long those before it took.
      const leftMs = Math.min(STOP_STEP_LIMIT_MS, Math.max(0, deadlineMs - performance.now()))
      try {
        await within(leftMs, 'stopping', Promise.resolve(step()))
      } catch (error) {
        logger.warn({ err: error }, 'not stopped in order; the rest is found at the next start')
      }
    }
  }
  try {
    const common = {
      pipeline: true,
      connectTimeoutMs: CONNECTION_WAIT_MS,
      applicationName: 'parley-server',
      onConnectionError: (error: Error) => logger.warn({ err: error }, 'database connection lost'),
    }
    const pool = createPool(connectionString, {
      ...common,
      maxConnections: MAXIMUM_CONNECTIONS,
      queryTimeoutMs: QUERY_TIMEOUT_MS,
    })
    undo.push(() => pool.end())
    await assertUsable(pool, connectionString)
    const patientPool = createPool(connectionString, {
      ...common,
      maxConnections: PATIENT_CONNECTIONS,
      queryTimeoutMs: PATIENT_QUERY_TIMEOUT_MS,
    })
    undo.push(() => patientPool.end())
    const steadyPool = createPool(connectionString, {
      ...common,
      maxConnections: STEADY_CONNECTIONS,
      queryTimeoutMs: QUERY_TIMEOUT_MS,
      settings: STEADY_PLANS,
    })
    undo.push(() => steadyPool.end())
    const db = new Database(pool, { patient: patientPool, steady: steadyPool })
    await assertDurable(db)

    const secrets = createSecrets(settings.secretKey)
    const services = await createServices(db, connectionString, secrets, logger, {
      guards: GUARDS,
      operators: OPERATORS,
    })
    observePool(services.metrics, pool)
    services.health.register('database', async () => {
      await db.one(sql`SELECT 1 AS alive`)
      return 'well' as const
    })
    const { signals } = services
    undo.push(() => signals.stop())
    await signals.start()
    const heartbeat = await startHeartbeat(services, randomUUID())
    undo.push(() => heartbeat.stop())
    services.health.register('signals', () =>
      signals.isListening ? 'well' : { state: 'behind', detail: 'other processes are not heard' },
    )
    const clock = startPeriodic('clock', CLOCK_COMPARED_EVERY_MS, services, () =>
      services.clock.compareAgain(),
    )
    undo.push(() => clock.stop())

    const adapters = await createAdapters(services.db, env)
    await noteRestore(services)
    await noteKeyChange(services)
    const accounts = startAccounts(services)
    // Where nobody says it, it is where the server listens, once it does.
    let publicUrl = env.PUBLIC_URL?.replace(/\/+$/, '') ?? ''
    const features = {
      accounts,
      people: createPeople(services, accounts),
      signOn: createSignOn(services, { accounts, publicUrl: () => publicUrl }),
      delivery: startDelivery(services, adapters, heartbeat),
      presence: startPresence(services),
      feed: await FeedHub.start(services, KINDS),
      triage: startTriage(services),
    }
    undo.push(
      () => features.accounts.stop(),
      () => features.delivery.stop(),
      () => features.presence.stop(),
      () => features.feed.stop(),
      () => features.triage.stop(),
    )
    const intake = startIntake({ ...services, triage: features.triage }, heartbeat.processId)
    undo.push(() => intake.stop())
    const dispatcher = startDispatcher(services)
    undo.push(() => dispatcher.stop())
    const sla = startSla(services)
    undo.push(() => sla.stop())
    const groupRights = startGroupRights(services)
    undo.push(() => groupRights.stop())
    const queueSummary = startQueueSummary(services)
    undo.push(() => queueSummary.stop())
    const indexing = startIndexing(services)
    undo.push(() => indexing.stop())
    const jobs = await startJobs(services, [
      ...apiKeyJobs,
      ...auditJobs,
      ...retentionJobs,
      ...statisticsJobs(env.REPORTING_TIME_ZONE),
    ])
    undo.push(() => jobs.stop())

    let ready = true
    const http = createHttpApp(
      services,
      features,
      intake,
      httpSettings(env, certificate),
      () => ready,
    )
    undo.push(() => http.stop())
    if (files !== null && certificate !== null) {
      const following = followCertificate(services, files, certificate, http.useCertificate)
      undo.push(() => following.stop())
    }
    const metricsUrl = await startMetrics(services, env, undo)
    const url = await listening('PORT', env.PORT, () =>
      http.listen({ host: env.HOST, port: env.PORT }),
    )
    if (publicUrl === '') publicUrl = url
    return {
      url: env.PUBLIC_URL ?? url,
      metricsUrl,
      countUnhandled: (kind) => services.metrics.unhandledErrors.inc({ kind }),
      async stop() {
        ready = false
        await stopAll()
      },
    }
  } catch (error) {
    await stopAll()
    throw error
  }
}

/** @throws CannotStart, or DatabaseError where the schema does not fit */
async function assertUsable(pool: pg.Pool, connectionString: string): Promise<void> {
  try {
    await assertSchemaCompatible(pool)
  } catch (error) {
    if (error instanceof DatabaseError) throw error
    const reason =
      (error as Error).message || ((error as NodeJS.ErrnoException).code ?? 'no answer')
    throw new CannotStart(`${describeTarget(connectionString)} is not usable: ${reason}`)
  }
}

/** Something the operator can mend; the message is one line for them. */
export class CannotStart extends Error {
  override name = 'CannotStart'
}

/** "Accepted" means "survives a power cut". Asserted rather than assumed. */
async function assertDurable(db: Database): Promise<void> {
  const { value } = await db.one<{ value: string }>(
    sql`SELECT current_setting('synchronous_commit') AS value`,
  )
  if (value === 'off') {
    throw new CannotStart(
      'The database has synchronous_commit = off: accepted messages could be lost',
    )
  }
}

async function createAdapters(
  db: Database,
  env: ServerSettings['env'],
): Promise<Map<Channel, ChannelAdapter>> {
  const adapters = new Map<Channel, ChannelAdapter>()
  if (env.WHATSAPP_ACCESS_TOKEN !== undefined && env.WHATSAPP_PHONE_NUMBER_ID !== undefined) {
    adapters.set(
      'whatsapp',
      createWhatsAppAdapter({
        graphUrl: env.WHATSAPP_GRAPH_URL,
        accessToken: env.WHATSAPP_ACCESS_TOKEN,
      }),
    )
    await registerChannelAccount(db, {
      channel: 'whatsapp',
      externalId: env.WHATSAPP_PHONE_NUMBER_ID,
      displayName: `WhatsApp ${env.WHATSAPP_PHONE_NUMBER_ID}`,
    })
  }
  const chatAppSecret = env.CHAT_APP_SECRET?.[0]
  if (env.CHAT_APP_URL !== undefined && chatAppSecret !== undefined) {
    adapters.set('chat_app', createChatAppAdapter({ url: env.CHAT_APP_URL, secret: chatAppSecret }))
    await registerChannelAccount(db, {
      channel: 'chat_app',
      externalId: 'default',
      displayName: 'App',
    })
  }
  return adapters
}

function certificateFiles(env: ServerSettings['env']): CertificateFiles | null {
  const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile } = env
  return certFile === undefined || keyFile === undefined ? null : { certFile, keyFile }
}

/** @throws CannotStart. By the host's time: the database's is not known yet. */
async function usableCertificate(files: CertificateFiles): Promise<Certificate> {
  try {
    return await readCertificate(files, new Date())
  } catch (error) {
    if (error instanceof UnusableCertificate) throw new CannotStart(error.message)
    throw error
  }
}

async function startMetrics(
  services: Services,
  { METRICS_HOST: host, METRICS_PORT: port }: ServerSettings['env'],
  undo: (() => unknown)[],
): Promise<string | null> {
  if (port === undefined) return null
  const { url, stop } = await listening('METRICS_PORT', port, () =>
    serveMetrics(services, { host, port }),
  )
  undo.push(stop)
  return `${url}/metrics`
}

/** @throws CannotStart that names the variable to change, where the port cannot be had */
async function listening<Listening>(
  variable: string,
  port: number,
  listen: () => Promise<Listening>,
): Promise<Listening> {
  try {
    return await listen()
  } catch (error) {
    const why = WHY_NOT_LISTENING[(error as NodeJS.ErrnoException).code ?? '']
    if (why === undefined) throw error
    throw new CannotStart(why(variable, port))
  }
}

const WHY_NOT_LISTENING: Partial<Record<string, (variable: string, port: number) => string>> = {
  EADDRINUSE: (variable, port) => `Port ${port} is in use: stop what uses it or set ${variable}`,
  EACCES: (variable, port) =>
    `Not allowed to listen on port ${port}: set ${variable} to 1024 or above`,
  EADDRNOTAVAIL: (variable) =>
    `This host has not the address of ${variable.replace('PORT', 'HOST')}`,
  ENOTFOUND: (variable) => `${variable.replace('PORT', 'HOST')} is no address of this host`,
}

function httpSettings(env: ServerSettings['env'], certificate: Certificate | null): HttpSettings {
  const { WHATSAPP_APP_SECRET: appSecrets, WHATSAPP_VERIFY_TOKEN: verifyToken } = env
  return {
    whatsapp: appSecrets && verifyToken ? { appSecrets, verifyToken } : null,
    chatApp: env.CHAT_APP_SECRET ? { secrets: env.CHAT_APP_SECRET } : null,
    trustedProxies: env.TRUSTED_PROXIES,
    dictionariesFolder: env.PARLEY_DICTIONARIES_DIR ?? null,
    tls: certificate?.context ?? null,
  }
}
