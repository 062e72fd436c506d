import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

import { DEMO_AGENT_EMAIL, DEMO_PEOPLE } from '@parley/simulator/demo-data'

import { StartError } from './start-error.ts'

export interface StartOptions {
  port: number
  /** Absolute. */
  dataDir: string
  workstation: boolean
  demo: boolean
  /** A window: where there is a display, never, or else it is an error. */
  window: 'if_possible' | 'never' | 'always'
  agentEmail: string
  customers: number
  ratePerSecond: number
  seed: string
  reset: boolean
}

const OPTIONS = {
  port: { type: 'string' },
  'data-dir': { type: 'string' },
  'server-only': { type: 'boolean' },
  'no-demo': { type: 'boolean' },
  headless: { type: 'boolean' },
  headed: { type: 'boolean' },
  agent: { type: 'string' },
  customers: { type: 'string' },
  rate: { type: 'string' },
  seed: { type: 'string' },
  reset: { type: 'boolean' },
  yes: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Every option's name, for the test that help.txt tells of all of them. */
export const OPTION_NAMES = Object.keys(OPTIONS)

/**
 * @param root what a relative data folder is relative to where none is given: the checkout
 * @param cwd what one that is given is relative to: where the person is
 * @throws StartError
 */
export function parseOptions(
  args: readonly string[],
  root: string,
  cwd: string,
): StartOptions | 'help' {
  const values = readArguments(args)
  if (values.help === true) return 'help'
  if (values.headed === true && values.headless === true)
    throw new StartError('--headed and --headless contradict each other')
  if (values['server-only'] === true && values.headed === true)
    throw new StartError('--server-only has no window to show: leave out --headed')
  const dataDir =
    values['data-dir'] === undefined
      ? resolve(root, '.parley/data')
      : resolve(cwd, values['data-dir'])
  if (values['data-dir'] === '') throw new StartError('--data-dir needs a folder')
  if (values.reset === true && values.yes !== true) {
    throw new StartError(`--reset deletes everything in ${dataDir}: add --yes if you mean it`)
  }
  return {
    port: wholeNumber('--port', values.port ?? '4000', 0, 65_535),
    dataDir,
    workstation: values['server-only'] !== true,
    demo: values['no-demo'] !== true,
    window: values.headed === true ? 'always' : values.headless === true ? 'never' : 'if_possible',
    agentEmail: knownAgent(values.agent ?? DEMO_AGENT_EMAIL),
    customers: wholeNumber('--customers', values.customers ?? '12', 1, 10_000),
    ratePerSecond: positiveNumber('--rate', values.rate ?? '0.25', 200),
    seed: values.seed ?? String(Date.now()),
    reset: values.reset === true,
  }
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values
  } catch (error) {
    // Node's message goes on about positional arguments; its first sentence says it.
    throw new StartError(
      `${(error as Error).message.split(/\.?(?:\n|\. |$)/)[0]}. npm start -- --help lists the options`,
    )
  }
}

function wholeNumber(name: string, text: string, from: number, to: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN
  if (!(value >= from && value <= to))
    throw new StartError(`${name} must be a whole number from ${from} to ${to}, not "${text}"`)
  return value
}

function positiveNumber(name: string, text: string, to: number): number {
  const value = /^\d*\.?\d+$/.test(text) ? Number(text) : NaN
  if (!(value > 0 && value <= to))
    throw new StartError(`${name} must be a number above 0, at most ${to}, not "${text}"`)
  return value
}

function knownAgent(email: string): string {
  const wanted = email.toLowerCase()
  if (DEMO_PEOPLE.some((person) => person.email === wanted)) return wanted
  throw new StartError(
    `--agent: the demo has nobody with the address "${email}"; for example ${DEMO_AGENT_EMAIL}`,
  )
}
