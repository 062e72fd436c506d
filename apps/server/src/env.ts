import { findCalendarProblems } from '@parley/domain'
import { z } from 'zod'

import { isAddressOrNetwork } from './platform/network-addresses.ts'

/**
 * The server's configuration. Names, meaning and defaults are documented in docs/configuration.md;
 * `main.ts` is the only reader.
 */

/** The first is used, those after it are still understood. */
const secretKeys = z
  .string()
  .refine((text) => text.split(',').every((key) => Buffer.from(key, 'base64').length === 32), {
    message:
      'must be 32 bytes in base64 (make one with: openssl rand -base64 32), or several with commas between',
  })
const httpUrl = z.url({ protocol: /^https?$/, message: 'must be an http or https URL' })
const timeZone = z
  .string()
  .refine(
    (name) => findCalendarProblems({ timeZone: name, windows: [], holidays: [] }).length === 0,
    { message: 'must be an IANA time zone, such as America/Mexico_City' },
  )
/** Several secrets, separated by commas, are all accepted while they are being rotated. */
const secretList = z
  .string()
  .transform((text) => text.split(',').map((secret) => secret.trim()))
  .pipe(z.array(z.string().min(8, 'each secret must have at least 8 characters')).min(1))

const port = z.coerce.number({ error: 'must be a port number' }).int().min(0).max(65535)

const addressList = z
  .string()
  .transform((text) => text.split(',').map((address) => address.trim()))
  .refine((addresses) => addresses.every(isAddressOrNetwork), {
    message: 'must be addresses or networks, such as 10.0.0.0/8, separated by commas',
  })

const schema = z
  .object({
    DATABASE_URL: z
      .url({ protocol: /^postgres(ql)?$/, message: 'must be a postgres:// URL', abort: true })
      .refine(saysWhetherEncrypted, {
        message:
          'must say sslmode: verify-full, or disable where the network to that host is yours alone',
      })
      .optional(),
    HOST: z.string().min(1).default('127.0.0.1'),
    PORT: port.default(4000),
    TLS_CERT_FILE: z.string().min(1).optional(),
    TLS_KEY_FILE: z.string().min(1).optional(),
    METRICS_HOST: z.string().min(1).default('127.0.0.1'),
    METRICS_PORT: port.optional(),
    PUBLIC_URL: httpUrl.optional(),
    TRUSTED_PROXIES: addressList.default([]),
    PARLEY_DATA_DIR: z.string().min(1).default('.parley/data'),
    PARLEY_SECRET_KEY: secretKeys.optional(),
    PARLEY_DICTIONARIES_DIR: z.string().min(1).optional(),
    WHATSAPP_APP_SECRET: secretList.optional(),
    WHATSAPP_VERIFY_TOKEN: z.string().min(8).optional(),
    WHATSAPP_ACCESS_TOKEN: z.string().min(1).optional(),
    WHATSAPP_PHONE_NUMBER_ID: z.string().regex(/^\d+$/, 'must be digits').optional(),
    WHATSAPP_GRAPH_URL: httpUrl.default('https://graph.facebook.com/v24.0'),
    CHAT_APP_SECRET: secretList.optional(),
    CHAT_APP_URL: httpUrl.optional(),
    REPORTING_TIME_ZONE: timeZone.default('America/Mexico_City'),
    LOG_LEVEL: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
      .default('info'),
  })
  .superRefine((env, context) => {
    if (env.DATABASE_URL !== undefined && env.PARLEY_SECRET_KEY === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['PARLEY_SECRET_KEY'],
        message: 'is required with DATABASE_URL; it is generated only for the embedded database',
      })
    }
    const whatsapp = [
      'WHATSAPP_APP_SECRET',
      'WHATSAPP_VERIFY_TOKEN',
      'WHATSAPP_ACCESS_TOKEN',
      'WHATSAPP_PHONE_NUMBER_ID',
    ] as const
    requireTogether(env, whatsapp, context)
    requireTogether(env, ['CHAT_APP_SECRET', 'CHAT_APP_URL'] as const, context)
    requireTogether(env, ['TLS_CERT_FILE', 'TLS_KEY_FILE'] as const, context)
  })

/** Customers' words cross a network in clear only where somebody has said that they may. */
function saysWhetherEncrypted(databaseUrl: string): boolean {
  const { hostname, searchParams } = new URL(databaseUrl)
  const host = searchParams.get('host') ?? decodeURIComponent(hostname)
  const isHere = /^(|localhost|127(\.\d+){3}|\[::1\]|\/.*)$/.test(host)
  return isHere || searchParams.has('sslmode')
}

function requireTogether<Name extends string>(
  env: Partial<Record<Name, unknown>>,
  names: readonly Name[],
  context: z.RefinementCtx,
): void {
  const present = names.filter((name) => env[name] !== undefined)
  if (present.length === 0) return
  for (const name of names) {
    if (env[name] === undefined) {
      context.addIssue({
        code: 'custom',
        path: [name],
        message: `is required together with ${present.join(', ')}`,
      })
    }
  }
}

export type Env = z.infer<typeof schema>

/** The environment is not usable. The message names every variable and what is wrong, never a value. */
export class ConfigurationError extends Error {
  override name = 'ConfigurationError'
}

/** @throws ConfigurationError in one line. An empty variable counts as absent. */
export function readEnv(source: Record<string, string | undefined>): Env {
  const present = Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value !== ''),
  )
  const parsed = schema.safeParse(present)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)
  throw new ConfigurationError(`Configuration: ${problems.join('; ')}`)
}
