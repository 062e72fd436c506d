import { parseArgs } from 'node:util'

import { DEMO_BUSINESS, DEMO_PASSWORD, DEMO_PEOPLE } from '../demo-data.ts'

/** The options cannot be used. One line for the person. */
export class OptionsError extends Error {
  override name = 'OptionsError'
}

export interface SimulateOptions {
  serverUrl: string
  customers: number
  ratePerSecond: number
  /** Null: until interrupted. */
  durationSeconds: number | null
  graphPort: number
  appSecret: string
  phoneNumberId: string
  accessToken: string
  seed: string
  /** Who answers by themselves; empty: nobody. */
  agents: string[]
  password: string
}

export const SIMULATE_HELP = `Usage: npm run simulate -- [options]

Customers who write to a Parley server's WhatsApp webhook and answer what they receive, with a fake Graph API
for the server to send through. The server must be started with the same WHATSAPP_… values; they are printed.

  --server URL            the server (default http://127.0.0.1:4000)
  --customers N           how many customers there are (default 20)
  --rate R                new messages a second, of all together (default 1)
  --duration S            stop after so many seconds (default: at Ctrl-C)
  --graph-port P          port of the fake Graph API on 127.0.0.1 (default 4400)
  --app-secret TEXT       signs webhooks (default WHATSAPP_APP_SECRET, the first of several)
  --phone-number-id ID    the business's number (default WHATSAPP_PHONE_NUMBER_ID)
  --access-token TEXT     what the server must present (default WHATSAPP_ACCESS_TOKEN)
  --seed TEXT             the same seed, the same customers and topics (default: the time)
  --auto-answer           three of the demo's agents sign in and answer
  --agent EMAIL           somebody else who signs in and answers; may be repeated
  --password TEXT         the agents' password (default: the demo's)
  --help                  this text
`

const DEFAULT_APP_SECRET = 'parley-simulator-app-secret'
const DEFAULT_ACCESS_TOKEN = 'parley-simulator-access-token'
/** One of each team, besides the one whose workstation the demo opens. */
export const ANSWERING_COLLEAGUES = ['joaquin.beltran', 'iker.salgado', 'renata.cardenas'].map(
  (name) => {
    const person = DEMO_PEOPLE.find(({ email }) => email.startsWith(`${name}@`))
    if (person === undefined) throw new Error(`the demo has no ${name}`)
    return person.email
  },
)

/**
 * @returns 'help' where it was asked for
 * @throws OptionsError
 */
export function parseSimulateOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): SimulateOptions | 'help' {
  const values = readArguments(args)
  if (values.help === true) return 'help'
  return {
    serverUrl: httpUrl(values.server ?? 'http://127.0.0.1:4000'),
    customers: wholeNumber('--customers', values.customers ?? '20', 1, 100_000),
    ratePerSecond: positiveNumber('--rate', values.rate ?? '1', 1000),
    durationSeconds:
      values.duration === undefined ? null : positiveNumber('--duration', values.duration, 864_000),
    graphPort: wholeNumber('--graph-port', values['graph-port'] ?? '4400', 0, 65_535),
    appSecret: given(
      values['app-secret'],
      env['WHATSAPP_APP_SECRET']?.split(',')[0]?.trim(),
      DEFAULT_APP_SECRET,
    ),
    phoneNumberId: digits(
      given(
        values['phone-number-id'],
        env['WHATSAPP_PHONE_NUMBER_ID'],
        DEMO_BUSINESS.phoneNumberId,
      ),
    ),
    accessToken: given(values['access-token'], env['WHATSAPP_ACCESS_TOKEN'], DEFAULT_ACCESS_TOKEN),
    seed: values.seed ?? String(Date.now()),
    agents: [
      ...(values['auto-answer'] === true ? ANSWERING_COLLEAGUES : []),
      ...(values.agent ?? []),
    ],
    password: values.password ?? DEMO_PASSWORD,
  }
}

function readArguments(args: readonly string[]) {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args: [...args],
      options: {
        server: text,
        customers: text,
        rate: text,
        duration: text,
        'graph-port': text,
        'app-secret': text,
        'phone-number-id': text,
        'access-token': text,
        seed: text,
        'auto-answer': { type: 'boolean' },
        agent: { type: 'string', multiple: true },
        password: text,
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    // Node's message goes on about how to pass such an argument as a positional; the first sentence says it.
    throw new OptionsError(
      `${(error as Error).message.split(/\.?(?:\n|\. |$)/)[0]}. --help lists the options`,
    )
  }
}

function given(...candidates: (string | undefined)[]): string {
  return candidates.find((candidate) => candidate !== undefined && candidate !== '') ?? ''
}

function httpUrl(text: string): string {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new OptionsError(`--server must be an http or https URL, not "${text}"`)
  return text.replace(/\/$/, '')
}

function wholeNumber(name: string, text: string, from: number, to: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN
  if (!(value >= from && value <= to))
    throw new OptionsError(`${name} must be a whole number from ${from} to ${to}, not "${text}"`)
  return value
}

function positiveNumber(name: string, text: string, to: number): number {
  const value = /^\d*\.?\d+$/.test(text) ? Number(text) : NaN
  if (!(value > 0 && value <= to))
    throw new OptionsError(`${name} must be a number above 0, at most ${to}, not "${text}"`)
  return value
}

function digits(text: string): string {
  if (!/^\d+$/.test(text)) throw new OptionsError(`--phone-number-id must be digits, not "${text}"`)
  return text
}
