import { z } from 'zod'

import { parseJson, readIfThere } from './atomic-file.ts'
import type { Log } from './log.ts'

/**
 * What IT has decided for every person of this machine. A JSON file where only administrators may write:
 *
 * | system | file |
 * |---|---|
 * | Linux | `/etc/parley/policy.json` |
 * | macOS | `/Library/Application Support/Parley/policy.json` |
 * | Windows | `C:\Program Files\Parley Policy\policy.json`; not ProgramData, where everybody may create files |
 *
 * `PARLEY_SERVER_URL` fixes the server where the file does not: the file wins.
 */
export interface Policy {
  /** The only server that this workstation may use; null: the person chooses. */
  serverUrl: string | null
  /** What a notification may show: nothing, the customer's name, or all that a notice carries. */
  notificationContent: 'none' | 'name' | 'full'
  /** Whether servers may be reached without encryption. */
  allowsHttp: boolean
  /** A device that has not reached its server for so long forgets what it holds. */
  leaseHours: number
}

const serverUrl = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .transform((url) => url.replace(/\/+$/, ''))

const SETTINGS = {
  serverUrl,
  notificationContent: z.enum(['none', 'name', 'full']),
  allowsHttp: z.boolean(),
  leaseHours: z.int().min(1).max(720),
} as const satisfies Record<keyof Policy, z.ZodType>

const DEFAULTS: Policy = {
  serverUrl: null,
  notificationContent: 'name',
  allowsHttp: false,
  leaseHours: 72,
}

/** Said in full: an environment is the person's own, who would choose their policy by it. */
export function policyPath(platform: NodeJS.Platform): string {
  if (platform === 'win32') return 'C:\\Program Files\\Parley Policy\\policy.json'
  if (platform === 'darwin') return '/Library/Application Support/Parley/policy.json'
  return '/etc/parley/policy.json'
}

/**
 * Reads the policy. What is malformed is named in the log and its default holds, setting by setting: one
 * mistyped line must not undo the others, nor keep a shift from working.
 */
export function readPolicy(file: string, env: NodeJS.ProcessEnv, log: Log): Policy {
  const policy = { ...DEFAULTS, ...readServerUrl(env, log) }
  const text = readPolicyText(file, log)
  if (text === null) return policy
  const parsed = parseJson(text, z.record(z.string(), z.unknown()))
  if (!parsed.ok) {
    log.error(`the policy ${file} is ignored: ${parsed.problem}`)
    return policy
  }
  return { ...policy, ...readSettings(parsed.value, file, log) }
}

function readSettings(given: Record<string, unknown>, file: string, log: Log): Partial<Policy> {
  const settings: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(SETTINGS, name)) {
      log.warn(`the policy ${file} has a setting that this version does not know: ${name}`)
      continue
    }
    const parsed = SETTINGS[name as keyof Policy].safeParse(value)
    if (parsed.success) settings[name] = parsed.data
    else log.error(`the policy ${file} is ignored in ${name}: ${parsed.error.issues[0]?.message}`)
  }
  return settings
}

function readPolicyText(file: string, log: Log): string | null {
  try {
    return readIfThere(file)
  } catch (error) {
    log.error(`the policy ${file} cannot be read and is ignored`, error)
    return null
  }
}

function readServerUrl(env: NodeJS.ProcessEnv, log: Log): Partial<Policy> {
  const given = env['PARLEY_SERVER_URL']
  if (given === undefined || given === '') return {}
  const parsed = serverUrl.safeParse(given)
  if (parsed.success) return { serverUrl: parsed.data }
  log.error('PARLEY_SERVER_URL is ignored: it is not an http or https address')
  return {}
}
