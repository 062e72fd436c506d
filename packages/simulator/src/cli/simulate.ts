import { setTimeout as sleep } from 'node:timers/promises'

import { AgentFailure } from '../agent-session.ts'
import { startAgent, type SimulatedAgent } from '../agents.ts'
import { EAGER_PACE, startCustomers, type Customers } from '../customers.ts'
import { startFakeGraphApi, type FakeGraphApi } from '../graph-api.ts'
import { type BusinessNumber } from '../payloads.ts'
import { createWebhookSender, type WebhookSender } from '../webhook-sender.ts'
import {
  OptionsError,
  parseSimulateOptions,
  SIMULATE_HELP,
  type SimulateOptions,
} from './simulate-options.ts'

/** How long a stop waits for webhooks under way. */
const FINISH_TIMEOUT_MS = 5_000

async function main(): Promise<void> {
  const options = parseSimulateOptions(process.argv.slice(2), process.env)
  if (options === 'help') {
    process.stdout.write(SIMULATE_HELP)
    return
  }
  const stopping = stopOnSignals()
  const business = { phoneNumberId: options.phoneNumberId, displayPhoneNumber: '525501008800' }
  const webhookUrl = (): string => `${options.serverUrl}/webhooks/whatsapp`
  const graph = await startGraph(options, business, webhookUrl)
  const messages = createWebhookSender({ url: webhookUrl, appSecret: options.appSecret })
  try {
    say(serverSettings(options, graph.url))
    await waitForServer(options, messages, stopping)
    const agents = await startAgents(options)
    const customers = startCustomers({
      graph: { onMessage: graph.onMessage, webhooks: messages },
      business,
      customers: options.customers,
      ratePerSecond: options.ratePerSecond,
      seed: options.seed,
      pace: EAGER_PACE,
    })
    say(
      `${options.customers} customers write ${options.ratePerSecond} messages a second to ${options.serverUrl}; seed ${options.seed}`,
    )
    await report(options, { customers, messages, graph, agents }, stopping)
    customers.stop()
    await finish(messages, graph)
    await Promise.all(agents.map((agent) => agent.stop()))
    summarise({ customers, messages, graph, agents })
  } finally {
    messages.stop()
    await graph.stop()
  }
}

interface Parts {
  customers: Customers
  messages: WebhookSender
  graph: FakeGraphApi
  agents: SimulatedAgent[]
}

async function startGraph(
  options: SimulateOptions,
  business: BusinessNumber,
  webhookUrl: () => string,
): Promise<FakeGraphApi> {
  try {
    return await startFakeGraphApi({
      business,
      accessToken: options.accessToken,
      appSecret: options.appSecret,
      webhookUrl,
      port: options.graphPort,
    })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new OptionsError(
      `Port ${options.graphPort} is in use: stop what uses it or choose another with --graph-port`,
    )
  }
}

function serverSettings(options: SimulateOptions, graphUrl: string): string {
  return [
    'The server must run with:',
    `  WHATSAPP_GRAPH_URL=${graphUrl}`,
    `  WHATSAPP_PHONE_NUMBER_ID=${options.phoneNumberId}`,
    `  WHATSAPP_ACCESS_TOKEN=${options.accessToken}`,
    `  WHATSAPP_APP_SECRET=${options.appSecret}`,
    '  WHATSAPP_VERIFY_TOKEN=any-eight-characters',
  ].join('\n')
}

/** Asks with an empty webhook, which changes nothing, and says what is missing. Waits for a server that is down. */
async function waitForServer(
  options: SimulateOptions,
  messages: WebhookSender,
  stopping: AbortSignal,
): Promise<void> {
  let told = false
  while (!stopping.aborted) {
    const status = await messages
      .post({ object: 'whatsapp_business_account', entry: [] })
      .catch(() => null)
    if (status === 200) return
    if (status === 401)
      throw new OptionsError(
        `${options.serverUrl} does not accept this app secret: start it with the WHATSAPP_APP_SECRET above`,
      )
    if (status === 404)
      throw new OptionsError(
        `${options.serverUrl} has no WhatsApp channel: start it with the WHATSAPP_… values above`,
      )
    if (!told)
      say(
        status === null
          ? `Waiting for a server at ${options.serverUrl}`
          : `${options.serverUrl} answered ${status}; trying again`,
      )
    told = true
    await sleep(1000, undefined, { signal: stopping }).catch(() => {})
  }
}

async function startAgents(options: SimulateOptions): Promise<SimulatedAgent[]> {
  const agents: SimulatedAgent[] = []
  for (const email of options.agents) {
    try {
      agents.push(
        await startAgent({
          serverUrl: options.serverUrl,
          email,
          password: options.password,
          seed: options.seed,
          thinkMs: [300, 1500],
          onProblem: say,
        }),
      )
    } catch (error) {
      await Promise.all(agents.map((agent) => agent.stop()))
      if (error instanceof AgentFailure)
        throw new OptionsError(
          `${email} cannot sign in (${error.error.code}): is the password right, and is the demo's data there?`,
        )
      throw error
    }
  }
  return agents
}

async function report(
  options: SimulateOptions,
  parts: Parts,
  stopping: AbortSignal,
): Promise<void> {
  const endsAtMs =
    options.durationSeconds === null ? Infinity : Date.now() + options.durationSeconds * 1000
  let before = 0
  while (!stopping.aborted && Date.now() < endsAtMs) {
    await sleep(Math.min(1000, endsAtMs - Date.now()), undefined, { signal: stopping }).catch(
      () => {},
    )
    const { written, waiting } = parts.customers
    const failure = parts.messages.lastFailure
    say(
      [
        new Date().toTimeString().slice(0, 8),
        `sent ${written} (+${written - before})`,
        `accepted ${parts.messages.accepted}`,
        `replies ${parts.graph.accepted.length}`,
        `receipts ${parts.graph.webhooks.accepted}`,
        `waiting ${waiting}`,
        ...(failure === null ? [] : [`server: ${failure}`]),
      ].join('  '),
    )
    before = written
  }
}

async function finish(messages: WebhookSender, graph: FakeGraphApi): Promise<void> {
  const deadline = Date.now() + FINISH_TIMEOUT_MS
  while (messages.pending + graph.webhooks.pending > 0 && Date.now() < deadline) await sleep(50)
}

function summarise({ customers, messages, graph, agents }: Parts): void {
  const answered = agents.reduce((sum, agent) => sum + agent.answered, 0)
  say(
    `Done: ${customers.written} messages sent, ${messages.accepted} accepted, ${graph.accepted.length} replies received, ` +
      `${graph.webhooks.accepted} of ${graph.webhooks.begun} receipts accepted` +
      (agents.length === 0 ? '' : `, ${answered} answers by our own agents`),
  )
  const lost = messages.begun - messages.accepted
  if (lost > 0) {
    say(
      `${lost} messages were never accepted${messages.lastFailure === null ? '' : ` (server: ${messages.lastFailure})`}`,
    )
    process.exitCode = 1
  }
}

/** The first signal ends it in order, the second at once. */
function stopOnSignals(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(130)
      controller.abort()
    })
  }
  return controller.signal
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

main().catch((error: unknown) => {
  process.exitCode = 1
  if (error instanceof OptionsError) process.stderr.write(`${error.message}\n`)
  else throw error
})
