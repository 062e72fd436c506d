import { readFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'

import { DatabaseError, createPool, migrate } from '@parley/database'
import { startEmbeddedPostgres } from '@parley/database/embedded'
import {
  AgentFailure,
  ANSWERING_COLLEAGUES,
  startAgent,
  startCustomers,
  startFakeGraphApi,
  type FakeGraphApi,
  type SimulatedAgent,
} from '@parley/simulator'
import { DEMO_BUSINESS, DEMO_PASSWORD, DemoDataError, seedDemo } from '@parley/simulator/demo-data'

import { credentialsTable } from './credentials-table.ts'
import { endLeftovers, openDataFolder, type DataFolder } from './data-folder.ts'
import { hasDisplay } from './display.ts'
import { parseOptions, type StartOptions } from './options.ts'
import { ROOT } from './paths.ts'
import { requireFreePort } from './ports.ts'
import { killEverything, within } from './processes.ts'
import { startServerProcess, type ServerProcess } from './server-process.ts'
import { firstLine, StartError } from './start-error.ts'
import { followStory } from './story-feed.ts'
import { createStoryteller, duration } from './story.ts'
import { type FromDriver } from './workstation-messages.ts'
import { startWorkstation } from './workstation.ts'

/** So many conversations are told step by step. */
const TOLD_IN_FULL = 3
const SUMMARY_EVERY_MS = 60_000
/** However slow something is to end: after this it is killed. Nobody waits ten seconds for a demo to end. */
const STOP_TIMEOUT_MS = 8_000
/** A terminal, npm and whoever started us may each pass the same signal on: within this it is one. */
const ONE_SIGNAL_MS = 1_000
/** As people's telephones do. Milliseconds. */
const RECEIPTS_MS = { sent: 120, delivered: 450, read: 2_500 }
const COLLEAGUE_THINK_MS = [6_000, 20_000] as const

/** What has been started, and how each is ended; the last one first. */
type Undo = (() => Promise<unknown> | unknown)[]

/** Why it is to end, apart from a signal. */
class Ending {
  readonly #controller = new AbortController()
  failure: string | null = null

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** The first reason counts. */
  end(failure: string | null = null): void {
    if (this.signal.aborted) return
    this.failure = failure
    this.#controller.abort()
  }
}

async function main(): Promise<void> {
  const options = parseOptions(
    process.argv.slice(2),
    ROOT,
    process.env['INIT_CWD'] ?? process.cwd(),
  )
  if (options === 'help') {
    process.stdout.write(readFileSync(join(import.meta.dirname, '../help.txt'), 'utf8'))
    return
  }
  const ending = new Ending()
  endOnSignals(ending)
  endWithReader(ending)
  // Should a bug end us in the middle of something, nothing is left behind all the same.
  process.on('exit', killEverything)
  const undo: Undo = []
  try {
    await start(options, ending, undo)
    await new Promise<void>((resolve) => {
      if (ending.signal.aborted) resolve()
      else ending.signal.addEventListener('abort', () => resolve())
    })
  } catch (error) {
    // Asked to end while starting: what failed by that is no failure.
    if (!ending.signal.aborted) ending.end(oneLine(error))
  }
  await stopEverything(undo, ending.failure)
}

async function start(options: StartOptions, ending: Ending, undo: Undo): Promise<void> {
  const { signal: stopped } = ending
  const window = await chooseWindow(options)
  await requireFreePort(options.port, await endLeftovers(options.dataDir, say))
  const folder = await openDataFolder(options.dataDir, { reset: options.reset, onProgress: say })
  undo.push(() => folder.release())

  const connectionString = await startDatabase(options, folder, ending, undo)
  stopped.throwIfAborted()
  // The two need each other's address; the graph asks for the server's at each webhook.
  let server: ServerProcess | null = null
  const graph = options.demo ? await startGraph(() => server?.url ?? '') : null
  undo.push(() => graph?.api.stop())
  server = await startServerProcess({
    env: serverEnvironment(options, folder, connectionString, graph),
    logFile: folder.serverLog,
    stopped,
    onStarted: folder.note,
    onTrouble: (line) => say(`Server: ${line}`),
  })
  const running = server
  undo.push(() => running.stop())
  void running.ended.then(({ code, signal }) =>
    ending.end(`The server ended unexpectedly (${signal ?? code}); its log is ${folder.serverLog}`),
  )
  say(`The server listens on ${running.url}`)

  if (options.demo) {
    say(credentialsTable())
    tellStory(connectionString, undo)
  } else if (!(await hasPeople(connectionString))) {
    say('Nobody has an account yet. In another terminal:')
    say(
      `  PARLEY_DATA_DIR=${JSON.stringify(options.dataDir)} npm run create-admin -- --email ada@example.com --name "Ada Pérez"`,
    )
  }
  if (options.workstation)
    await openWorkstation(options, { folder, ending, undo, window, serverUrl: running.url })
  if (graph !== null)
    await bringToLife(options, { serverUrl: running.url, graph: graph.api, undo, stopped })
}

/** @throws StartError where a window is asked for and there is no display */
async function chooseWindow(options: StartOptions): Promise<boolean> {
  if (!options.workstation || options.window === 'never') return false
  if (await hasDisplay(process.env)) return true
  if (options.window === 'always') {
    throw new StartError(
      'There is no display for a window: DISPLAY or WAYLAND_DISPLAY must lead to one. Without --headed the workstation runs unseen',
    )
  }
  return false
}

async function startDatabase(
  options: StartOptions,
  folder: DataFolder,
  ending: Ending,
  undo: Undo,
): Promise<string> {
  const began = Date.now()
  const database = await startEmbeddedPostgres({
    dataDir: folder.postgres,
    onProgress: say,
    onUnexpectedExit: (error) => ending.end(error.message),
  })
  undo.push(() => database.stop())
  say(`Parley, with its data in ${options.dataDir}. Ctrl-C ends it`)
  await migrate(database.connectionString, { onProgress: say })
  say(`PostgreSQL ${database.version} is ready (${duration(Date.now() - began)})`)
  if (options.demo) {
    const { created, people, conversations } = await seedDemo(database.connectionString)
    say(
      created
        ? `Created the demo: ${people} people in three teams, ${conversations} conversations of the last month`
        : `Going on with ${people} people and ${conversations} conversations`,
    )
  }
  return database.connectionString
}

interface DemoGraph {
  api: FakeGraphApi
  appSecret: string
  accessToken: string
}

async function startGraph(serverUrl: () => string): Promise<DemoGraph> {
  const appSecret = randomBytes(16).toString('hex')
  const accessToken = randomBytes(16).toString('hex')
  const api = await startFakeGraphApi({
    business: DEMO_BUSINESS,
    accessToken,
    appSecret,
    webhookUrl: () => `${serverUrl()}/webhooks/whatsapp`,
    receiptsMs: RECEIPTS_MS,
  })
  return { api, appSecret, accessToken }
}

/** The demo's own settings win over whatever the shell has; without the demo the shell's channels are used. */
function serverEnvironment(
  options: StartOptions,
  folder: DataFolder,
  connectionString: string,
  graph: DemoGraph | null,
): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => graph === null || !/^(WHATSAPP|CHAT_APP)_|^PUBLIC_URL$/.test(name),
  )
  return {
    ...Object.fromEntries(inherited),
    DATABASE_URL: connectionString,
    PARLEY_DATA_DIR: options.dataDir,
    PARLEY_SECRET_KEY: folder.secretKey,
    HOST: '127.0.0.1',
    PORT: String(options.port),
    ...(graph === null
      ? {}
      : {
          WHATSAPP_GRAPH_URL: graph.api.url,
          WHATSAPP_APP_SECRET: graph.appSecret,
          WHATSAPP_VERIFY_TOKEN: randomBytes(16).toString('hex'),
          WHATSAPP_ACCESS_TOKEN: graph.accessToken,
          WHATSAPP_PHONE_NUMBER_ID: DEMO_BUSINESS.phoneNumberId,
        }),
  }
}

async function hasPeople(connectionString: string): Promise<boolean> {
  const pool = createPool(connectionString, { maxConnections: 1 })
  try {
    const { rows } = await pool.query('SELECT 1 FROM users LIMIT 1')
    return rows.length > 0
  } finally {
    await pool.end()
  }
}

function tellStory(connectionString: string, undo: Undo): void {
  const teller = createStoryteller(TOLD_IN_FULL)
  const feed = followStory(connectionString, {
    onFact: (fact) => teller.tell(fact).forEach(say),
    onProblem: say,
  })
  let before = ''
  const summaries = setInterval(() => {
    const summary = teller.summary(new Date())
    // The same as a minute ago, but for the time: silence says it as well.
    const words = summary.replace(/^\S+/, '')
    if (words !== before) say(summary)
    before = words
  }, SUMMARY_EVERY_MS)
  undo.push(() => {
    clearInterval(summaries)
    return feed.stop()
  })
}

interface WorkstationSurroundings {
  folder: DataFolder
  ending: Ending
  undo: Undo
  window: boolean
  serverUrl: string
}

async function openWorkstation(
  options: StartOptions,
  { folder, ending, undo, window, serverUrl }: WorkstationSurroundings,
): Promise<void> {
  const screenshot = window ? null : folder.screenshot
  const onMessage = (message: FromDriver): void => {
    if (message.type === 'ready' && message.signedIn)
      say(`The workstation is signed in as ${options.agentEmail}`)
    else if (message.type === 'ready') say('The workstation waits for somebody to sign in')
    else if (message.type === 'screenshot')
      say(`Its screen is in ${folder.screenshot}, renewed every two seconds`)
    else if (message.type === 'problem') say(`Workstation: ${message.problem}`)
    else if (message.type === 'closed') {
      say('The window was closed')
      ending.end()
    }
  }
  const workstation = await startWorkstation({
    userData: folder.workstationOf(options.demo ? options.agentEmail : 'own'),
    serverUrl,
    credentials: options.demo ? { email: options.agentEmail, password: DEMO_PASSWORD } : null,
    screenshot,
    seed: options.seed,
    onProgress: say,
    onStarted: folder.note,
    onMessage,
    stopped: ending.signal,
    logFile: folder.workstationLog,
  })
  undo.push(() => workstation.stop())
  void workstation.ended.then(({ code, signal }) =>
    ending.end(
      `The workstation ended unexpectedly (${signal ?? code}); its log is ${folder.workstationLog}`,
    ),
  )
  say(`The workstation starts on ${workstation.hostName}${window ? '' : ', without a window'}`)
}

interface LifeSurroundings {
  serverUrl: string
  graph: FakeGraphApi
  undo: Undo
  stopped: AbortSignal
}

/** Customers who write, and colleagues who answer, so that the one at the workstation is not alone. */
async function bringToLife(
  options: StartOptions,
  { serverUrl, graph, undo, stopped }: LifeSurroundings,
): Promise<void> {
  const agents: SimulatedAgent[] = []
  undo.push(() => Promise.all(agents.map((agent) => agent.stop())))
  for (const email of ANSWERING_COLLEAGUES) {
    // Nobody sits at two places.
    if (options.workstation && email === options.agentEmail) continue
    stopped.throwIfAborted()
    try {
      agents.push(
        await startAgent({
          serverUrl,
          email,
          password: DEMO_PASSWORD,
          seed: options.seed,
          thinkMs: COLLEAGUE_THINK_MS,
          onProblem: say,
        }),
      )
    } catch (error) {
      if (!(error instanceof AgentFailure)) throw error
      say(`${email} does not join in: ${error.error.code}`)
    }
  }
  const customers = startCustomers({
    graph,
    business: DEMO_BUSINESS,
    customers: options.customers,
    ratePerSecond: options.ratePerSecond,
    seed: options.seed,
  })
  undo.push(() => customers.stop())
  say(
    `${options.customers} customers write now and then; ${agents.map(({ fullName }) => fullName).join(', ')} answer theirs`,
  )
}

async function stopEverything(undo: Undo, failure: string | null): Promise<void> {
  const began = Date.now()
  if (failure !== null) process.stderr.write(`${failure}\n`)
  else if (undo.length > 0) say('Stopping')
  const inTime = await within(undoAll(undo), STOP_TIMEOUT_MS)
  killEverything()
  if (!inTime) say(`Not everything ended within ${duration(STOP_TIMEOUT_MS)}; the rest was killed`)
  else if (failure === null)
    say(`Stopped after ${duration(Date.now() - began)}; the next start goes on with the same data`)
  process.exit(failure === null ? 0 : 1)
}

async function undoAll(undo: Undo): Promise<void> {
  for (const step of undo.splice(0).toReversed()) {
    try {
      await step()
    } catch (error) {
      // The others are to be ended all the same.
      say(`While stopping: ${firstLine(error)}`)
    }
  }
}

/** The first signal ends everything in order, the next that is meant as another one at once. */
function endOnSignals(ending: Ending): void {
  let firstAtMs: number | null = null
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      firstAtMs ??= performance.now()
      ending.end()
      if (performance.now() - firstAtMs < ONE_SIGNAL_MS) return
      killEverything()
      process.exit(130)
    })
  }
  // Whoever started us is gone, in whatever way.
  process.on('disconnect', () => ending.end())
  // Undefined: nobody has a channel to us.
  if ((process.connected as boolean | undefined) === false) ending.end()
}

/** Nobody reads any more (`npm start | head`): that ends it like a Ctrl-C, and not in the middle of a line. */
function endWithReader(ending: Ending): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => ending.end())
}

/** What the person can mend is one clear line; a bug shows where it is. */
function oneLine(error: unknown): string {
  if (
    error instanceof StartError ||
    error instanceof DatabaseError ||
    error instanceof DemoDataError
  )
    return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

await main().catch((error: unknown) => {
  process.stderr.write(`${oneLine(error)}\n`)
  process.exitCode = 1
})
