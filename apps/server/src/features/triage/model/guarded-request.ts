import { lookup as resolveName, type LookupAddress } from 'node:dns'
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/**
 * Requests to addresses that people configure. The name is resolved once, the addresses are checked, and the
 * connection goes to one of just these, so nothing can point elsewhere between the check and the call. Redirects
 * are never followed.
 */

export type RequestProblem =
  | 'refused_address'
  | 'redirected'
  | 'unreachable'
  | 'time_limit'
  | 'answer_too_large'

export class RequestFailed extends Error {
  override name = 'RequestFailed'
  readonly problem: RequestProblem
  readonly status: number | null

  constructor(problem: RequestProblem, detail: string, status: number | null = null) {
    super(detail)
    this.problem = problem
    this.status = status
  }
}

/** An address that is not out on the internet, and that nobody allowed. */
class RefusedAddress extends Error {
  override name = 'RefusedAddress'
}

/** A kept connection was closed by the other side just now: nobody's failure, another one is opened. */
class ConnectionWasGone extends Error {
  override name = 'ConnectionWasGone'
}

/** Connections of one configured endpoint; they are kept open between calls. */
export interface GuardedEndpoint {
  /**
   * @param timeLimitMs whole milliseconds, for everything from resolving the name to the answer's end
   * @throws RequestFailed for everything but an answer with a status that is no redirect
   */
  post(
    path: string,
    headers: Record<string, string>,
    body: string,
    timeLimitMs: number,
  ): Promise<{
    status: number
    body: string
  }>
  close(): void
}

const MAXIMUM_ANSWER_BYTES = 256 * 1024
const MAXIMUM_SOCKETS = 64

/** @param baseUrl http or https; the path of a call is added to its own */
export function openGuardedEndpoint(
  baseUrl: string,
  options: { allowPrivateAddress: boolean },
): GuardedEndpoint {
  const base = new URL(baseUrl)
  const isSecure = base.protocol === 'https:'
  const agentOptions = {
    keepAlive: true,
    maxSockets: MAXIMUM_SOCKETS,
    lookup: guardedLookup(options.allowPrivateAddress),
  }
  const agent = isSecure ? new https.Agent(agentOptions) : new http.Agent(agentOptions)
  const host = base.hostname.replace(/^\[|\]$/g, '')

  function sendOnce(
    path: string,
    headers: Record<string, string>,
    body: string,
    signal: AbortSignal,
  ): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const url = new URL(base)
      url.pathname = `${base.pathname.replace(/\/$/, '')}${path}`
      const request = (isSecure ? https : http).request(url, {
        method: 'POST',
        agent,
        signal,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      })
      request.on('error', (error: NodeJS.ErrnoException) => {
        const wasGone = request.reusedSocket && error.code === 'ECONNRESET'
        reject(wasGone ? new ConnectionWasGone(error.message) : error)
      })
      request.on('response', (response) => resolve(readAnswer(response)))
      request.end(body)
    })
  }

  async function send(...request: Parameters<typeof sendOnce>): ReturnType<typeof sendOnce> {
    for (;;) {
      try {
        return await sendOnce(...request)
      } catch (error) {
        if (!(error instanceof ConnectionWasGone)) throw error
      }
    }
  }

  return {
    async post(path, headers, body, timeLimitMs) {
      // No name is asked for where the host is an address already.
      if (isIP(host) !== 0 && isRefused(host, options.allowPrivateAddress)) {
        throw new RequestFailed('refused_address', `${host} is a private address`)
      }
      const signal = AbortSignal.timeout(timeLimitMs)
      try {
        return await send(path, headers, body, signal)
      } catch (error) {
        throw asRequestFailed(error, signal)
      }
    },
    close: () => agent.destroy(),
  }
}

async function readAnswer(response: IncomingMessage): Promise<{ status: number; body: string }> {
  const status = response.statusCode ?? 0
  if (status >= 300 && status < 400) {
    response.destroy()
    throw new RequestFailed('redirected', `answered ${status}`, status)
  }
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > MAXIMUM_ANSWER_BYTES) {
      throw new RequestFailed('answer_too_large', `more than ${MAXIMUM_ANSWER_BYTES} bytes`, status)
    }
    parts.push(part)
  }
  return { status, body: Buffer.concat(parts).toString('utf8') }
}

function asRequestFailed(error: unknown, signal: AbortSignal): RequestFailed {
  if (error instanceof RequestFailed) return error
  if (error instanceof RefusedAddress) return new RequestFailed('refused_address', error.message)
  if (signal.aborted) return new RequestFailed('time_limit', 'no answer in time')
  const { code, message } = error as NodeJS.ErrnoException
  return new RequestFailed('unreachable', code ?? message)
}

/** Resolves like everybody, and hands on only addresses that may be connected to. */
function guardedLookup(allowPrivateAddress: boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolveName(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error !== null) return callback(error, '')
      // One private address among public ones is no accident.
      const refused = addresses.find(({ address }) => isRefused(address, allowPrivateAddress))
      if (refused !== undefined) {
        return callback(new RefusedAddress(`${hostname} is ${refused.address}`), '')
      }
      if (options.all === true) return callback(null, addresses)
      const [first] = addresses
      if (first === undefined) return callback(new Error(`${hostname} has no address`), '')
      return callback(null, first.address, first.family)
    })
  }
}

const NEVER = blockList([
  // Unspecified; link-local, where clouds keep their machines' credentials; multicast and reserved.
  '0.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  'fe80::/10',
  'ff00::/8',
])

const PRIVATE = blockList([
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '::1/128',
  'fc00::/7',
  'fec0::/10',
  '2001:db8::/32',
  // These carry an IPv4 address within: translated, tunnelled.
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '2001::/32',
  '2002::/16',
])

function blockList(networks: string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address, prefix] = network.split('/') as [string, string]
    list.addSubnet(address, Number(prefix), address.includes(':') ? 'ipv6' : 'ipv4')
  }
  return list
}

/** @param address IPv4 or IPv6; an IPv4 address written as IPv6 counts as what it is */
export function isRefused(address: string, allowPrivateAddress: boolean): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  return NEVER.check(address, family) || (!allowPrivateAddress && PRIVATE.check(address, family))
}
