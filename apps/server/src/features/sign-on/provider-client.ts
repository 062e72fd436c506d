import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose'
import * as openid from 'openid-client'

import { type Clock } from '../../platform/clock.ts'
import { type KnownProvider } from './providers.ts'

/** How long what a provider says of itself is believed; its keys are read again by themselves where one is unknown. */
const BELIEVED_MS = 60 * 60_000
/** Whoever waits sits before a browser. */
const TIMEOUT_SECONDS = 10
/** Of an answer: a token with hundreds of groups is some tens of kilobytes. */
const LONGEST_ANSWER_BYTES = 1024 * 1024
/** Two machines' clocks, both kept. */
const CLOCK_TOLERANCE_SECONDS = 60
/** More than there will ever be, and a bound all the same. */
const MOST_KEPT = 50

export type ProviderClients = ReturnType<typeof createProviderClients>

/** A provider as it says of itself. */
export interface ProviderClient {
  config: openid.Configuration
  /** For what comes unasked; they are read again by themselves where one is unknown, twice a minute at most. */
  keys: JWTVerifyGetKey
}

/** What providers say of themselves, read once an hour and again when their settings change. */
export function createProviderClients(clock: Clock) {
  const kept = new Map<string, { client: Promise<ProviderClient>; untilMs: number }>()

  return {
    /** @throws whatever kept the provider from being reached, or is wrong with what it says */
    of(provider: KnownProvider): Promise<ProviderClient> {
      const key = `${provider.id} ${provider.version}`
      const nowMs = performance.now()
      const known = kept.get(key)
      if (known !== undefined && known.untilMs > nowMs) return known.client
      if (kept.size >= MOST_KEPT) kept.clear()
      const client = readProvider(provider, clock)
      kept.set(key, { client, untilMs: nowMs + BELIEVED_MS })
      // Who fails is asked again by whoever comes next.
      client.catch(() => kept.get(key)?.client === client && kept.delete(key))
      return client
    },

    /** Something it says did not hold: it may have changed what it says of itself. */
    forget({ id }: Pick<KnownProvider, 'id'>): void {
      for (const key of kept.keys()) if (key.startsWith(`${id} `)) kept.delete(key)
    },
  }
}

/** @throws also where it does not say all that we need of it */
export async function readProvider(
  provider: Pick<KnownProvider, 'issuer' | 'clientId' | 'clientSecret'>,
  clock: Clock,
): Promise<ProviderClient> {
  const config = await discover(provider, clock)
  const { authorization_endpoint: door = '', jwks_uri: keys = '' } = config.serverMetadata()
  const isPlain = isOfThisMachine(provider.issuer)
  for (const address of [door, keys]) {
    const protocol = URL.parse(address)?.protocol
    if (protocol === 'https:' || (protocol === 'http:' && isPlain)) continue
    throw new openid.ClientError('an address is missing, or is not encrypted')
  }
  return { config, keys: keysOf(new URL(keys)) }
}

function keysOf(address: URL): JWTVerifyGetKey {
  return createRemoteJWKSet(address, {
    timeoutDuration: TIMEOUT_SECONDS * 1000,
    [customFetch]: (url, options) => fetchBounded(url, options),
  })
}

function discover(
  { issuer, clientId, clientSecret }: Pick<KnownProvider, 'issuer' | 'clientId' | 'clientSecret'>,
  clock: Clock,
): Promise<openid.Configuration> {
  const isPlain = isOfThisMachine(issuer)
  return openid.discovery(
    new URL(issuer),
    clientId,
    {
      // By our clock, which is the database's, and not by this host's.
      [openid.clockSkew]: Math.round((clock.now().getTime() - Date.now()) / 1000),
      [openid.clockTolerance]: CLOCK_TOLERANCE_SECONDS,
    },
    (server, ...rest) => {
      const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
      return authenticationBy(clientSecret, methods)(server, ...rest)
    },
    {
      timeout: TIMEOUT_SECONDS,
      [openid.customFetch]: fetchBounded,
      execute: [
        // Tokens that come straight from the provider are checked like those that come by a browser.
        openid.enableNonRepudiationChecks,
        ...(isPlain ? [openid.allowInsecureRequests] : []),
      ],
    },
  )
}

function authenticationBy(secret: string | null, methods: readonly string[]): openid.ClientAuth {
  if (secret === null) return openid.None()
  return methods.includes('client_secret_post')
    ? openid.ClientSecretPost(secret)
    : openid.ClientSecretBasic(secret)
}

/** As of a workstation's server: only a provider on this machine, as in tests, needs no encryption. */
function isOfThisMachine(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'http:' && (hostname === 'localhost' || hostname === '127.0.0.1')
}

/** Neither a redirect is followed, which the library sees to, nor more read than an answer has. */
async function fetchBounded(url: string, options: object): Promise<Response> {
  const response = await fetch(url, { ...options, redirect: 'manual' })
  if (response.body === null) return response
  let left = LONGEST_ANSWER_BYTES
  const bounded = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        left -= chunk.byteLength
        if (left < 0) controller.error(new Error('the answer is too long'))
        else controller.enqueue(chunk)
      },
    }),
  )
  const { status, statusText, headers } = response
  return new Response(bounded, { status, statusText, headers })
}
